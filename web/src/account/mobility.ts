/** How the person moves: kept only with their consent, in the words that are in force. */
import { api } from '@/api/api';
import { ApiProblem } from '@/api/problem';

export const PROFILES = [
  'foot',
  'walker_elderly',
  'wheelchair_manual',
  'wheelchair_powered',
  'wheelchair_assisted',
  'pushchair',
  'blind_cane',
  'low_vision',
  'deaf',
] as const;
export type ProfileName = (typeof PROFILES)[number];

export interface Purpose {
  readonly purpose: string;
  readonly title: string;
  readonly text: string;
  readonly version: string;
}

export interface Profile {
  readonly base: ProfileName;
  readonly limits: Readonly<Record<string, unknown>>;
}

const BASE = '/api/v1/accounts';
const PURPOSE = 'mobility-profile';

export async function readProfile(): Promise<Profile | undefined> {
  try {
    return await api.json<Profile>(`${BASE}/me/mobility-profile`);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

export async function readPurpose(): Promise<Purpose | undefined> {
  const asked = await api.json<Purpose[]>(`${BASE}/consent-purposes`);
  return asked.find(({ purpose }) => purpose === PURPOSE);
}

/** The person has read the wording and agrees; then the profile is kept. Safe to repeat. */
export async function keepProfile(
  base: ProfileName,
  agreed: Purpose | undefined,
): Promise<Profile> {
  if (agreed) {
    const body = { purpose: agreed.purpose, text_version: agreed.version };
    await api.json(`${BASE}/me/consents`, { method: 'POST', body });
  }
  return api.json<Profile>(`${BASE}/me/mobility-profile`, { method: 'PUT', body: { base } });
}

/** Taking the consent back lets go of the profile, too. */
export function forgetProfile(): Promise<void> {
  return api.json(`${BASE}/me/consents/${PURPOSE}`, { method: 'DELETE' });
}
