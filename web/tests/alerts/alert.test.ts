import { describe, expect, it } from 'vitest';

import { boundsOf, covers, isLoud, isOver, sorted, wordsIn, type Alert } from '@/alerts/alert';

const box = (west: number, south: number): GeoJSON.MultiPolygon => ({
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [west, south],
        [west + 1, south],
        [west + 1, south + 1],
        [west, south + 1],
        [west, south],
      ],
    ],
  ],
});

function alert(id: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    version: 1,
    kind: 'flood',
    number: 1,
    step: 'alert',
    severity: 'Severe',
    texts: { en: { headline: id, description: '', instruction: '' } },
    geometry: box(0, 0),
    expires_at: '2026-11-22T12:00:00Z',
    ...more,
  };
}

describe('an alert', () => {
  it('covers who is inside and nobody outside', () => {
    expect(covers(box(0, 0), { lon: 0.5, lat: 0.5 })).toBe(true);
    expect(covers(box(0, 0), { lon: 1.5, lat: 0.5 })).toBe(false);
  });

  it('is loud while it is severe and in force', () => {
    expect(isLoud(alert('a'))).toBe(true);
    expect(isLoud(alert('a', { severity: 'Minor' }))).toBe(false);
    expect(isLoud(alert('a', { step: 'all_clear' }))).toBe(false);
    expect(isOver(alert('a', { step: 'cancel' }))).toBe(true);
  });

  it('puts where one is before what is worse elsewhere, and all-clears last', () => {
    const list = [
      alert('over', { step: 'all_clear', severity: 'Extreme' }),
      alert('far', { severity: 'Extreme', geometry: box(5, 5) }),
      alert('here', { severity: 'Minor' }),
    ];
    const ids = sorted(list, { lon: 0.5, lat: 0.5 }).map(({ id }) => id);
    expect(ids).toEqual(['here', 'far', 'over']);
  });

  it('speaks the language asked for, else English', () => {
    const words = { headline: '홍수', description: '', instruction: '' };
    const both = alert('a', { texts: { ...alert('a').texts, ko: words } });
    expect(wordsIn(both, 'ko-KR').headline).toBe('홍수');
    expect(wordsIn(both, 'vi').headline).toBe('a');
  });

  it('has a middle', () => {
    expect(boundsOf(box(0, 0))).toEqual({ lon: 0.5, lat: 0.5 });
  });
});
