import { expect, test } from 'vitest';
import { Resampler } from '@/calls/resampler';

test.each([48_000, 44_100, 16_000])('a second at %d Hz is fifty frames', (rate) => {
  const resampler = new Resampler(rate);
  const frames = resampler.feed(new Float32Array(rate).fill(0.5));
  expect(frames.length).toBe(50);
  expect(frames.every((frame) => frame.length === 160)).toBe(true);
  expect(frames[7]?.[9]).toBeCloseTo(0.5);
});

test('pieces of any length make the same frames', () => {
  const whole = Float32Array.from({ length: 9_600 }, (_, at) => Math.sin(at / 20));
  const cut = new Resampler(48_000);
  const frames = [0, 1_000, 1_001, 9_600].flatMap((from, at, cuts) =>
    cut.feed(whole.subarray(from, cuts[at + 1] ?? whole.length)),
  );
  expect(frames).toEqual(new Resampler(48_000).feed(whole));
});
