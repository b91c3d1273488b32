import { expect, test } from '@playwright/test';

test('the suite runs', () => {
  expect(1).toBe(1);
});
