/** Wall time in the city's zone, as forms write it ("2026-03-01T14:30"), and instants. */
const MINUTE_MS = 60_000;

function parts(at: Date, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

export function toWall(at: Date, zone: string): string {
  const { year, month, day, hour, minute } = parts(at, zone);
  return `${year}-${month}-${day}T${hour}:${minute}`;
}

/** The instant of a wall time; twice, because the zone's offset is that of the answer. */
export function toInstant(wall: string, zone: string): Date {
  const asUtc = Date.parse(`${wall}:00Z`);
  const offset = (at: number) => Date.parse(`${toWall(new Date(at), zone)}:00Z`) - at;
  const first = asUtc - offset(asUtc - (asUtc % MINUTE_MS));
  return new Date(asUtc - offset(first));
}

/** The next full step of minutes from a moment on. */
export function nextStep(at: Date, minutes: number): Date {
  const step = minutes * MINUTE_MS;
  return new Date(Math.ceil(at.getTime() / step) * step);
}

export const addMinutes = (at: Date, minutes: number): Date =>
  new Date(at.getTime() + minutes * MINUTE_MS);
