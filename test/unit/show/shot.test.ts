import { describe, expect, test } from 'vitest';
import { frameTimes } from '../../../renderer/show/shot.ts';

describe('frameTimes', () => {
  test('shows both ends, and leaves the end of a loop to its beginning', () => {
    expect([...frameTimes({ durationSeconds: 1, loops: false }, 5)]).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...frameTimes({ durationSeconds: 1, loops: true }, 4)]).toEqual([0, 0.25, 0.5, 0.75]);
    expect([...frameTimes({ durationSeconds: 0, loops: false }, 30)]).toEqual([0]);
  });
});
