import { expect, it } from 'vitest';
import { timeCheck } from '../../../renderer/refine/time-limit.ts';

it('throws once the time is over, by the name of the file', () => {
  let now = 100;
  const check = timeCheck('x.pth', 30_000, () => now);
  now += 30_000;
  check();
  now += 1;
  expect(check).toThrow("The checkpoint x.pth can't be read: it takes longer than 30 seconds.");
});
