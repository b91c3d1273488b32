import { expect, test } from 'vitest';

test('the suite runs', () => {
  expect(1).toBe(1);
});
