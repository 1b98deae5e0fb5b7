import { expect, test } from 'vitest';

import { nearest, type Incident } from '@/traffic/incident';

const at = (id: string, lon: number, severity: 1 | 2 | 3 | 4 = 2): Incident => ({
  id,
  version: 1,
  lon,
  lat: 37.5,
  kind: 'accident',
  severity,
  description: '',
  expected_until: null,
});

test('the nearest come first, and only those within reach', () => {
  const list = [at('far', 127.2), at('near', 127.001), at('here', 127, 4)];
  const found = nearest(list, { lon: 127, lat: 37.5 }, 3000);
  expect(found.map(({ incident }) => incident.id)).toEqual(['here', 'near']);
  expect(found[1]!.away_m).toBeCloseTo(88, -1);
});
