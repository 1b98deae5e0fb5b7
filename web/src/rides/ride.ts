/** Rides as the API speaks of them, and what can be said of one without asking. */
import type { Names } from '@/i18n/i18n.svelte';
import type { Row } from '@/live/merge';
import type { Position } from '@/shell/position';
import type { RideWords } from '@/rides/english';

export interface Spot extends Position {
  readonly name: string;
}

export interface Party {
  seats: number;
  wheelchair_bays: number;
  pushchairs: number;
  luggage: number;
}

export type When = { kind: 'now' } | { kind: 'depart' | 'arrive'; at: Date };

export interface Wish {
  readonly from: Spot;
  readonly to: Spot;
  readonly when: When;
  readonly party: Party;
  readonly stepFree: boolean;
}

export type OfferKind = keyof RideWords['kinds'];

export interface StopShown extends Position {
  readonly code: string;
  readonly names: Names;
}

export interface Offer {
  readonly offer: string;
  readonly expires_at: string;
  readonly kinds: readonly OfferKind[];
  readonly pickup_stop: string;
  readonly dropoff_stop: string;
  readonly walk_to_m: number;
  readonly walk_from_m: number;
  readonly pickup_at: string;
  readonly pickup_from: string;
  readonly pickup_until: string;
  readonly dropoff_at: string;
  readonly dropoff_until: string;
  readonly fare: number;
  readonly currency: string;
}

export type RideState = keyof RideWords['states'];

export interface Vehicle {
  readonly code: string;
  readonly label: string;
  readonly plate: string;
  readonly lon?: number;
  readonly lat?: number;
  readonly bearing_deg?: number | null;
  readonly seen_at?: string;
}

/** A ride as its rider watches it: the row of the live topic `drt.booking:CODE`. */
export interface Ride extends Row {
  readonly state: RideState;
  readonly pickup: StopShown;
  readonly dropoff: StopShown;
  readonly pickup_from: string;
  readonly pickup_until: string;
  readonly dropoff_until: string;
  readonly eta: {
    readonly pickup_at: string | null;
    readonly dropoff_at: string | null;
    readonly give_or_take_s: number;
    readonly late_s: number;
  };
  readonly change_reason: string;
  readonly vehicle: Vehicle | null;
}

/** A ride as REST gives it; its live row has the same under other names. */
export type ToldRide = Omit<Ride, 'id' | 'eta'> & {
  readonly code: string;
  readonly pickup_at: string | null;
  readonly dropoff_at: string | null;
  readonly eta_spread_s: number;
  readonly late_s: number;
};

export function asRide(told: ToldRide): Ride {
  const { code, pickup_at, dropoff_at, eta_spread_s, late_s, ...same } = told;
  return {
    ...same,
    id: code,
    eta: { pickup_at, dropoff_at, give_or_take_s: eta_spread_s, late_s },
  };
}

export const WAITING: readonly RideState[] = ['confirmed', 'seeking', 'approaching', 'arrived'];
export const OPEN: readonly RideState[] = [...WAITING, 'onboard'];

export const isOpen = (ride: Ride): boolean => OPEN.includes(ride.state);
export const isWaiting = (ride: Ride): boolean => WAITING.includes(ride.state);

/** The moment the rider looks forward to: boarding, or once aboard the end. */
export function nextMoment(ride: Ride): string | null {
  return ride.state === 'onboard' ? ride.eta.dropoff_at : ride.eta.pickup_at;
}

export function minutesUntil(at: string, nowMs: number): number {
  return Math.max(0, Math.round((Date.parse(at) - nowMs) / 60_000));
}

/** Where the vehicle is, if it is told. */
export function lonLatOf(vehicle: Vehicle | null): Position | undefined {
  if (vehicle?.lon === undefined || vehicle.lat === undefined) return undefined;
  return { lon: vehicle.lon, lat: vehicle.lat };
}

export function reasonText(ride: Ride, words: RideWords): string {
  if (!ride.change_reason || !isOpen(ride)) return '';
  const reasons: Readonly<Record<string, string>> = words.reasons;
  return reasons[ride.change_reason] ?? '';
}
