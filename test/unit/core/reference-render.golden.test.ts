import { expect, test } from 'vitest';
import { renderReference } from '../../../renderer/core/reference-render.ts';
import { GOLDEN_CASES, goldenPath } from '../../golden/cases.ts';
import { readPicture, writePicture } from '../../gpu/png.ts';

// UPDATE_GOLDEN=1 makes the pictures anew; look at them before committing.
const update = process.env['UPDATE_GOLDEN'] !== undefined;

test.each(GOLDEN_CASES)('the CPU twin still draws $name', ({ name, scene, camera, background }) => {
  const drawn = renderReference(scene(), camera, background);
  if (update) writePicture(goldenPath(name), drawn, camera.width, camera.height);
  const golden = readPicture(goldenPath(name));
  expect([golden.width, golden.height]).toEqual([camera.width, camera.height]);
  const largest = drawn.reduce(
    (worst, x, i) => Math.max(worst, Math.abs(Math.min(1, Math.max(0, x)) - golden.picture[i])),
    0,
  );
  expect(largest).toBeLessThan(0.51 / 255);
});
