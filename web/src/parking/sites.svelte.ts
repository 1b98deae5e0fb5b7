/** All parking sites, live. */
import { link } from '@/live/link.svelte';
import type { Site } from '@/parking/site';
import { distanceM, type Position } from '@/shell/position';

export const sites = link.follow<Site>('parking.sites:all');

export interface Near {
  readonly site: Site;
  readonly away_m: number;
}

export function sortedFrom(list: readonly Site[], origin: Position): Near[] {
  return list
    .map((site) => ({ site, away_m: distanceM(origin, site) }))
    .sort((a, b) => a.away_m - b.away_m || a.site.id.localeCompare(b.site.id));
}
