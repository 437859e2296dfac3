import { expect, test } from 'vitest';
import { EMPTY_STATE } from '../../../renderer/app/document/document.ts';
import { stepTaken } from '../../../renderer/app/features/first-run/first-run.ts';
import { ZOOM_STEPS, nextZoom } from '../../../renderer/app/features/zoom.ts';
import { colourOf } from '../../../renderer/app/ui/theme.ts';
import { createScene } from '../../../renderer/core/splat-scene.ts';

test('zoom goes from step to step and ends', () => {
  expect(nextZoom(100, 1)).toBe(110);
  expect(nextZoom(100, -1)).toBe(90);
  expect(nextZoom(105, -1)).toBe(100);
  expect(nextZoom(ZOOM_STEPS[0], -1)).toBeUndefined();
  expect(nextZoom(ZOOM_STEPS[ZOOM_STEPS.length - 1] as number, 1)).toBeUndefined();
});

test('the ground is read as numbers', () => {
  expect(colourOf(' #ff0080')).toEqual([1, 0, 128 / 255]);
});

test('the first steps are ticked off by refining and by flipping, not by what refining itself shows', () => {
  const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
  const refined = {
    ...EMPTY_STATE,
    original: scene,
    refined: { scene, seconds: 1, description: '' } as NonNullable<typeof EMPTY_STATE.refined>,
    shown: 'after' as const,
  };
  expect(stepTaken(refined, { ...EMPTY_STATE, original: scene })).toBe(1);
  expect(stepTaken({ ...refined, shown: 'before' }, refined)).toBe(2);
  expect(stepTaken({ ...refined, message: { text: 'x', isError: false } }, refined)).toBeUndefined();
  expect(stepTaken({ ...EMPTY_STATE, original: scene }, refined)).toBeUndefined();
});
