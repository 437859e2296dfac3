import { z } from 'zod';
import { UP_CHOICES, settingsSchema } from '../../renderer/batch/queue.ts';

const id = z.uuid();
const ids = z.array(id).max(1_000_000);
/** Paths come from the preload script (webUtils.getPathForFile of real dropped files), not from the page. */
const droppedPaths = z.array(z.string().min(1).max(4096)).max(100_000);
const patchSchema = settingsSchema
  .pick({ pattern: true, format: true, strength: true, replace: true })
  .partial()
  .extend({
    up: z.enum(UP_CHOICES).optional(),
    pattern: z.string().max(1000).optional(),
    modelId: id.nullable().optional(),
  })
  .strict();

export const BATCH_CHANNEL_ARGUMENTS = {
  batchView: z.tuple([]),
  batchAddFiles: z.tuple([]),
  batchAddFolder: z.tuple([]),
  batchAddDropped: z.tuple([droppedPaths]),
  batchChooseOutput: z.tuple([]),
  batchChange: z.tuple([patchSchema]),
  batchRun: z.tuple([z.enum(['start', 'pause', 'cancel'])]),
  batchItems: z.tuple([z.enum(['cancel', 'retry', 'remove']), ids]),
  batchScene: z.tuple([id, z.enum(['input', 'output'])]),
  batchReveal: z.tuple([id]),
  batchSaveReport: z.tuple([]),
  batchDismissResume: z.tuple([]),
} as const;
