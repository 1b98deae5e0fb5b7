/** Quotes and bookings: the city's words, and the commands, each safe to repeat. */
import { api } from '@/api/api';
import type { Names } from '@/i18n/i18n.svelte';
import type { BookingState } from '@/parking/booking-state';

export interface Line {
  readonly code: string;
  readonly amount: number;
  readonly text: string;
}

export interface Quote {
  readonly quote: string;
  readonly expires_at: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly price: number;
  readonly currency: string;
  readonly free_spaces: number;
  readonly lines: readonly Line[];
}

export interface Booking {
  readonly code: string;
  readonly state: BookingState;
  readonly site: string;
  readonly names: Names;
  readonly category: string;
  readonly bay: string | null;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly expires_at: string | null;
  readonly plate: string;
  readonly price: number;
  readonly currency: string;
  readonly lines: readonly Line[];
}

export interface Extension {
  readonly quote: string;
  readonly ends_at: string;
  readonly extra: number;
  readonly currency: string;
}

const QUOTES = '/api/v1/parking/quotes';
const BOOKINGS = '/api/v1/parking/reservations';
const newKey = (): string => crypto.randomUUID();

export interface Ask {
  readonly site: string;
  readonly category: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
}

export function askQuote(ask: Ask): Promise<Quote> {
  return api.json(QUOTES, { method: 'POST', body: ask });
}

/** One attempt of the person: the key stays the same however often it is sent. */
export class Attempt {
  private readonly key = newKey();

  hold(quote: Quote, plate: string): Promise<Booking> {
    return this.post('', { quote: quote.quote, plate });
  }

  confirm(code: string, method: string): Promise<Booking> {
    return this.post(`/${code}/confirm`, { payment_method: method });
  }

  extend(code: string, extension: Extension, method: string): Promise<Booking> {
    return this.post(`/${code}/extend`, { quote: extension.quote, payment_method: method });
  }

  cancel(code: string): Promise<{ fee: number }> {
    return this.post(`/${code}/cancel`, undefined);
  }

  private post<T>(path: string, body: unknown): Promise<T> {
    return api.json<T>(BOOKINGS + path, { method: 'POST', body, commandKey: this.key });
  }
}

export async function myBookings(): Promise<Booking[]> {
  return (await api.json<{ results: Booking[] }>(BOOKINGS)).results;
}

export const start = (code: string): Promise<Booking> =>
  api.json(`${BOOKINGS}/${code}/start`, { method: 'POST' });

export const end = (code: string): Promise<Booking> =>
  api.json(`${BOOKINGS}/${code}/end`, { method: 'POST' });

export function askExtension(code: string, endsAt: Date): Promise<Extension> {
  const body = { ends_at: endsAt };
  return api.json(`${BOOKINGS}/${code}/extension-quote`, { method: 'POST', body });
}
