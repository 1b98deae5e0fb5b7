/** "I am safe", "I need help", and the way to a shelter. */
import type { Alert } from '@/alerts/alert';
import { device } from '@/alerts/registration.svelte';
import { api } from '@/api/api';
import type { Position } from '@/shell/position';

export type Answer = 'safe' | 'need_help';

export interface Shelter {
  readonly name: string;
  readonly lon: number;
  readonly lat: number;
  readonly duration_s: number | null;
  readonly reason: string;
}

export async function answer(alert: Alert, said: Answer, at: Position | undefined): Promise<void> {
  const { code, secret } = await device.ensure();
  const place = said === 'need_help' && at ? { lon: at.lon, lat: at.lat } : {};
  await api.json(`/api/v1/alerts/${alert.id}/answers`, {
    method: 'POST',
    body: { answer: said, registration: code, ...place },
    headers: { 'X-Registration-Secret': secret },
  });
}

export async function shelters(
  alert: Alert,
  at: Position,
  profile: string | undefined,
): Promise<Shelter[]> {
  const found = await api.json<{ shelters: Shelter[] }>(`/api/v1/alerts/${alert.id}/shelters`, {
    query: { lon: at.lon, lat: at.lat, profile },
  });
  return found.shelters;
}
