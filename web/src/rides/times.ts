/** Days and times on the city's clock, whatever the browser's own is. */

const parts = (at: Date, timeZone: string): Record<string, string> => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
};

/** "2026-11-22", as an input of type date takes it. */
export function cityDay(at: Date, timeZone: string): string {
  const { year, month, day } = parts(at, timeZone);
  return `${year}-${month}-${day}`;
}

/** "14:05", as an input of type time takes it. */
export function cityTime(at: Date, timeZone: string): string {
  const { hour, minute } = parts(at, timeZone);
  return `${hour}:${minute}`;
}

/** The moment at which the city's clock shows this day and time. */
export function atCityTime(day: string, time: string, timeZone: string): Date {
  if (!day || !time) return new Date(NaN);
  const asIfUtc = new Date(`${day}T${time}:00Z`);
  if (Number.isNaN(asIfUtc.getTime())) return new Date(NaN);
  const offset = (at: Date) => {
    const p = parts(at, timeZone);
    const shown = Date.parse(
      `${p['year']}-${p['month']}-${p['day']}T${p['hour']}:${p['minute']}:${p['second']}Z`,
    );
    return shown - at.getTime();
  };
  const guess = new Date(asIfUtc.getTime() - offset(asIfUtc));
  return new Date(asIfUtc.getTime() - offset(guess));
}
