/** What a driver asks of a space, and how the ranking is asked for it. */
import type { Position } from '@/shell/position';

export interface Wishes {
  readonly order: 'cost' | 'distance';
  readonly accessible: boolean;
  readonly ev: boolean;
  readonly covered: boolean;
  readonly isHigh: boolean;
}

export const NO_WISHES: Wishes = {
  order: 'cost',
  accessible: false,
  ev: false,
  covered: false,
  isHigh: false,
};

const HIGH_M = 2.2;
const LIMIT = 20;

export function queryOf(
  near: Position,
  from: Position | undefined,
  wishes: Wishes,
): Record<string, string | number | undefined> {
  return {
    lat: near.lat.toFixed(6),
    lon: near.lon.toFixed(6),
    from_lat: from?.lat.toFixed(6),
    from_lon: from?.lon.toFixed(6),
    limit: LIMIT,
    order: wishes.order,
    accessible: wishes.accessible ? 'true' : undefined,
    ev: wishes.ev && !wishes.accessible ? 'true' : undefined,
    covered: wishes.covered ? 'true' : undefined,
    height_m: wishes.isHigh ? HIGH_M : undefined,
  };
}
