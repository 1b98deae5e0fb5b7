/** What is said of a parking site: one place, so that list, sheet, map and screen reader agree. */
import { formatAge } from '@/i18n/format';
import type { Catalogue } from '@/i18n/english';
import {
  hasNumber,
  isCurrent,
  observedSecondsAgo,
  type Moment,
  type Pool,
  type Site,
} from '@/parking/site';

type Words = Catalogue['parking'];

/** The number while there is one worth a number; the word for it in every other case. */
export function markText(site: Site, words: Words): string {
  if (site.state === 'closed') return words.markerClosed;
  if (site.free === null) return words.markerUnknown;
  return site.free === 0 ? words.markerFull : String(site.free);
}

export function ageText(site: Site, nowMs: number, locale: string, words: Words): string {
  const seconds = observedSecondsAgo(site, nowMs);
  return seconds === undefined ? words.never : formatAge(seconds, locale);
}

/** "142 of 320 spaces free" now; "142 free 3 minutes ago" where it may no longer be so. */
export function sentence(site: Site, moment: Moment, locale: string, words: Words): string {
  if (!hasNumber(site)) return words.states[site.state];
  const free = site.free ?? 0;
  if (!isCurrent(site, moment)) {
    return words.wereFree(free, ageText(site, moment.nowMs, locale, words));
  }
  return free === 0 ? words.states.full : words.freeOf(free, site.capacity);
}

const ORDER = ['general', 'accessible', 'family', 'ev', 'compact', 'loading', 'resident'];
const rank = (category: string): number => ORDER.indexOf(category) + 1 || ORDER.length + 1;

/** The pools as people look for them: everybody's first. */
export function inOrder(pools: readonly Pool[]): Pool[] {
  return [...pools].sort((a, b) => rank(a.category) - rank(b.category));
}

export function kindName(site: Site, words: Words): string {
  return words.kinds[site.kind as keyof typeof words.kinds] ?? words.kinds.other;
}

export function categoryName(category: string, words: Words): string {
  return words.poolKinds[category as keyof typeof words.poolKinds] ?? words.poolKinds.other;
}
