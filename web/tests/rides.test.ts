import { describe, expect, it } from 'vitest';

import { ApiProblem, Unreachable } from '@/api/problem';
import { english } from '@/rides/english';
import { formatFare } from '@/rides/fares';
import { korean } from '@/rides/korean';
import { Outbox, type Letter, type Post } from '@/rides/outbox';
import {
  asRide,
  isOpen,
  minutesUntil,
  nextMoment,
  lonLatOf,
  reasonText,
  type Ride,
} from '@/rides/ride';
import { atCityTime, cityDay, cityTime } from '@/rides/times';

const NOON = Date.parse('2026-11-22T03:00:00Z');
const STOP = { code: 's0', names: { en: 'Stop 0' }, lon: 127.25, lat: 37.43 };

function ride(changes: Partial<Ride> = {}): Ride {
  return {
    id: 'r',
    version: 1,
    state: 'confirmed',
    pickup: STOP,
    dropoff: STOP,
    pickup_from: '2026-11-22T03:05:00Z',
    pickup_until: '2026-11-22T03:13:00Z',
    dropoff_until: '2026-11-22T03:30:00Z',
    eta: {
      pickup_at: '2026-11-22T03:07:00Z',
      dropoff_at: '2026-11-22T03:20:00Z',
      give_or_take_s: 60,
      late_s: 0,
    },
    change_reason: '',
    vehicle: null,
    ...changes,
  };
}

describe('a ride', () => {
  it('looks forward to boarding, and once aboard to the end', () => {
    expect(nextMoment(ride())).toBe('2026-11-22T03:07:00Z');
    expect(nextMoment(ride({ state: 'onboard' }))).toBe('2026-11-22T03:20:00Z');
  });

  it('counts whole minutes and never backwards', () => {
    expect(minutesUntil('2026-11-22T03:07:10Z', NOON)).toBe(7);
    expect(minutesUntil('2026-11-22T02:50:00Z', NOON)).toBe(0);
  });

  it('is open until it is over', () => {
    expect(isOpen(ride({ state: 'onboard' }))).toBe(true);
    expect(isOpen(ride({ state: 'no_show' }))).toBe(false);
  });

  it('says why it changed, and nothing about what everybody expects', () => {
    expect(reasonText(ride({ change_reason: 'breakdown' }), english)).toContain('broke down');
    expect(reasonText(ride({ change_reason: 'set_off' }), english)).toBe('');
    const over = ride({ change_reason: 'breakdown', state: 'completed' });
    expect(reasonText(over, english)).toBe('');
  });

  it('knows where its van is only if told', () => {
    const van = { code: 'v', label: '', plate: '' };
    expect(lonLatOf(null)).toBeUndefined();
    expect(lonLatOf(van)).toBeUndefined();
    expect(lonLatOf({ ...van, lon: 1, lat: 2 })).toEqual({ lon: 1, lat: 2 });
  });

  it('is the same from either door', () => {
    const { id, eta, ...same } = ride();
    const { give_or_take_s, ...times } = eta;
    expect(asRide({ ...same, ...times, code: id, eta_spread_s: give_or_take_s })).toEqual(ride());
  });
});

describe('the words', () => {
  it('are there for every state and reason in both languages', () => {
    expect(Object.keys(korean.states)).toEqual(Object.keys(english.states));
    expect(Object.keys(korean.reasons)).toEqual(Object.keys(english.reasons));
  });
});

describe('the city’s clock', () => {
  it.each([
    ['Asia/Seoul', '2026-11-22', '12:00', '2026-11-22T03:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29', '08:30', '2026-03-29T06:30:00.000Z'],
    ['America/New_York', '2026-11-01', '23:00', '2026-11-02T04:00:00.000Z'],
  ])('in %s at %s %s', (zone, day, time, utc) => {
    const at = atCityTime(day, time, zone);
    expect(at.toISOString()).toBe(utc);
    expect([cityDay(at, zone), cityTime(at, zone)]).toEqual([day, time]);
  });

  it('knows no time where none is given', () => {
    expect(Number.isNaN(atCityTime('', '', 'Asia/Seoul').getTime())).toBe(true);
  });
});

describe('a fare', () => {
  it('is read in the currency’s own units', () => {
    expect(formatFare(1800, 'KRW', 'ko')).toContain('1,800');
    expect(formatFare(250, 'EUR', 'en')).toContain('2.50');
  });
});

// ---------------------------------------------------------------- what a driver says

const letter = (key: string): Letter => ({
  key,
  shift: 's',
  body: { subject: key, act: 'boarded', at: '2026-11-22T03:00:00Z' },
});

function setUp(answers: (string | Error)[], kept: Letter[] = []) {
  const sent: string[] = [];
  const refusals: string[] = [];
  let stored: readonly Letter[] = kept;
  const post: Post = {
    async send({ key }) {
      const answer = answers.shift() ?? '';
      if (answer instanceof Error) throw answer;
      sent.push(key);
    },
    recall: () => [...kept],
    remember: (letters) => (stored = [...letters]),
    onChange: (_waiting, refused) => refused && refusals.push(refused),
  };
  return { outbox: new Outbox(post), sent, refusals, stored: () => stored };
}

const problem = (status: number, detail: string) =>
  new ApiProblem({ type: '', title: '', status, detail });

describe('the outbox', () => {
  it('keeps what could not be sent, and sends it in order', async () => {
    const { outbox, sent, stored } = setUp([new Unreachable('tunnel')]);
    await outbox.put(letter('a'));
    expect([sent, outbox.count, stored().length]).toEqual([[], 1, 1]);
    await outbox.put(letter('b'));
    expect([sent, outbox.count, stored().length]).toEqual([['a', 'b'], 0, 0]);
  });

  it('lets go of what the city refuses, and says why', async () => {
    const { outbox, sent, refusals } = setUp([problem(409, 'Another stop comes first.'), '']);
    await outbox.put(letter('a'));
    await outbox.put(letter('b'));
    expect(sent).toEqual(['b']);
    expect(refusals).toEqual(['Another stop comes first.']);
  });

  it.each([401, 429, 503])('waits where %d may pass', async (status) => {
    const { outbox, sent } = setUp([problem(status, 'later')]);
    await outbox.put(letter('a'));
    expect([sent, outbox.count]).toEqual([[], 1]);
  });

  it('remembers over a restart', async () => {
    const { outbox, sent } = setUp([], [letter('a')]);
    await outbox.flush();
    expect(sent).toEqual(['a']);
  });
});
