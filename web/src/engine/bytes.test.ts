import { expect, test } from 'vitest';
import { fromBase64, randomBase64, randomHex, toBase64 } from './bytes.ts';

test('bytes survive base64, also in many pieces', () => {
  const bytes = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 31) % 256);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});

test('a ticket in the alphabet of URLs, without padding, gives the same bytes', () => {
  expect(fromBase64('-_8')).toEqual(Uint8Array.of(0xfb, 0xff));
  expect(toBase64(fromBase64('-_8'))).toBe('+/8=');
});

test('random bytes have the length asked for', () => {
  expect(fromBase64(randomBase64(16))).toHaveLength(16);
  expect(randomHex(8)).toMatch(/^[0-9a-f]{16}$/);
});
