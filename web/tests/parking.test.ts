import { describe, expect, it } from 'vitest';

import { canCancel, canExtend, isPresent, type BookingState } from '@/parking/booking-state';
import { daysOf, ruleOf } from '@/parking/calendar';
import { inPercent } from '@/parking/chance';
import { within, type Outlook } from '@/parking/curve';
import { formatMoney } from '@/parking/money';
import { addMinutes, nextStep, toInstant, toWall } from '@/parking/wall';
import { NO_WISHES, queryOf } from '@/parking/wishes';
import { formatRoute, parseRoute } from '@/shell/route';

describe('wall time', () => {
  const zones = ['Asia/Seoul', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'];

  it('comes back from an instant and to it, in any zone', () => {
    for (const zone of zones) {
      for (let hour = 0; hour < 24 * 365; hour += 101) {
        const at = new Date(Date.UTC(2026, 0, 1, hour, 30));
        const again = toInstant(toWall(at, zone), zone);
        // The hour that comes twice in autumn may be either.
        const apartMin = Math.abs(again.getTime() - at.getTime()) / 60_000;
        expect([0, 60], `${zone} ${at.toISOString()}`).toContain(apartMin);
      }
    }
  });

  it('is what a clock in the city shows', () => {
    expect(toWall(new Date('2026-11-22T15:04:59Z'), 'Asia/Seoul')).toBe('2026-11-23T00:04');
    expect(toInstant('2026-11-23T00:04', 'Asia/Seoul').toISOString()).toBe(
      '2026-11-22T15:04:00.000Z',
    );
  });

  it('goes on to the next step', () => {
    const at = new Date('2026-11-22T15:04:59Z');
    expect(nextStep(at, 10).toISOString()).toBe('2026-11-22T15:10:00.000Z');
    expect(addMinutes(at, 2).toISOString()).toBe('2026-11-22T15:06:59.000Z');
  });
});

describe('money', () => {
  it('is written in the whole units of its currency', () => {
    expect(formatMoney(1500, 'KRW', 'ko')).toBe('₩1,500');
    expect(formatMoney(1250, 'EUR', 'en')).toBe('€12.50');
  });
});

describe('what is asked of the ranking', () => {
  const near = { lat: 37.43, lon: 127.26 };

  it('names only what is wished', () => {
    const query = queryOf(near, undefined, NO_WISHES);
    const asked = Object.keys(query).filter((name) => query[name] !== undefined);
    expect(asked).toEqual(['lat', 'lon', 'limit', 'order']);
  });

  it('never asks for a charger and an accessible space at once', () => {
    const query = queryOf(near, near, { ...NO_WISHES, accessible: true, ev: true, isHigh: true });
    expect(query).toMatchObject({ accessible: 'true', ev: undefined, height_m: 2.2 });
    expect(query.from_lat).toBe('37.430000');
  });
});

describe('a booking', () => {
  const STATES: [BookingState, boolean, boolean, boolean][] = [
    ['held', true, false, true],
    ['confirmed', true, true, true],
    ['active', true, true, false],
    ['completed', false, false, false],
    ['cancelled', false, false, false],
    ['expired', false, false, false],
    ['no_show', false, false, false],
  ];

  it.each(STATES)('that is %s offers what can be done', (state, present, extend, cancel) => {
    const booking = { state };
    expect([isPresent(booking), canExtend(booking), canCancel(booking)]).toEqual([
      present,
      extend,
      cancel,
    ]);
  });
});

describe('a calendar rule', () => {
  it('names days in the order of the week, and is read again', () => {
    expect(ruleOf(['FR', 'MO'])).toBe('FREQ=WEEKLY;BYDAY=MO,FR');
    expect(daysOf('FREQ=WEEKLY;BYDAY=MO,FR')).toEqual(['MO', 'FR']);
    expect(daysOf('FREQ=DAILY')).toEqual([]);
  });
});

describe('a forecast', () => {
  it('is cut at its horizon', () => {
    const points = [15, 60, 120, 480].map((minutes) => ({ minutes }));
    const outlook = { points } as unknown as Outlook;
    expect(within(outlook, 120).map(({ minutes }) => minutes)).toEqual([15, 60, 120]);
  });
});

describe('a chance', () => {
  it.each([
    [0, 1],
    [0.874, 87],
    [0.999, 99],
    [1, 99],
  ])('of %f is said as %i %%', (chance, percent) => expect(inPercent(chance)).toBe(percent));
});

describe('parking routes', () => {
  it.each(['#/parking', '#/parking/P-1', '#/parking/P-1/book', '#/bookings', '#/lend'])(
    '%s leads where it says',
    (hash) => expect(formatRoute(parseRoute(hash))).toBe(hash),
  );
});
