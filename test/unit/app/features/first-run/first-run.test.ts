import { expect, test } from 'vitest';
import { EMPTY_STATE } from '../../../../../renderer/app/document/document.ts';
import { stepTaken } from '../../../../../renderer/app/features/first-run/first-run.ts';
import { createScene } from '../../../../../renderer/core/splat-scene.ts';

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
