/** Gauges and flooded places in words. */
import type { Catalogue } from '@/i18n/english';
import { formatNumber } from '@/i18n/format';
import { isForeseen, isKnown, trendOf, type Gauge } from '@/water/gauge';

type Words = Catalogue['water'];

const UNITS: Readonly<Record<string, string>> = { 'm3/s': 'm³/s' };
const ARROWS = { rising: ' ▲', falling: ' ▼', steady: '' } as const;

export function valueText(gauge: Gauge, locale: string): string {
  if (!isKnown(gauge)) return '?';
  const digits = gauge.kind === 'depth' ? 2 : 1;
  return `${formatNumber(gauge.value ?? 0, locale, digits)} ${UNITS[gauge.unit] ?? gauge.unit}`;
}

/** As short as a mark on the map. */
export const markText = (gauge: Gauge, locale: string): string =>
  `${valueText(gauge, locale)}${ARROWS[trendOf(gauge)]}`;

/** "above the alarm level · rising · 82 % above alarm level soon" */
export function stateText(gauge: Gauge, words: Words): string {
  if (!isKnown(gauge)) return words.notKnown;
  const parts = [gauge.level ? words.levels[gauge.level] : words.usual];
  const trend = trendOf(gauge);
  if (trend !== 'steady') parts.push(words.trends[trend]);
  if (isForeseen(gauge)) parts.push(words.chance(Math.round(100 * (gauge.probability ?? 0))));
  return parts.join(' · ');
}
