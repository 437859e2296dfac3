import type { Sidecar } from '../../renderer/refine/manifest.ts';
import { hashedStateDict } from './hashed-weights.ts';
import type { TensorTable } from '../../renderer/refine/checkpoint.ts';

/** AnchorSplat's shapes at K copies on the narrowest trunk that has all parts of the published one. */
export function tinyAnchor(copies: number, seed = 5): TensorTable {
  return hashedStateDict(
    {
      encoder: [8, 8, 16, 16, 16],
      decoder: [8, 8, 16, 16],
      encoderDepths: [1, 1, 1, 1, 1],
      decoderDepths: [1, 1, 1, 1],
      shDegree: 3,
      copies,
    },
    seed,
  );
}

export const TINY_ANCHOR_SIDECAR = {
  name: 'Tiny anchor',
  license: 'MIT',
  kind: 'anchorsplat',
  shDegree: 3,
  encoderDepths: [1, 1, 1, 1, 1],
  encoderHeads: [1, 1, 2, 2, 2],
  decoderDepths: [1, 1, 1, 1],
  decoderHeads: [1, 1, 2, 2],
  patchSize: 256,
  gridResolution: 128,
  strides: [1, 2, 2, 2],
  quaternions: 'raw',
  normalization: 'centredOrBoundingBox',
  anchorOffset: 0.015,
} satisfies Sidecar;
