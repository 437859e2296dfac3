/** How a stage's rows are cut into attention patches along one curve. */
export interface PatchMap {
  readonly patches: number;
  /** Rows a patch: min(patch size, N). */
  readonly patch: number;
  /** (patches, patch) row at each slot. */
  readonly order: Int32Array;
  /** (N) slot of each row in the flattened patches, after which the attention's answer is gathered back. */
  readonly slot: Int32Array;
}

/**
 * Cuts a curve order into patches. With N not a multiple of the patch size the last patch attends over the last
 * `patchSize` rows of the curve, and only the rows that no earlier patch holds are kept from it (the published code's
 * padding, written without padding).
 */
export function cutPatches(curveOrder: Int32Array, patchSize: number): PatchMap {
  const n = curveOrder.length;
  const patch = Math.min(patchSize, n);
  const patches = Math.ceil(n / patch);
  const order = new Int32Array(patches * patch);
  const lastStart = (patches - 1) * patch;
  order.set(curveOrder.subarray(0, lastStart));
  order.set(curveOrder.subarray(n - patch), lastStart);
  const slot = new Int32Array(n);
  for (let i = 0; i < lastStart; i++) slot[curveOrder[i]] = i;
  for (let i = lastStart; i < n; i++) slot[curveOrder[i]] = patches * patch - (n - i);
  return { patches, patch, order, slot };
}
