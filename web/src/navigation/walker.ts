/** A simulated walk along a line, for the demo and for tests: it says positions as a phone would. */
import type { Position } from '@/shell/position';
import { distanceM } from '@/shell/position';

export interface Said extends Position {
  readonly accuracy_m: number;
  readonly speed_mps: number;
  readonly at_s: number;
}

const METRES_A_TICK = 6;
const ACCURACY_M = 4;

export class Walker {
  private along = 0;
  private elapsedS: number;

  constructor(
    private line: readonly (readonly number[])[],
    private readonly speed_mps: number,
    startS = Date.now() / 1000,
  ) {
    this.elapsedS = startS;
  }

  /** Another way from here. */
  turn(line: readonly (readonly number[])[]): void {
    this.line = line;
    this.along = 0;
  }

  next(): Said {
    const [lon, lat] = pointAt(this.line, this.along);
    this.along += METRES_A_TICK;
    this.elapsedS += METRES_A_TICK / this.speed_mps;
    const { speed_mps } = this;
    return { lon, lat, accuracy_m: ACCURACY_M, speed_mps, at_s: this.elapsedS };
  }
}

export function pointAt(line: readonly (readonly number[])[], metres: number): [number, number] {
  let left = metres;
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [place(line[i - 1]!), place(line[i]!)];
    const length = distanceM(a, b);
    if (left < length) {
      const share = left / length;
      return [a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat)];
    }
    left -= length;
  }
  const end = place(line[line.length - 1]!);
  return [end.lon, end.lat];
}

const place = ([lon, lat]: readonly number[]): Position => ({ lon: lon!, lat: lat! });
