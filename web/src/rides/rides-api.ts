/** What the app asks the rides' part of the API. */
import { api } from '@/api/api';
import {
  asRide,
  type Offer,
  type Ride,
  type Spot,
  type StopShown,
  type ToldRide,
  type Wish,
} from '@/rides/ride';

const ROOT = '/api/v1/drt';

export interface Quote {
  readonly offers: readonly Offer[];
}

function end(spot: Spot): { lon: number; lat: number; name: string } {
  return { lon: spot.lon, lat: spot.lat, name: spot.name };
}

export function askForRides(wish: Wish, now: Date): Promise<Quote> {
  const at = (wish.when.kind === 'now' ? now : wish.when.at).toISOString();
  const body = {
    origin: end(wish.from),
    destination: end(wish.to),
    ...(wish.when.kind === 'arrive' ? { arrive_by: at } : { depart_after: at }),
    party: wish.party,
    step_free: wish.stepFree,
  };
  return api.json<Quote>(`${ROOT}/quotes`, {
    method: 'POST',
    body,
    commandKey: crypto.randomUUID(),
  });
}

export async function takeOffer(offer: Offer, commandKey: string): Promise<Ride> {
  const body = { offer: offer.offer };
  return asRide(await api.json<ToldRide>(`${ROOT}/bookings`, { method: 'POST', body, commandKey }));
}

export async function myRides(): Promise<Ride[]> {
  const found = await api.json<{ results: ToldRide[] }>(`${ROOT}/bookings`);
  return found.results.map(asRide);
}

export async function rideOf(code: string): Promise<Ride> {
  return asRide(await api.json<ToldRide>(`${ROOT}/bookings/${code}`));
}

export function allStops(): Promise<StopShown[]> {
  return api.json<StopShown[]>(`${ROOT}/stops`);
}

export function giveUp(code: string): Promise<{ late: boolean }> {
  const commandKey = `cancel-${code}`;
  return api.json(`${ROOT}/bookings/${code}/cancel`, { method: 'POST', commandKey });
}
