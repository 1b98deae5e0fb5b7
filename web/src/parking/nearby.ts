/** Where to park near a place, the best first, with the reasons: as the city ranks it. */
import { api } from '@/api/api';
import type { Site } from '@/parking/site';
import { queryOf, type Wishes } from '@/parking/wishes';
import type { Position } from '@/shell/position';

export interface Reason {
  readonly code: string;
  readonly text: string;
}

export interface Ranked extends Site {
  readonly distance_m: number;
  readonly drive_s: number;
  readonly walk_s: number;
  readonly price: number | null;
  readonly currency: string;
  readonly chance: number;
  readonly reasons: readonly Reason[];
}

export async function askNearby(
  near: Position,
  from: Position | undefined,
  wishes: Wishes,
  signal: AbortSignal,
): Promise<Ranked[]> {
  const query = queryOf(near, from, wishes);
  return (await api.json<{ sites: Ranked[] }>('/api/v1/parking/nearby', { query, signal })).sites;
}
