/** One incident on the roads, as the live topic and the API tell it. */
import type { Row } from '@/live/merge';
import type { Position } from '@/shell/position';

export type Kind =
  | 'accident'
  | 'breakdown'
  | 'road_works'
  | 'closure'
  | 'flood'
  | 'ice'
  | 'debris'
  | 'event'
  | 'signals'
  | 'congestion'
  | 'other';
export type Severity = 1 | 2 | 3 | 4;

export interface Incident extends Row, Position {
  readonly kind: Kind;
  readonly severity: Severity;
  readonly description: string;
  readonly expected_until: string | null;
}

const EARTH_M = 6_371_000;

export interface Near {
  readonly incident: Incident;
  readonly away_m: number;
}

/** Those within reach, the gravest of equal nearness first. */
export function nearest(list: readonly Incident[], from: Position, reach_m: number): Near[] {
  return list
    .map((incident) => ({ incident, away_m: metresBetween(incident, from) }))
    .filter(({ away_m }) => away_m <= reach_m)
    .sort((a, b) => a.away_m - b.away_m || b.incident.severity - a.incident.severity);
}

function metresBetween(a: Position, b: Position): number {
  const radians = Math.PI / 180;
  const x = (b.lon - a.lon) * radians * Math.cos(((a.lat + b.lat) / 2) * radians);
  return Math.hypot(x, (b.lat - a.lat) * radians) * EARTH_M;
}
