import type { AttributeName } from './attributes.ts';
import { attributesOf } from './attributes.ts';
import type { RefineManifest } from './manifest.ts';

/**
 * Shrinks residuals by the model's noise floor, in place: a splat's residual of length n comes out max(0, 1 - floor /
 * n) as long (soft
 * thresholding, Donoho 1995), each attribute for itself.
 *
 * A network never answers with an exact zero. Where a splat is right already its answer is a small error, and thousands
 * of them cost an
 * excellent view decibels; repairs are far longer than the floor and nearly keep their length.
 * @param values (rows, copies, width) residuals in the network's units, by attribute
 * @param held (rows) share of the floor that counts for each splat, see `observationWeights`; null for all of it
 */
export function softThreshold(
  values: Readonly<Record<AttributeName, Float32Array>>,
  { noiseFloor, shDegree, copies }: Pick<RefineManifest, 'noiseFloor' | 'shDegree' | 'copies'>,
  held: Float32Array | null,
): void {
  if (noiseFloor === null) return;
  for (const { name, width } of attributesOf(shDegree)) {
    const whole = noiseFloor[name];
    const residuals = values[name];
    if (whole === 0) continue;
    for (let at = 0; at < residuals.length; at += width) {
      const floor = held === null ? whole : whole * held[Math.floor(at / (width * copies))];
      let squares = 0;
      for (let k = 0; k < width; k++) squares += residuals[at + k] ** 2;
      // A NaN compares false and stays one: it is reported later.
      const kept = squares <= floor * floor ? 0 : 1 - floor / Math.sqrt(squares);
      for (let k = 0; k < width; k++) residuals[at + k] *= kept;
    }
  }
}
