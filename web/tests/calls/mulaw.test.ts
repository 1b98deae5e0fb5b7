import { expect, test } from 'vitest';
import { decode, encode, fromBase64, toBase64 } from '@/calls/mulaw';

test('every byte survives a round trip, but minus zero', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 0x7f);
  expect(encode(decode(bytes))).toEqual(bytes);
});

test('silence is 0xff, as the standard has it', () => {
  expect([...encode(new Float32Array(3))]).toEqual([0xff, 0xff, 0xff]);
});

test('base64 brings the bytes back', () => {
  const bytes = Uint8Array.of(0, 127, 128, 255);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});
