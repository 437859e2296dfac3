import { z } from 'zod';
import { listOf } from '../core/list-of.ts';
import type { BatchQueue } from './queue.ts';
import { ITEM_STATES, UP_CHOICES, countStates, errorSchema, resultSchema } from './queue.ts';

const fileSchema = z.object({
  input: z.string(),
  output: z.string().optional(),
  state: z.enum(ITEM_STATES),
  inputBytes: z.int(),
  milliseconds: z.number().optional(),
  result: resultSchema.optional(),
  error: errorSchema.optional(),
});

/** The saved report of a batch. */
export const reportSchema = z.object({
  kind: z.literal('splatformer-batch-report'),
  version: z.literal(1),
  app: z.string(),
  /** ISO 8601. */
  created: z.iso.datetime(),
  settings: z.object({
    outputFolder: z.string(),
    pattern: z.string(),
    format: z.string(),
    model: z.string(),
    strength: z.number(),
    up: z.enum(UP_CHOICES).default('file'),
    replace: z.boolean(),
  }),
  summary: z.object({
    files: z.int(),
    states: z.record(z.enum(ITEM_STATES), z.int()),
    splats: z.int(),
    outputBytes: z.int(),
    /** Sum over the files, not the time that passed. */
    milliseconds: z.number(),
  }),
  files: listOf(fileSchema),
});
export type BatchReport = z.infer<typeof reportSchema>;
export type ReportedFile = z.infer<typeof fileSchema>;

export interface ReportFacts {
  readonly app: string;
  readonly created: Date;
  readonly outputFolder: string;
  readonly modelName: string;
}

/** What happened to every file of a batch, with the settings that it ran under. */
export function makeReport(
  { settings, items }: BatchQueue,
  { app, created, outputFolder, modelName }: ReportFacts,
): BatchReport {
  const sum = (value: (item: BatchQueue['items'][number]) => number | undefined): number =>
    items.reduce((total, item) => total + (value(item) ?? 0), 0);
  return {
    kind: 'splatformer-batch-report',
    version: 1,
    app,
    created: created.toISOString(),
    settings: {
      outputFolder,
      pattern: settings.pattern,
      format: settings.format,
      model: modelName,
      strength: settings.strength,
      up: settings.up,
      replace: settings.replace,
    },
    summary: {
      files: items.length,
      states: countStates(items),
      splats: sum(({ result }) => result?.splats),
      outputBytes: sum(({ result }) => result?.outputBytes),
      milliseconds: sum(({ milliseconds }) => milliseconds),
    },
    files: items.map(({ input, output, state, bytes, milliseconds, result, error }) => ({
      input,
      ...(output === undefined ? {} : { output }),
      state,
      inputBytes: bytes,
      ...(milliseconds === undefined ? {} : { milliseconds }),
      ...(result === undefined ? {} : { result }),
      ...(error === undefined ? {} : { error }),
    })),
  };
}
