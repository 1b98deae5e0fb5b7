/** Ages, distances and times as people read them. */

/** Whose habits a language's numbers and times follow here. */
const HABITS: Record<string, string> = { ko: 'ko-KR', en: 'en-GB' };
const habits = (locale: string): string => HABITS[locale] ?? locale;

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;
const JUST_NOW_S = 10;

const JUST_NOW: Record<string, string> = { ko: '방금 전', en: 'just now' };

/** "2분 전", "2 minutes ago"; what lies ahead (a clock a little off) is "just now". */
export function formatAge(seconds: number, locale: string): string {
  if (seconds < JUST_NOW_S) return JUST_NOW[locale] ?? JUST_NOW['en']!;
  const format = new Intl.RelativeTimeFormat(habits(locale), { numeric: 'always', style: 'short' });
  if (seconds < MINUTE_S) return format.format(-Math.floor(seconds / 10) * 10, 'second');
  if (seconds < HOUR_S) return format.format(-Math.floor(seconds / MINUTE_S), 'minute');
  if (seconds < DAY_S) return format.format(-Math.floor(seconds / HOUR_S), 'hour');
  return format.format(-Math.floor(seconds / DAY_S), 'day');
}

/** "350 m", "1.2 km": tens of metres below a kilometre, nobody walks more exactly. */
export function formatDistance(metres: number, locale: string): string {
  const near = metres < 995;
  return new Intl.NumberFormat(habits(locale), {
    style: 'unit',
    unit: near ? 'meter' : 'kilometer',
    maximumFractionDigits: near || metres >= 10_000 ? 0 : 1,
  }).format(near ? Math.round(metres / 10) * 10 : metres / 1000);
}

/** "2.7": as many digits after the point as told, no fewer. */
export function formatNumber(value: number, locale: string, digits: number): string {
  const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(habits(locale), exactly).format(value);
}

/** "2.3 m": a measure, not a distance. */
export function formatMetres(metres: number, locale: string): string {
  return new Intl.NumberFormat(habits(locale), { style: 'unit', unit: 'meter' }).format(metres);
}

/** A moment on the city's clock: "14:05", with the date if it was another day. */
export function formatMoment(at: Date, now: Date, locale: string, timeZone: string): string {
  const day = (moment: Date) => moment.toLocaleDateString('en-CA', { timeZone });
  const time = { hour: '2-digit', minute: '2-digit', timeZone } as const;
  return day(at) === day(now)
    ? at.toLocaleTimeString(habits(locale), time)
    : at.toLocaleString(habits(locale), { month: 'short', day: 'numeric', ...time });
}
