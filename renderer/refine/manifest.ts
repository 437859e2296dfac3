import { z } from 'zod';
import { checkJson, parseJson } from '../core/json.ts';
import { listOf } from '../core/list-of.ts';
import { augmentations } from './test-time-augmentation.ts';

const count = z.number().int().positive();
const counts = listOf(count, { min: 1 });
/** Cells a side: curve codes have bits for no more. */
export const LARGEST_GRID = 4096;

/**
 * A voxel grid that is finer the more splats a scene has: `grid` cells a side from `splats` on, see
 * `gridResolutionFor`.
 */
export const gridRuleSchema = z.object({
  kind: z.literal('count'),
  grid: count.max(LARGEST_GRID),
  splats: count,
});

/** Thresholds of `softThreshold`, in the network's units; attributes that are not named have none. */
export const noiseFloorSchema = z.strictObject({
  means: z.number().nonnegative().default(0),
  scales: z.number().nonnegative().default(0),
  opacities: z.number().nonnegative().default(0),
  quats: z.number().nonnegative().default(0),
  features_dc: z.number().nonnegative().default(0),
  features_rest: z.number().nonnegative().default(0),
});

/**
 * What tensor shapes can't tell: the content of `NAME.json` beside `NAME.pth`. Unknown keys are notes for people and
 * are ignored.
 */
export const sidecarSchema = z
  .object({
    kind: z.enum(['splatformer', 'anchorsplat']),
    shDegree: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
    encoderDepths: counts,
    encoderHeads: counts,
    decoderDepths: counts,
    decoderHeads: counts,
    patchSize: count,
    gridResolution: count.max(LARGEST_GRID).optional(),
    gridRule: gridRuleSchema.optional(),
    strides: listOf(z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]), { min: 1 }),
    quaternions: z.enum(['raw', 'unit']),
    normalization: z.enum(['boundingBox', 'centredOrBoundingBox']),
    /** AnchorSplat: reach of the means' residual in normalised units. */
    anchorOffset: z.number().positive().optional(),
    /** Meaning of features_dc. A degree-0 SplatFormer has `sigmoid`, every other model `sh`. */
    colour: z.enum(['sh', 'sigmoid']).optional(),
    /** Comfortable number of splats in one pass; larger scenes are refined in overlapping blocks. */
    maxSplats: count.min(64).optional(),
    noiseFloor: noiseFloorSchema.optional(),
    /** The network also takes visibility features, see `visibilityFeatures`. */
    sight: z.boolean().optional(),
    /** Its low views are those of the capture where anything tells of them, see `captureLowViews`. Needs `sight`. */
    captureViews: z.boolean().optional(),
    /** Opacity residuals stay shorter than this many logits: x / (1 + |x| / reach). */
    opacityReach: z.number().positive().optional(),
    /** Augmentations of a scene whose answers are averaged, see `augmentations`. */
    symmetries: count.max(augmentations.length).optional(),
    name: z.string().optional(),
    license: z.string().optional(),
    figures: z.unknown().optional(),
  })
  .refine(
    (sidecar) => (sidecar.gridResolution === undefined) !== (sidecar.gridRule === undefined),
    'needs exactly one of gridResolution and gridRule',
  );
export type Sidecar = z.infer<typeof sidecarSchema>;

/** Limits on the output, in storage space; AnchorSplat's are 20, 5 and 10, SplatFormer has none. */
export const clampsSchema = z.object({
  /** Largest magnitude of an opacity logit. */
  logitOpacity: z.number().positive().nullable(),
  /** Largest log-scale in normalised units (scene of side 1). */
  normalizedLogScale: z.number().nullable(),
  /** Largest magnitude of a spherical harmonics coefficient. */
  sh: z.number().positive().nullable(),
});

/** Everything that decides what a model computes, checked; the weights apart. */
export const manifestSchema = z.object({
  name: z.string(),
  license: z.string(),
  figures: z.unknown(),
  kind: z.enum(['splatformer', 'anchorsplat']),
  shDegree: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  /** Columns a splat at the network's input: `splatWidth`, and `visibilityWidth` more where `sight` says so. */
  inputs: count,
  sight: z.boolean(),
  captureViews: z.boolean(),
  /** K, output splats an input splat. */
  copies: count,
  encoderDepths: counts,
  encoderChannels: counts,
  encoderHeads: counts,
  /** Decoder lists run from stage 0 (finest) to the coarsest. */
  decoderDepths: counts,
  decoderChannels: counts,
  decoderHeads: counts,
  strides: counts,
  patchSize: count,
  gridResolution: count.nullable(),
  gridRule: gridRuleSchema.nullable(),
  quaternions: z.enum(['raw', 'unit']),
  normalization: z.enum(['boundingBox', 'centredOrBoundingBox']),
  colour: z.enum(['sh', 'sigmoid']),
  /** Factor on tanh(head) of the means, normalised units. */
  meansReach: z.number().positive(),
  opacityReach: z.number().positive().nullable(),
  symmetries: count,
  clamps: clampsSchema,
  noiseFloor: noiseFloorSchema.nullable(),
  /** Output splats with a NaN or infinity are dropped (AnchorSplat) instead of failing the job. */
  dropNonFinite: z.boolean(),
  maxSplats: count,
  /** Trainable numbers, batch norm's scale and shift included. */
  parameters: count,
});
export type RefineManifest = z.infer<typeof manifestSchema>;

/** The file beside a checkpoint, for the words of what is wrong with it. */
const SIDECAR = {
  name: 'The description file beside the checkpoint',
  what: 'one',
  advice: 'Compare it with that of the shipped model, splatformer-desktop.json.',
  code: 'model-invalid',
} as const;

/** The text of a sidecar file, parsed but not yet checked. Throws `model-invalid` where it is not JSON. */
export function sidecarJson(text: string): unknown {
  return parseJson(SIDECAR, text);
}

/** Checks the content of a sidecar file. Throws `model-invalid` naming the first fields that are wrong. */
export function parseSidecar(value: unknown): Sidecar {
  return checkJson(SIDECAR, value, sidecarSchema);
}

/** Widths of the two published families; a checkpoint of exactly these needs no sidecar. */
export const publishedChannels = {
  encoder: [64, 96, 128, 256, 512],
  decoder: [96, 96, 128, 256],
  encoderDepths: [2, 2, 2, 6, 2],
  decoderDepths: [2, 2, 2, 2],
} as const;

/**
 * What the papers' configurations say beyond the shapes (head counts, patch, grid, strides); both families share it.
 */
export function publishedSidecar(kind: Sidecar['kind'], shDegree: Sidecar['shDegree']): Sidecar {
  return {
    kind,
    shDegree,
    encoderDepths: [...publishedChannels.encoderDepths],
    encoderHeads: [2, 4, 8, 16, 32],
    decoderDepths: [...publishedChannels.decoderDepths],
    decoderHeads: [4, 4, 8, 16],
    patchSize: 1024,
    gridResolution: 384,
    strides: [1, 2, 2, 2],
    quaternions: 'raw',
    normalization: kind === 'anchorsplat' ? 'centredOrBoundingBox' : 'boundingBox',
    ...(kind === 'anchorsplat' ? { anchorOffset: 0.015 } : {}),
    license: kind === 'anchorsplat' ? 'MIT' : 'not stated by its authors',
  };
}
