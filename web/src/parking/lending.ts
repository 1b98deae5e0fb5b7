/** Lending one's bay by a calendar rule, and what it earned. */
import { api } from '@/api/api';

export interface BayRight {
  readonly bay: string;
  readonly site: string;
}

export interface Offer {
  readonly code: string;
  readonly bay: string;
  readonly rule: string;
  readonly opens: string;
  readonly lasts_min: number;
}

export interface Span {
  readonly starts_at: string;
  readonly ends_at: string;
}

export interface Terms {
  readonly bay: string;
  readonly first_on: string;
  readonly rule: string;
  readonly opens: string;
  readonly lasts_min: number;
  readonly step_price: number;
}

export interface Balance {
  readonly currency: string;
  readonly owed: number;
}

const OFFERS = '/api/v1/parking/shared-offers';
export async function myBays(): Promise<BayRight[]> {
  return (await api.json<{ results: BayRight[] }>('/api/v1/parking/bay-rights')).results;
}

export async function myOffers(): Promise<Offer[]> {
  return (await api.json<{ results: Offer[] }>(OFFERS)).results;
}

export function lend(terms: Terms): Promise<Offer> {
  return api.json(OFFERS, { method: 'POST', body: terms, commandKey: crypto.randomUUID() });
}

export const withdraw = (code: string): Promise<void> =>
  api.json(`${OFFERS}/${code}`, { method: 'DELETE' });

export const openings = (code: string): Promise<Span[]> => api.json(`${OFFERS}/${code}/openings`);

export function recall(code: string, from: Date, until: Date) {
  return api.json<{ moved: number; cancelled: number }>(`${OFFERS}/${code}/recalls`, {
    method: 'POST',
    body: { starts_at: from, ends_at: until },
    commandKey: crypto.randomUUID(),
  });
}

export async function earned(): Promise<readonly Balance[]> {
  return (await api.json<{ balances: Balance[] }>('/api/v1/parking/ledger/me')).balances;
}
