/** Ways as the API gives them, and the questions that are asked. */
import type { ProfileName } from '@/account/mobility';
import { api } from '@/api/api';
import type { Position } from '@/shell/position';

export interface Step {
  readonly number: number;
  readonly kind: string;
  readonly say: string;
  readonly at_m: number;
  readonly length_m: number;
  readonly lon: number;
  readonly lat: number;
}

export interface Blocker {
  readonly code: string;
  readonly feature: string;
  readonly reason: string;
  readonly say: string;
  readonly lon: number;
  readonly lat: number;
}

export interface Hazard {
  readonly id: string;
  readonly kind: string;
  readonly at_m: number;
  readonly closes: boolean;
}

export interface Certainty {
  readonly say: string;
  readonly kerb: number;
  readonly incline: number;
  readonly width: number;
  readonly surface: number;
  readonly smoothness: number;
  readonly lit: number;
  readonly tactile: number;
}

export interface Way {
  readonly id: string;
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: number[][] };
  readonly properties: {
    readonly rank: number;
    readonly profile: ProfileName;
    readonly length_m: number;
    readonly time_s: number;
    readonly ascent_m: number | null;
    readonly descent_m: number | null;
    readonly steps: readonly Step[];
    readonly certainty: Certainty;
    readonly explanation: {
      readonly say: string;
      readonly detour_m: number;
      readonly blockers: readonly Blocker[];
    };
    readonly hazards: readonly Hazard[];
    readonly is_blocked: boolean;
    readonly say: string;
  };
}

export interface Question {
  readonly origin: Position;
  readonly destination: Position;
  readonly profile: ProfileName;
  readonly strict: boolean;
}

const BASE = '/api/v1/navigation';
const bare = ({ lon, lat }: Position) => ({ lon, lat });

export async function askForWays(question: Question): Promise<Way[]> {
  const body = {
    ...question,
    origin: bare(question.origin),
    destination: bare(question.destination),
  };
  const found = await api.json<{ features: Way[] }>(`${BASE}/routes`, { method: 'POST', body });
  return found.features;
}

/** A way again, with its words in the language of the screen. */
export const readWay = (id: string): Promise<Way> => api.json(`${BASE}/routes/${id}`);

export interface Session {
  readonly id: string;
  readonly socket: string;
}

export const openSession = (route: string): Promise<Session> =>
  api.json(`${BASE}/sessions`, { method: 'POST', body: { route } });

export interface Report extends Position {
  readonly kind: string;
  readonly description: string;
  readonly photo: File | undefined;
}

/** A report goes as a form, because of the photo. */
export async function sendReport(report: Report, key: string): Promise<void> {
  const form = new FormData();
  form.set('kind', report.kind);
  form.set('lon', String(report.lon));
  form.set('lat', String(report.lat));
  form.set('description', report.description);
  if (report.photo) form.set('photo', report.photo);
  await api.json(`${BASE}/obstacles`, { method: 'POST', form, commandKey: key });
}

export interface Anchor {
  readonly id: string;
  readonly kind: string;
  readonly at_m: number;
  readonly heading: number;
  readonly maneuver?: string;
  readonly geopose: {
    readonly position: { readonly lat: number; readonly lon: number; readonly h: number | null };
  };
}

export interface Cue {
  readonly anchor: string;
  readonly stage: string;
  readonly say: Readonly<Record<string, string>>;
}

export interface ViewWindow {
  readonly polyline: { readonly coords: number[][] };
  readonly anchors: readonly Anchor[];
  readonly cues: readonly Cue[];
  readonly window: { readonly from_m: number; readonly to_m: number };
}

export const readWindow = (route: string, from_m: number): Promise<ViewWindow> =>
  api.json(`${BASE}/routes/${route}/ar-anchors`, {
    query: { from_m: Math.max(0, Math.floor(from_m)), len: 150 },
  });
