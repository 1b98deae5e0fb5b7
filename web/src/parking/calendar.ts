/** Calendar rules (RFC 5545) of chosen days of the week. */
export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

export const ruleOf = (days: readonly string[]): string =>
  `FREQ=WEEKLY;BYDAY=${DAYS.filter((day) => days.includes(day)).join(',')}`;

export const daysOf = (rule: string): string[] =>
  /BYDAY=([A-Z,]+)/.exec(rule)?.[1]?.split(',') ?? [];
