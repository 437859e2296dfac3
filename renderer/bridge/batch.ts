import { z } from 'zod';
import { UP_CHOICES, settingsSchema } from '../batch/queue.ts';
import type { BatchAdded, BatchView } from '../batch/view.ts';
import { listOf } from '../core/list-of.ts';
import type { SaveTarget, SceneFile } from './files.ts';
import { fileId } from './files.ts';
import { droppedFiles, message } from './message.ts';

const rowIds = listOf(z.uuid(), { max: 1_000_000 });
const runAction = z.enum(['start', 'pause', 'cancel']);
const itemAction = z.enum(['cancel', 'retry', 'remove']);
const whichFile = z.enum(['input', 'output']);

/** Choices that the page may change while nothing runs. */
const batchPatchSchema = z.strictObject({
  pattern: z.string().max(1000).exactOptional(),
  format: settingsSchema.shape.format.exactOptional(),
  strength: settingsSchema.shape.strength.exactOptional(),
  up: z.enum(UP_CHOICES).exactOptional(),
  replace: settingsSchema.shape.replace.exactOptional(),
  /** A handle that main gave out; null is the shipped model. */
  modelId: fileId.nullable().exactOptional(),
});
export type BatchSettingsPatch = Readonly<z.infer<typeof batchPatchSchema>>;

/** What the page may ask about the batch. Rows are named by ids that main gave out; paths never reach the page. */
export const BATCH_MESSAGES = {
  /** The list as it is; changes follow through `onBatchChange`. */
  batchView: message<() => BatchView>(),
  /** Asks for scene files; undefined where the dialog was left. */
  batchAddFiles: message<() => BatchAdded | undefined>(),
  /** Asks for a folder, whose sub-folders count too. */
  batchAddFolder: message<() => BatchAdded | undefined>(),
  batchAddDropped: droppedFiles<BatchAdded>(),
  batchChooseOutput: message<() => void>(),
  batchChange: message<(patch: BatchSettingsPatch) => void>(batchPatchSchema),
  /** `start` also goes on after a pause. */
  batchRun: message<(action: z.infer<typeof runAction>) => void>(runAction),
  batchItems: message<(action: z.infer<typeof itemAction>, ids: readonly string[]) => void>(itemAction, rowIds),
  /** A handle for a row's file or its finished answer. */
  batchScene: message<(id: string, which: z.infer<typeof whichFile>) => SceneFile>(z.uuid(), whichFile),
  /** Shows a row's answer, or its file where there is none, in the system's file manager. */
  batchReveal: message<(id: string) => void>(z.uuid()),
  /** Asks where to save the report (HTML or JSON); the file, or undefined. */
  batchSaveReport: message<() => SaveTarget | undefined>(),
  batchDismissResume: message<() => void>(),
};
