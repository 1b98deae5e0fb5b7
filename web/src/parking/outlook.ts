/** What will be free, the chance on arrival, and whom the present number comes from. */
import { api } from '@/api/api';
import type { Outlook } from '@/parking/curve';

export interface Arrival {
  readonly chance: number;
  readonly expected_free: number | null;
  readonly low_free: number | null;
  readonly high_free: number | null;
  readonly by: 'forecast' | 'chain' | 'nothing';
}

export interface Evidence {
  readonly gateway: string;
  readonly datastream: string;
  readonly role: string;
  readonly result: number | null;
  readonly total: number | null;
  readonly observed_at: string | null;
  readonly trust: number;
  readonly excluded: string | null;
  readonly alarm: string | null;
}

export interface Tariff {
  readonly category: string;
  readonly currency: string;
  readonly examples: readonly { readonly minutes: number; readonly price: number }[];
}

const site = (id: string): string => `/api/v1/parking/sites/${encodeURIComponent(id)}`;

export const askOutlook = (id: string): Promise<Outlook[]> => api.json(`${site(id)}/outlook`);

export const askEvidence = (id: string): Promise<Evidence[]> => api.json(`${site(id)}/evidence`);

export const askTariff = (id: string): Promise<Tariff[]> => api.json(`${site(id)}/tariff`);

export function askArrival(id: string, category: string, minutes: number): Promise<Arrival> {
  return api.json(`${site(id)}/arrival`, { query: { category, after_min: minutes } });
}

export interface OnTheWay {
  readonly code: string;
}

export function setOut(id: string, category: string, minutes: number): Promise<OnTheWay> {
  const body = { category, after_min: minutes };
  return api.json(`${site(id)}/guidance`, { method: 'POST', body });
}

export const turnBack = ({ code }: OnTheWay): Promise<void> =>
  api.json(`/api/v1/parking/guidance/${code}`, { method: 'DELETE' });

export function report(id: string, category: string, says: 'full' | 'free'): Promise<unknown> {
  return api.json(`${site(id)}/reports`, { method: 'POST', body: { category, says } });
}
