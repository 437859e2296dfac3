import { z } from 'zod';
import { listOf } from '../core/list-of.ts';
import { UP_AXES } from '../core/up-axes.ts';
import { regionSchema } from '../refine/region-choice.ts';

/** Most steps, scenes and parts that a file may name: far beyond what a person does. */
const MOST = 100_000;
const MAX_SPLATS = 2 ** 31 - 1;

/** The name of a part: an array's bytes, kept beside the record. */
export const partId = z.string().regex(/^[a-z0-9-]{1,64}$/);
const index = z.int().min(0).max(MOST);
const count = z.int().min(0).max(MAX_SPLATS);
const shDegree = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);

/** An array of a scene: a part, or that of the same name of another scene. */
const arrayRecord = z.union([z.strictObject({ part: partId }), z.strictObject({ scene: index })]);

const metaRecord = z.strictObject({
  antialiased: z.boolean(),
  up: z.enum(UP_AXES),
  upIsGuessed: z.boolean().optional(),
  origin: z.tuple([z.number(), z.number(), z.number()]).optional(),
  format: z.string().max(64),
  name: z.string().max(4096),
  degreeInFile: z.union([shDegree, z.literal(4)]).optional(),
  beside: listOf(z.string().max(100), { max: 20 }).optional(),
});

const extraRecord = z.strictObject({
  name: z.string().max(1000),
  type: z.enum(['char', 'uchar', 'short', 'ushort', 'int', 'uint', 'float', 'double']),
  values: partId,
});

const settingsRecord = z.strictObject({
  strength: z.number(),
  switches: z.strictObject({
    means: z.boolean(),
    scales: z.boolean(),
    opacities: z.boolean(),
    quats: z.boolean(),
    colours: z.boolean(),
  }),
  /** A bit for each splat. */
  mask: partId.optional(),
});
export type SettingsRecord = z.infer<typeof settingsRecord>;

/** How a scene comes about; each refers to earlier ones alone. */
const sceneRecord = z.discriminatedUnion('kind', [
  /** As the scene file has it. */
  z.strictObject({ kind: z.literal('source'), count }),
  /** The rows of a scene whose bit in `keep` is set. */
  z.strictObject({ kind: z.literal('rows'), of: index, keep: partId }),
  /** A scene with residuals as the settings say. */
  z.strictObject({ kind: z.literal('blend'), of: index, residuals: index, settings: settingsRecord }),
  z.strictObject({
    kind: z.literal('arrays'),
    count,
    shDegree,
    meta: metaRecord,
    arrays: z.strictObject({
      positions: arrayRecord,
      logScales: arrayRecord,
      quats: arrayRecord,
      logitOpacities: arrayRecord,
      shDc: arrayRecord,
      shRest: arrayRecord,
    }),
    extra: listOf(extraRecord, { max: 1000 }).optional(),
  }),
]);
export type SceneRecord = z.infer<typeof sceneRecord>;

const residualsRecord = z.strictObject({
  rows: partId,
  copies: z.int().min(1).max(1000),
  shDegree,
  values: z.strictObject({
    means: partId,
    scales: partId,
    opacities: partId,
    quats: partId,
    features_dc: partId,
    features_rest: partId,
  }),
  logScale: z.number(),
  quaternions: z.enum(['raw', 'unit']),
  colour: z.enum(['sh', 'sigmoid']),
  clamps: z.strictObject({
    sh: z.number().nullable(),
    logitOpacity: z.number().nullable(),
    normalizedLogScale: z.number().nullable(),
  }),
  dropNonFinite: z.boolean(),
});
export type ResidualsRecord = z.infer<typeof residualsRecord>;

const refinedRecord = z.strictObject({
  scene: index,
  residuals: index,
  settings: settingsRecord,
  seconds: z.number(),
  description: z.string().max(10_000),
  modelId: z.string().max(10_000),
  figures: listOf(z.tuple([z.string().max(1000), z.string().max(10_000)]), { max: 100 }),
});

const stepRecord = z.strictObject({
  label: z.string().max(1000),
  key: z.string().max(1000).optional(),
  original: index,
  refined: refinedRecord.optional(),
  /** A bit for each splat. */
  selection: partId.optional(),
  region: regionSchema,
});
export type StepRecord = z.infer<typeof stepRecord>;

/** A history as a file has it: the arrays lie beside it as parts. */
export const historyRecordSchema = z
  .strictObject({
    scenes: listOf(sceneRecord, { max: MOST }),
    residuals: listOf(residualsRecord, { max: MOST }),
    steps: listOf(stepRecord, { min: 1, max: MOST }),
    index,
    dropped: z.int().min(0),
  })
  .refine(({ steps, index: present }) => present < steps.length, 'index must be that of a step');
export type HistoryRecord = z.infer<typeof historyRecordSchema>;
