/** Reports as the public API speaks of them. */
import { api } from '@/api/api';
import type { Names } from '@/i18n/i18n.svelte';
import type { Position } from '@/shell/position';

const BASE = '/api/v1/complaints';

export interface Choice {
  readonly key: string;
  readonly names: Names;
}

export interface Attribute {
  readonly code: string;
  readonly names: Names;
  readonly hints: Names;
  readonly datatype: string;
  readonly required: boolean;
  readonly values: readonly Choice[];
}

export interface Service {
  readonly service_code: string;
  readonly names: Names;
  readonly descriptions: Names;
  readonly group_names: Names;
  readonly needs_place: boolean;
  readonly attributes: readonly Attribute[];
}

export interface Complaint {
  readonly number: string;
  readonly service_code: string;
  readonly service_names: Names;
  readonly state: string;
  readonly status: 'open' | 'closed';
  readonly status_notes: string;
  readonly description: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly address: string;
  readonly requested_at: string;
  readonly expected_at: string | null;
  readonly photos: readonly string[];
}

export interface WholeComplaint extends Complaint {
  readonly department_names: Names;
  readonly duplicate_of: string | null;
  readonly history: readonly { at: string; state: string; public_note: string }[];
  readonly mine: boolean;
  readonly may_reopen: boolean;
  readonly may_withdraw: boolean;
  readonly follows: boolean;
}

export interface Filed extends WholeComplaint {
  readonly secret: string;
  readonly emergency_number: string;
}

export interface Similar extends Complaint {
  readonly distance_m: number | null;
  readonly likeness: number;
}

export interface Preview {
  readonly danger: string;
  readonly emergency_number: string;
  readonly suggestions: readonly { service_code: string; names: Names; probability: number }[];
  readonly similar: readonly Similar[];
}

export interface Photo {
  readonly token: string;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly taken_at: string | null;
}

export interface Report {
  service_code: string;
  description: string;
  lat: number | null;
  lon: number | null;
  address: string;
  answers: Record<string, unknown>;
  photos: string[];
}

interface Page<T> {
  readonly results: T[];
}

export const services = () => api.json<Service[]>(`${BASE}/services`);

export async function mine(): Promise<Complaint[]> {
  return (await api.json<Page<Complaint>>(`${BASE}/mine`)).results;
}

export async function around(at: Position, withinM = 1000): Promise<Complaint[]> {
  const query = { near: `${at.lat},${at.lon}`, within_m: withinM, status: 'open', page_size: 30 };
  return (await api.json<Page<Complaint>>(`${BASE}/requests`, { query })).results;
}

export const preview = (report: Report, signal?: AbortSignal) =>
  api.json<Preview>(`${BASE}/preview`, {
    method: 'POST',
    body: report,
    ...(signal ? { signal } : {}),
  });

export function takePhoto(file: File): Promise<Photo> {
  const form = new FormData();
  form.append('photo', file);
  return api.json<Photo>(`${BASE}/photos`, { method: 'POST', form });
}

export const file = (report: Report, commandKey: string) =>
  api.json<Filed>(`${BASE}/requests`, { method: 'POST', body: report, commandKey });

const path = (number: string) => `${BASE}/requests/${encodeURIComponent(number)}`;
const secretHeader = (secret: string | undefined) =>
  secret ? { headers: { 'X-Complaint-Secret': secret } } : {};

export const find = (number: string, secret?: string) =>
  api.json<WholeComplaint>(path(number), secretHeader(secret));

export const act = (
  number: string,
  what: 'withdraw' | 'reopen' | 'feedback' | 'words' | 'subscription',
  body: unknown,
  secret?: string,
) =>
  api.json<WholeComplaint>(`${path(number)}/${what}`, {
    method: 'POST',
    body,
    commandKey: crypto.randomUUID(),
    ...secretHeader(secret),
  });

export const unfollow = (number: string) =>
  api.json<WholeComplaint>(`${path(number)}/subscription`, { method: 'DELETE' });

export const photo = (from: string, secret?: string) => api.blob(from, secretHeader(secret));
