import { describe, expect, it } from 'vitest';

import { distanceM } from '@/shell/position';
import { formatRoute, parseRoute, type Route } from '@/shell/route';

describe('routes', () => {
  it.each<Route>([
    { area: 'map' },
    { area: 'me' },
    { area: 'parking' },
    { area: 'rides' },
    { area: 'rides', ride: '0b1c-2d' },
    { area: 'rides', screen: 'drive' },
    { area: 'parking', site: '달빛/역 100%' },
    { area: 'map', place: { lat: 37.43123, lon: 127.26, name: '달빛 도서관 / 별관' } },
  ])('survive the address bar: %o', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/near/x,y/z', '#/near/99,200/z', '#/near'])(
    'lead home from %j',
    (hash) => expect(parseRoute(hash)).toEqual({ area: 'map' }),
  );

  it('bear a broken escape', () => {
    expect(parseRoute('#/parking/%E0%A4%A')).toEqual({ area: 'parking', site: '%E0%A4%A' });
  });
});

describe('distances', () => {
  it('are right: a degree of latitude is 111.2 km', () => {
    expect(distanceM({ lat: 37, lon: 127 }, { lat: 38, lon: 127 })).toBeCloseTo(111_195, -1);
    expect(distanceM({ lat: 37, lon: 127 }, { lat: 37, lon: 127 })).toBe(0);
  });
});
