/** Asking the city's geocoder. */
import { api } from '@/api/api';
import type { Names } from '@/i18n/i18n.svelte';
import type { Position } from '@/shell/position';

export interface Hit extends Position {
  readonly kind: 'place' | 'street' | 'district' | 'address' | 'corner';
  readonly code: string;
  readonly place_kind: string;
  readonly names: Names;
  readonly number: string;
  readonly district: { readonly names: Names } | null;
  readonly distance_m: number | null;
}

export async function search(q: string, near: Position, signal: AbortSignal): Promise<Hit[]> {
  const query = { q, lat: near.lat.toFixed(5), lon: near.lon.toFixed(5) };
  const found = await api.json<{ results: Hit[] }>('/api/v1/city/search', { query, signal });
  return found.results;
}
