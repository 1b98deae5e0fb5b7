/** An alert as the API tells it, and what follows from it here. No screen, no clock of its own. */
import type { Row } from '@/live/merge';
import type { Position } from '@/shell/position';

export type Severity = 'Extreme' | 'Severe' | 'Moderate' | 'Minor' | 'Unknown';

export interface Words {
  readonly headline: string;
  readonly description: string;
  readonly instruction: string;
}

export interface Alert extends Row {
  readonly kind: string;
  readonly number: number;
  readonly step: 'alert' | 'update' | 'all_clear' | 'cancel';
  readonly severity: Severity;
  readonly texts: Readonly<Record<string, Words>>;
  readonly geometry: GeoJSON.MultiPolygon;
  readonly expires_at: string;
}

const RANK: Readonly<Record<Severity, number>> = {
  Extreme: 4,
  Severe: 3,
  Moderate: 2,
  Minor: 1,
  Unknown: 0,
};

export function isOver(alert: Alert): boolean {
  return alert.step === 'all_clear' || alert.step === 'cancel';
}

export function isLoud(alert: Alert): boolean {
  return !isOver(alert) && RANK[alert.severity] >= RANK.Severe;
}

export function wordsIn(alert: Alert, locale: string): Words {
  const language = locale.split('-')[0] ?? '';
  const found = alert.texts[language] ?? alert.texts['en'] ?? Object.values(alert.texts)[0];
  return found ?? { headline: '', description: '', instruction: '' };
}

/** Even-odd rule on every ring; a point on an edge may fall either way. */
export function covers(area: GeoJSON.MultiPolygon, at: Position): boolean {
  return area.coordinates.some(([outer]) => outer !== undefined && isInside(outer, at));
}

function isInside(ring: GeoJSON.Position[], { lon, lat }: Position): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1 = 0, y1 = 0] = ring[i] ?? [];
    const [x2 = 0, y2 = 0] = ring[j] ?? [];
    const crosses = y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1;
    if (crosses) inside = !inside;
  }
  return inside;
}

/** Those in force first, then where one is, then the more severe, then the newer. */
export function sorted(list: readonly Alert[], here: Position | undefined): Alert[] {
  const weight = (alert: Alert): number =>
    (isOver(alert) ? 0 : 100) +
    (here && covers(alert.geometry, here) ? 10 : 0) +
    RANK[alert.severity];
  return [...list].sort((a, b) => weight(b) - weight(a) || b.version - a.version);
}

export function boundsOf(area: GeoJSON.MultiPolygon): { lat: number; lon: number } {
  const points = area.coordinates.flatMap((polygon) => polygon[0] ?? []);
  const lons = points.map(([lon = 0]) => lon);
  const lats = points.map((point) => point[1] ?? 0);
  return {
    lon: (Math.min(...lons) + Math.max(...lons)) / 2,
    lat: (Math.min(...lats) + Math.max(...lats)) / 2,
  };
}
