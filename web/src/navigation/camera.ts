/**
 * Where things of the way lie in the camera's picture.
 *
 * A device's orientation comes as the angles of the W3C's DeviceOrientation Event (alpha about z,
 * beta about x, gamma about y; the frame's x points east, y north). The camera looks along the
 * device's -z. The picture is a pinhole's: what lies ahead is in its middle.
 */
import type { Position } from '@/shell/position';

export interface Look {
  /** Degrees clockwise from north. */
  readonly heading: number;
  /** Degrees above the horizon. */
  readonly pitch: number;
}

export interface Spot extends Position {
  /** Metres above where the person stands. */
  readonly up: number;
}

export interface Seen {
  /** Shares of the picture's width and height, from the top left; outside 0…1 is out of sight. */
  readonly x: number;
  readonly y: number;
  readonly distance_m: number;
}

const EYE_M = 1.4;
const RADIANS = Math.PI / 180;
const M_PER_DEGREE = 111_320;

/** Where the camera looks. */
export function lookOf(alpha: number, beta: number, gamma: number): Look {
  const [a, b, g] = [alpha * RADIANS, beta * RADIANS, gamma * RADIANS];
  const east = -Math.cos(a) * Math.sin(g) - Math.sin(a) * Math.sin(b) * Math.cos(g);
  const north = -Math.sin(a) * Math.sin(g) + Math.cos(a) * Math.sin(b) * Math.cos(g);
  const up = -Math.cos(b) * Math.cos(g);
  const heading = (Math.atan2(east, north) / RADIANS + 360) % 360;
  return { heading, pitch: Math.asin(Math.min(1, Math.max(-1, up))) / RADIANS };
}

/** Signed difference of two headings, in (-180, 180]; positive is to the right. */
export function turnTo(from: number, to: number): number {
  const turn = (((to - from) % 360) + 360) % 360;
  return turn > 180 ? turn - 360 : turn;
}

export function bearingOf(from: Position, to: Position): { bearing: number; distance_m: number } {
  const north = (to.lat - from.lat) * M_PER_DEGREE;
  const east = (to.lon - from.lon) * M_PER_DEGREE * Math.cos(from.lat * RADIANS);
  const bearing = (Math.atan2(east, north) / RADIANS + 360) % 360;
  return { bearing, distance_m: Math.hypot(north, east) };
}

/** Where a spot is seen; undefined behind the camera. */
export function project(
  from: Position,
  look: Look,
  spot: Spot,
  view: { width: number; height: number; fovDeg: number },
): Seen | undefined {
  const { bearing, distance_m } = bearingOf(from, spot);
  const turn = turnTo(look.heading, bearing);
  if (Math.abs(turn) >= 80) return undefined;
  const reach = Math.max(distance_m * Math.cos(turn * RADIANS), 0.5);
  const focal = 0.5 / Math.tan((view.fovDeg / 2) * RADIANS);
  const rise = Math.atan2(spot.up - EYE_M, reach) - look.pitch * RADIANS;
  if (Math.abs(rise) >= 80 * RADIANS) return undefined;
  const x = 0.5 + focal * Math.tan(turn * RADIANS);
  const y = 0.5 - focal * (view.width / view.height) * Math.tan(rise);
  return { x, y, distance_m };
}
