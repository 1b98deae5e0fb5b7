/** The areas of the app, in the order of the menu. A new area is one line here and its screen. */
import type { Catalogue } from '@/i18n/english';
import type { Area, Route } from '@/shell/route';
import type { IconName } from '@/ui/icons';

export interface AreaEntry {
  readonly area: Area & keyof Catalogue['areas'];
  readonly icon: IconName;
  readonly home: Route;
}

export const AREAS: readonly AreaEntry[] = [
  { area: 'map', icon: 'map', home: { area: 'map' } },
  { area: 'ways', icon: 'way', home: { area: 'ways' } },
  { area: 'parking', icon: 'parking', home: { area: 'parking' } },
  { area: 'rides', icon: 'ride', home: { area: 'rides' } },
  { area: 'reports', icon: 'report', home: { area: 'reports' } },
  { area: 'chat', icon: 'chat', home: { area: 'chat' } },
  { area: 'me', icon: 'me', home: { area: 'me' } },
];
