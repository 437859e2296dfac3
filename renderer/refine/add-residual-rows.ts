import { colourResidualToDc } from './features.ts';

/** Rows of a scene, and for each the row of the residuals that goes to it. */
export interface RowPairs {
  readonly targets: Int32Array;
  readonly sources: Int32Array;
}

/** Adds the first `valueWidth` numbers of each row and keeps them within the limit. */
export function addLimited(
  { targets, sources }: RowPairs,
  out: Float32Array,
  outWidth: number,
  values: Float32Array,
  valueWidth: number,
  strength: number,
  magnitude: number,
): void {
  for (let j = 0; j < targets.length; j++) {
    const at = targets[j] * outWidth;
    const from = sources[j] * valueWidth;
    for (let k = 0; k < valueWidth; k++) {
      const sum = out[at + k] + strength * values[from + k];
      // A NaN compares false and stays one.
      out[at + k] = sum > magnitude ? magnitude : sum < -magnitude ? -magnitude : sum;
    }
  }
}

/** Adds log-scales and keeps them below the limit. */
export function addBelow(
  { targets, sources }: RowPairs,
  out: Float32Array,
  values: Float32Array,
  strength: number,
  highest: number,
): void {
  for (let j = 0; j < targets.length; j++) {
    for (let k = 0; k < 3; k++) {
      const sum = out[3 * targets[j] + k] + strength * values[3 * sources[j] + k];
      out[3 * targets[j] + k] = sum > highest ? highest : sum;
    }
  }
}

/** Adds to colours by their sigmoids, whose logits the residuals change, and keeps them within the limit. */
export function addToSigmoid(
  { targets, sources }: RowPairs,
  out: Float32Array,
  values: Float32Array,
  strength: number,
  magnitude: number,
): void {
  for (let j = 0; j < targets.length; j++) {
    for (let k = 0; k < 3; k++) {
      const dc = out[3 * targets[j] + k];
      const sum = dc + colourResidualToDc(dc, strength * values[3 * sources[j] + k]);
      out[3 * targets[j] + k] = sum > magnitude ? magnitude : sum < -magnitude ? -magnitude : sum;
    }
  }
}
