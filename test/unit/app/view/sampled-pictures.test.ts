import { expect, it } from 'vitest';
import { SampledPictures } from '../../../../renderer/app/view/sampled-pictures.ts';
import { randomScene } from '../../io/fixtures.ts';

it('shows samples in the place of scenes, each with the values of its splats', () => {
  const scene = randomScene(10, 0);
  const mapValues = Float32Array.from({ length: 10 }, (_, i) => i);
  const sampled = new SampledPictures(4);
  const shown = sampled.pictureOf({ kind: 'overlay', scene, mapValues, map: 'viridis' });
  const again = sampled.pictureOf({ kind: 'overlay', scene, mapValues, map: 'viridis' });
  if (shown.kind !== 'overlay' || again.kind !== 'overlay') throw new Error('an overlay becomes an overlay');
  expect(shown.scene.count).toBe(4);
  expect(Array.from(shown.mapValues)).toEqual([0, 3, 6, 9]);
  // What is on the device already is not sent again.
  expect(again.scene).toBe(shown.scene);
  expect(again.mapValues).toBe(shown.mapValues);
  expect(sampled.pictureOf({ kind: 'scene', scene: undefined })).toEqual({ kind: 'scene', scene: undefined });
});
