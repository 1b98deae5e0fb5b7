import { expect, test } from 'vitest';

import { countdownAt } from '@/navigation/countdown';
import type { Signal } from '@/navigation/guide.svelte';

const signal: Signal = {
  crossing: 'j01/3',
  ahead_m: 4,
  is_on_it: false,
  state: 'walk',
  can_finish: true,
  least_s: 7.4,
  most_s: 7.9,
  is_exact: true,
  about_s: null,
  ttl_s: 3,
  at_ms: 1000,
};

test('it counts whole seconds down and never up', () => {
  expect(countdownAt(signal, 1000)).toEqual({ state: 'walk', seconds: 7, how: 'exact' });
  expect(countdownAt(signal, 2500)?.seconds).toBe(5);
  expect(countdownAt({ ...signal, least_s: 0.5 }, 1000)?.seconds).toBeUndefined();
});

test('it is silent once nothing was heard for a while, or when nothing is known', () => {
  expect(countdownAt(signal, 4100)).toBeUndefined();
  expect(countdownAt({ ...signal, state: 'unknown' }, 1000)).toBeUndefined();
  expect(countdownAt(signal, 500)).toBeUndefined();
});

test('whoever cannot finish is told that it is too short', () => {
  expect(countdownAt({ ...signal, can_finish: false }, 1000)?.state).toBe('short');
  expect(countdownAt({ ...signal, state: 'clearing', can_finish: false }, 1000)?.state).toBe(
    'clearing',
  );
});

test('an end that may be later is a least one', () => {
  expect(countdownAt({ ...signal, is_exact: false }, 1000)?.how).toBe('least');
  const waiting = { ...signal, state: 'wait' as const, can_finish: null, about_s: 22 };
  expect(countdownAt(waiting, 1000)).toEqual({ state: 'wait', seconds: 20, how: 'about' });
});
