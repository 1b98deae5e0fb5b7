import { describe, expect, it } from 'vitest';

import { english } from '@/i18n/english';
import { formatAge, formatDistance, formatMoment } from '@/i18n/format';
import { korean } from '@/i18n/korean';
import { CityClock } from '@/live/city-clock';
import { isCurrent, qualityAt, type Site } from '@/parking/site';
import { markText, sentence } from '@/parking/words';

const NOON = Date.parse('2026-11-22T03:00:00Z');
const GARAGE: Site = {
  id: 'garage',
  version: 1,
  names: { '': '역' },
  lat: 37.43,
  lon: 127.26,
  kind: 'garage',
  covered: true,
  max_height_m: 2.1,
  approximate: false,
  capacity: 100,
  free: 42,
  state: 'free',
  quality: 'live',
  confidence: 0.9,
  observed_at: '2026-11-22T02:58:00Z',
  fresh_until: '2026-11-22T03:01:00Z',
  pools: [],
};
const moment = (nowMs: number, linkIsLive = true) => ({ nowMs, linkIsLive });

describe('the catalogues', () => {
  const leaves = (node: object, path = ''): [string, unknown][] =>
    Object.entries(node).flatMap(([key, value]): [string, unknown][] =>
      typeof value === 'object' ? leaves(value, `${path}.${key}`) : [[`${path}.${key}`, value]],
    );

  it('have something to say everywhere, in both languages', () => {
    for (const [path, value] of [...leaves(english), ...leaves(korean)]) {
      const text = typeof value === 'function' ? value('7', '8') : value;
      expect(text, path).toMatch(/\S/);
    }
  });

  it('use every number and name they are given', () => {
    for (const [path, value] of [...leaves(english), ...leaves(korean)]) {
      if (typeof value !== 'function') continue;
      const given = ['71', '82'].slice(0, value.length);
      for (const one of given) expect(value(...given), path).toContain(one);
    }
  });

  it('are told apart: Korean is in Hangul, English is not', () => {
    const same = new Set(['.language', '.app.name']);
    for (const [path, value] of leaves(english)) {
      if (!same.has(path)) expect(String(value), path).not.toMatch(/[가-힣]/);
    }
    for (const [path, value] of leaves(korean)) {
      if (typeof value === 'string' && value !== '?') expect(value, path).toMatch(/[가-힣]/);
    }
  });
});

describe('what is said of a car park', () => {
  it.each([
    ['now', moment(NOON), '100면 중 42면 비어 있음'],
    ['after its sensor fell silent', moment(NOON + 120_000), '4분 전 42면 비어 있었음'],
    ['without a connection', moment(NOON, false), '2분 전 42면 비어 있었음'],
  ])('is true %s', (_when, at, said) => {
    expect(sentence(GARAGE, at, 'ko', korean.parking)).toBe(said);
  });

  it.each([
    [{ ...GARAGE, free: 0, state: 'full' }, 'Full'],
    [{ ...GARAGE, free: null, state: 'unknown', quality: 'stale' }, '?'],
    [{ ...GARAGE, state: 'closed' }, 'Closed'],
    [GARAGE, '42'],
  ] as [Site, string][])('fits on a mark', (site, text) => {
    expect(markText(site, english.parking)).toBe(text);
  });

  it("holds only as long as its sensor's word and the connection do", () => {
    expect(isCurrent(GARAGE, moment(NOON))).toBe(true);
    expect(isCurrent(GARAGE, moment(NOON + 61_000))).toBe(false);
    expect(isCurrent(GARAGE, moment(NOON, false))).toBe(false);
    expect(qualityAt(GARAGE, moment(NOON + 61_000))).toBe('stale');
    expect(qualityAt({ ...GARAGE, quality: 'unknown' }, moment(NOON))).toBe('unknown');
  });
});

describe('ages, distances and times', () => {
  it.each([
    [0, '방금 전', 'just now'],
    [-30, '방금 전', 'just now'],
    [25, '20초 전', '20 sec ago'],
    [125, '2분 전', '2 min ago'],
    [7300, '2시간 전', '2 hr ago'],
    [200_000, '2일 전', '2 days ago'],
  ])('%d seconds', (seconds, inKorean, inEnglish) => {
    expect(formatAge(seconds, 'ko')).toBe(inKorean);
    expect(formatAge(seconds, 'en')).toBe(inEnglish);
  });

  it.each([
    [4, '0 m'],
    [347, '350 m'],
    [996, '1 km'],
    [1249, '1.2 km'],
    [12_400, '12 km'],
  ])('%d metres', (metres, text) => {
    expect(formatDistance(metres, 'en')).toBe(text);
  });

  it("names the day only where it is another one, by the city's clock", () => {
    const at = new Date('2026-11-21T16:30:00Z'); // half past one on the 22nd in Seoul
    expect(formatMoment(at, new Date(NOON), 'en', 'Asia/Seoul')).toBe('01:30');
    expect(formatMoment(at, new Date(NOON), 'en', 'UTC')).toBe('21 Nov, 16:30');
  });
});

describe("the city's clock", () => {
  it('runs as the server says, at its speed', () => {
    let ours = 5_000;
    const clock = new CityClock(() => ours);
    expect(clock.now()).toBe(5_000);
    clock.set({ now: '2026-11-22T03:00:00Z', speed: 60 });
    ours += 2_000;
    expect(clock.now()).toBe(NOON + 120_000);
  });
});
