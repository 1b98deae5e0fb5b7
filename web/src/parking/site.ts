/** A parking site as the live topic shows it, and what may be said of it. */
import type { Names } from '@/i18n/i18n.svelte';
import type { Row } from '@/live/merge';

export type Quality = 'live' | 'stale' | 'unknown';
export type State = 'free' | 'few' | 'full' | 'closed' | 'unknown';

export interface Pool {
  readonly category: string;
  readonly total: number;
  readonly free: number | null;
}

export interface Site extends Row {
  readonly names: Names;
  readonly lat: number;
  readonly lon: number;
  readonly kind: string;
  readonly covered: boolean;
  readonly max_height_m: number | null;
  /** Nobody has surveyed where it is. */
  readonly approximate: boolean;
  readonly capacity: number;
  readonly free: number | null;
  readonly state: State;
  readonly quality: Quality;
  /** From 0 to 1, how sure the number is; null without one. */
  readonly confidence: number | null;
  readonly observed_at: string | null;
  readonly fresh_until: string | null;
  readonly pools: readonly Pool[];
}

/** How well a number may be believed at a moment. */
export interface Moment {
  /** The city's clock, in milliseconds since 1970. */
  readonly nowMs: number;
  readonly linkIsLive: boolean;
}

/** Is there a number at all, be it an old one? */
export const hasNumber = (site: Site): boolean => site.free !== null && site.state !== 'closed';

/**
 * May the number be shown as the present one? Only over a live connection, and only as long as its
 * sensor's word holds: the row says until when, and nobody may tell us when that has passed.
 */
export function isCurrent(site: Site, { nowMs, linkIsLive }: Moment): boolean {
  if (!linkIsLive || site.quality !== 'live') return false;
  return site.fresh_until === null || nowMs <= Date.parse(site.fresh_until);
}

/** The quality as of now, where the row's own has run out since it came. */
export function qualityAt(site: Site, moment: Moment): Quality {
  return site.quality === 'live' && !isCurrent(site, moment) ? 'stale' : site.quality;
}

export function observedSecondsAgo(site: Site, nowMs: number): number | undefined {
  if (site.observed_at === null) return undefined;
  return Math.max(0, (nowMs - Date.parse(site.observed_at)) / 1000);
}
