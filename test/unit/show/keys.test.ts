import { describe, expect, test } from 'vitest';
import { addKey, canAddKey, changeKey, EMPTY_PATH, MAX_KEYS, moveKey, removeKey } from '../../../renderer/show/keys.ts';
import type { CameraPath } from '../../../renderer/show/path.ts';
import { UP } from './poses.ts';

describe('keys', () => {
  const view = { position: [5, 0, 0], target: [0, 0, 0], up: UP, rollDegrees: 0, fovYDegrees: 50 } as const;
  const three = addKey(addKey(addKey(EMPTY_PATH, view), { ...view, fovYDegrees: 60 }), { ...view, fovYDegrees: 70 });
  const times = ({ keys }: CameraPath): number[] => keys.map(({ timeSeconds }) => timeSeconds);
  const fovs = ({ keys }: CameraPath): number[] => keys.map(({ fovYDegrees }) => fovYDegrees);

  test('are added two seconds apart', () => expect(times(three)).toEqual([0, 2, 4]));

  test('are added as long as there is room', () => {
    expect(canAddKey(three)).toBe(true);
    expect(canAddKey(changeKey(three, 2, { timeSeconds: 3598 }))).toBe(true);
    expect(canAddKey(changeKey(three, 2, { timeSeconds: 3599 }))).toBe(false);
    expect(
      canAddKey({
        ...three,
        keys: Array.from({ length: MAX_KEYS }, (_, index) => ({ ...view, timeSeconds: index, stop: false })),
      }),
    ).toBe(false);
  });

  test('begin at 0 again when the first is removed', () => expect(times(removeKey(three, 0))).toEqual([0, 2]));

  test('stay in order when a time is changed', () => {
    expect(times(changeKey(three, 1, { timeSeconds: 3 }))).toEqual([0, 3, 4]);
    expect(times(changeKey(three, 1, { timeSeconds: 9 }))).toEqual([0, 3.95, 4]);
    expect(times(changeKey(three, 1, { timeSeconds: -9 }))).toEqual([0, 0.05, 4]);
    expect(times(changeKey(three, 0, { timeSeconds: 1 }))).toEqual([0, 2, 4]);
    expect(times(changeKey(three, 2, { timeSeconds: 30 }))).toEqual([0, 2, 30]);
  });

  test('move past each other, leaving the times', () => {
    expect(fovs(moveKey(three, 0, 1))).toEqual([60, 50, 70]);
    expect(times(moveKey(three, 0, 1))).toEqual([0, 2, 4]);
    expect(moveKey(three, 0, -1)).toBe(three);
  });
});
