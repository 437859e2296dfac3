import type { AttributeArrays } from './attributes.ts';
import { attributesOf } from './attributes.ts';
import type { RefineManifest } from './manifest.ts';

/**
 * Shrinks residuals by soft thresholding (Donoho 1995), in place: a splat's residual r of an attribute becomes r max(0,
 * 1 - threshold / |r|). The thresholds are the manifest's `noiseFloor`.
 *
 * A network never answers with an exact zero. Where a splat is right already its answer is a small error, and thousands
 * of them cost an excellent view decibels; repairs are far longer than the threshold and nearly keep their length.
 * @param values (rows, copies, width) residuals in the network's units, by attribute
 * @param weights (rows) share of the threshold that counts for each splat, see `observationWeights`; null for all of it
 */
export function softThreshold(
  values: AttributeArrays,
  { noiseFloor, shDegree, copies }: Pick<RefineManifest, 'noiseFloor' | 'shDegree' | 'copies'>,
  weights: Float32Array | null,
): void {
  if (noiseFloor === null) return;
  for (const { name, width } of attributesOf(shDegree)) {
    const full = noiseFloor[name];
    const residuals = values[name];
    if (full === 0) continue;
    for (let at = 0; at < residuals.length; at += width) {
      const threshold = weights === null ? full : full * weights[Math.floor(at / (width * copies))];
      let squares = 0;
      for (let k = 0; k < width; k++) squares += residuals[at + k] ** 2;
      // A NaN compares false and stays one: it is reported later.
      const factor = squares <= threshold * threshold ? 0 : 1 - threshold / Math.sqrt(squares);
      for (let k = 0; k < width; k++) residuals[at + k] *= factor;
    }
  }
}
