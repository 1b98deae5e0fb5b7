/** What a driver's screen asks and says. */
import { api } from '@/api/api';
import type { Row } from '@/live/merge';
import type { StopShown } from '@/rides/ride';
import type { RideWords } from '@/rides/english';

const ROOT = '/api/v1/drt/driver/shifts';

export type Duty = keyof RideWords['driver']['duty'];
export type Act = 'arrived' | 'boarded' | 'no_show' | 'alighted' | 'break';

export interface Call {
  readonly id: string;
  readonly act: 'pickup' | 'dropoff' | 'break';
  readonly place: string;
  readonly at: string;
  readonly latest_at: string;
}

export interface Passenger {
  readonly booking: string;
  readonly state: string;
  readonly name: string;
  readonly seats: number;
  readonly wheelchair_bays: number;
  readonly pushchairs: number;
  readonly note: string;
  readonly pickup: StopShown;
  readonly dropoff: StopShown;
}

/** The row of the live topic `drt.shift:CODE`. */
export interface Plan extends Row {
  readonly duty: Duty;
  readonly stops: readonly Call[];
  readonly leave_at: string | null;
  readonly wait_at: string | null;
}

export interface Shift {
  readonly code: string;
  readonly vehicle: string;
  readonly plate: string;
  readonly duty: Duty;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly version: number;
  readonly acknowledged_version: number;
  readonly leave_at: string | null;
  readonly wait_at: string | null;
  readonly stops: readonly Call[];
  readonly passengers: readonly Passenger[];
}

export interface Fix {
  readonly lon: number;
  readonly lat: number;
  readonly recorded_at: string;
  readonly bearing_deg: number | null;
  readonly speed_mps: number | null;
}

export const myShifts = (): Promise<Shift[]> => api.json<Shift[]>(ROOT);
export const shiftOf = (code: string): Promise<Shift> => api.json<Shift>(`${ROOT}/${code}`);

export function changeDuty(
  code: string,
  to: 'start' | 'pause' | 'end' | 'breakdown',
): Promise<void> {
  const commandKey = crypto.randomUUID();
  return api.json(`${ROOT}/${code}/${to}`, { method: 'POST', commandKey });
}

export function acknowledge(code: string, version: number): Promise<void> {
  return api.json(`${ROOT}/${code}/acknowledge`, { method: 'POST', body: { version } });
}

export function reportAct(code: string, body: object, commandKey: string): Promise<void> {
  return api.json(`${ROOT}/${code}/acts`, { method: 'POST', body, commandKey });
}

export function reportPositions(code: string, positions: readonly Fix[]): Promise<void> {
  return api.json(`${ROOT}/${code}/positions`, { method: 'POST', body: { positions } });
}

export const asPlan = (shift: Shift): Plan => ({
  id: shift.code,
  version: shift.version,
  duty: shift.duty,
  stops: shift.stops,
  leave_at: shift.leave_at,
  wait_at: shift.wait_at,
});
