/** Money: whole numbers of the currency's smallest unit, written as people write it. */
const HABITS: Record<string, string> = { ko: 'ko-KR', en: 'en-GB' };

export function formatMoney(minor: number, currency: string, locale: string): string {
  const format = new Intl.NumberFormat(HABITS[locale] ?? locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(minor / 10 ** digits);
}
