import { expect, it } from 'vitest';
import { pictureSizeFor } from '../../../renderer/refine/picture-size.ts';

/** Round splats of one size in the unit cube, and transparent ones of another. */
function featuresOf(size: number, transparent = 0, transparentSize = 1): Float32Array {
  const features = new Float32Array((100 + transparent) * 23);
  for (let i = 0; i < 100 + transparent; i++) {
    features.fill(Math.log(i < 100 ? size : transparentSize), 23 * i + 3, 23 * i + 6);
    features[23 * i + 6] = i < 100 ? 4 : -12;
  }
  return features;
}

it('follows the size of what is seen of the splats, within the usual size and twice that', () => {
  expect(pictureSizeFor(featuresOf(0.05), 23)).toBe(128);
  expect(pictureSizeFor(featuresOf(0.01), 23)).toBe(156);
  expect(pictureSizeFor(featuresOf(0.008, 500), 23)).toBe(194);
  expect(pictureSizeFor(featuresOf(0.0001), 23)).toBe(256);
  expect(pictureSizeFor(featuresOf(0), 23)).toBe(256);
});
