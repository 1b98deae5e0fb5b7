import { describe, expect, it } from 'vitest';
import { pointAt, Walker } from '@/navigation/walker';
import { distanceM } from '@/shell/position';

const LINE = [
  [127.26, 37.43],
  [127.261, 37.43],
  [127.261, 37.431],
];

describe('a simulated walk', () => {
  it('starts at the start, ends at the end and stays there', () => {
    expect(pointAt(LINE, 0)).toEqual([127.26, 37.43]);
    expect(pointAt(LINE, 1e6)).toEqual([127.261, 37.431]);
  });

  it('goes on at its speed', () => {
    const walker = new Walker(LINE, 2, 100);
    const [first, second] = [walker.next(), walker.next()];
    const metres = distanceM(first, second);
    expect((second.at_s - first.at_s) * 2).toBeCloseTo(metres, 0);
  });

  it('turns into another way at its beginning', () => {
    const walker = new Walker(LINE, 1, 0);
    walker.next();
    walker.turn([
      [127.27, 37.44],
      [127.28, 37.44],
    ]);
    expect(walker.next()).toMatchObject({ lon: 127.27, lat: 37.44 });
  });
});
