import { describe, expect, it } from 'vitest';
import { lookOf, project, turnTo } from '@/navigation/camera';

const HERE = { lat: 37.43, lon: 127.26 };
const VIEW = { width: 400, height: 800, fovDeg: 60 };
const north = (metres: number, up = 1.4) => ({
  lat: HERE.lat + metres / 111_320,
  lon: HERE.lon,
  up,
});

describe('where the camera looks', () => {
  it.each([
    [0, 90, 0, 0, 0],
    [90, 90, 0, 270, 0],
    [270, 90, 0, 90, 0],
    [0, 120, 0, 0, 30],
    [180, 60, 0, 180, -30],
  ])('alpha %d, beta %d, gamma %d: heading %d, pitch %d', (a, b, g, heading, pitch) => {
    const look = lookOf(a, b, g);
    expect(Math.abs(turnTo(look.heading, heading))).toBeLessThan(1e-6);
    expect(look.pitch).toBeCloseTo(pitch, 6);
  });

  it('flat on a table it looks down', () => {
    expect(lookOf(0, 0, 0).pitch).toBeCloseTo(-90, 6);
  });
});

describe('what the picture shows', () => {
  it('what lies straight ahead at eye height is in the middle', () => {
    const seen = project(HERE, { heading: 0, pitch: 0 }, north(20), VIEW)!;
    expect(seen.x).toBeCloseTo(0.5, 6);
    expect(seen.y).toBeCloseTo(0.5, 6);
    expect(seen.distance_m).toBeCloseTo(20, 3);
  });

  it('the edge of the picture is half the field of view away', () => {
    expect(project(HERE, { heading: -30, pitch: 0 }, north(20), VIEW)!.x).toBeCloseTo(1, 6);
    expect(project(HERE, { heading: 30, pitch: 0 }, north(20), VIEW)!.x).toBeCloseTo(0, 6);
  });

  it('the ground lies in the lower half, and nearer is lower', () => {
    const look = { heading: 0, pitch: 0 };
    const [near, far] = [
      project(HERE, look, north(4, 0), VIEW)!,
      project(HERE, look, north(40, 0), VIEW)!,
    ];
    expect(near.y).toBeGreaterThan(far.y);
    expect(far.y).toBeGreaterThan(0.5);
  });

  it('what is behind is not seen', () => {
    expect(project(HERE, { heading: 180, pitch: 0 }, north(20), VIEW)).toBeUndefined();
  });
});

describe('turning', () => {
  it.each([
    [350, 10, 20],
    [10, 350, -20],
    [0, 180, 180],
  ])('from %d to %d is %d', (from, to, turn) => expect(turnTo(from, to)).toBe(turn));
});
