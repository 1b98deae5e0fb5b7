import { describe, expect, it } from 'vitest';

import { english } from '@/i18n/english';
import { korean } from '@/i18n/korean';
import {
  floodedPlaces,
  isKnown,
  middleOf,
  sortedGauges,
  trendOf,
  type Gauge,
  type Obstruction,
} from '@/water/gauge';
import { markText, stateText, valueText } from '@/water/words';

const gauge = (more: Partial<Gauge> = {}): Gauge => ({
  id: 'BRIDGE',
  version: 1,
  names: { ko: '달빛교', en: 'Dalbit Bridge' },
  kind: 'stage',
  unit: 'm',
  lon: 127.26,
  lat: 37.43,
  value: 2.7,
  observed_at: '2026-11-22T12:00:00Z',
  flag: 'good',
  level: 'warning',
  change_1h: 0.4,
  probability: 0.82,
  peak: 3.9,
  peak_at: '2026-11-22T14:00:00Z',
  ...more,
});

const flood = (id: string, depth_m: number | null, kind = 'flood'): Obstruction => ({
  id,
  version: 1,
  kind,
  state: 'confirmed',
  description: id,
  geometry: { type: 'Point', coordinates: [127.26, 37.43] },
  depth_m,
});

describe('a gauge', () => {
  it('says its level, its trend and what is coming', () => {
    expect(markText(gauge(), 'en-GB')).toBe('2.7 m ▲');
    expect(stateText(gauge(), english.water)).toBe(
      'warning level · rising · 82 % likely to reach the alarm level soon',
    );
    expect(stateText(gauge({ level: '', change_1h: 0, probability: null }), korean.water)).toBe(
      '평소 수준',
    );
  });

  it('that is doubtful or silent says no number', () => {
    for (const flag of ['suspect', 'bad', 'missing'] as const) {
      expect(isKnown(gauge({ flag }))).toBe(false);
      expect(valueText(gauge({ flag }), 'ko')).toBe('?');
      expect(stateText(gauge({ flag }), english.water)).toBe('not known at present');
    }
  });

  it('stands still while it moves less than a hand', () => {
    const trends = [-0.2, -0.04, null, 0.04, 0.2].map((change_1h) => trendOf(gauge({ change_1h })));
    expect(trends).toEqual(['falling', 'steady', 'steady', 'steady', 'rising']);
  });

  it('with the highest level comes first, and rain is none of them', () => {
    const list = [
      gauge({ id: 'a', level: '', probability: 0.1 }),
      gauge({ id: 'b', level: 'alarm' }),
      gauge({ id: 'c', level: '', probability: 0.6 }),
      gauge({ id: 'r', kind: 'rain' }),
    ];
    expect(sortedGauges(list, 'ko').map(({ id }) => id)).toEqual(['b', 'c', 'a']);
  });
});

describe('flooded places', () => {
  it('are those of water, the deepest first', () => {
    const list = [flood('x', 0.2), flood('lift', null, 'broken_lift'), flood('y', 0.9)];
    expect(floodedPlaces(list).map(({ id }) => id)).toEqual(['y', 'x']);
  });

  it('are looked at in their middle, whatever their shape', () => {
    const line: GeoJSON.MultiLineString = {
      type: 'MultiLineString',
      coordinates: [
        [
          [1, 1],
          [3, 1],
        ],
        [
          [3, 1],
          [3, 5],
        ],
      ],
    };
    expect(middleOf(line)).toEqual({ lon: 2, lat: 3 });
    expect(middleOf({ type: 'GeometryCollection', geometries: [line] })).toEqual({
      lon: 2,
      lat: 3,
    });
  });
});
