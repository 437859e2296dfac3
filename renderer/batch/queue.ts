import { UP_AXES } from '../core/up-axes.ts';
import { z } from 'zod';
import type { ErrorRecord } from '../core/errors.ts';
import { listOf } from '../core/list-of.ts';
import { recordOf } from '../core/record-of.ts';
import { WRITABLE_FORMATS } from '../core/writable-formats.ts';

/**
 * The queue of a batch as plain data, and every way in which it may change. Functions take a queue and return a new
 * one; items that did not change stay the same objects, so that what changed can be told by comparing.
 */

/**
 * `queued` waits; `running` is being refined; `done`; `skipped`: its output was there already and was left alone;
 * `failed`; `cancelled` by a person.
 */
export const ITEM_STATES = ['queued', 'running', 'done', 'skipped', 'failed', 'cancelled'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

const count = z.int().min(0);

/** An ErrorRecord in a file. */
export const errorSchema = z.object({ code: z.string(), message: z.string(), advice: z.string().optional() });

/** What refining one file gave: figures, no arrays. */
export const resultSchema = z.object({
  splats: count,
  refined: count,
  invalidPassedThrough: count,
  outputSplats: count,
  blocks: count,
  backend: z.string(),
  outputBytes: count,
  /** Mean size of the change by attribute at strength 1, in storage space and world units. */
  meanChange: recordOf(z.string(), z.number()),
  /** Sentences on the answer, such as what its format can't hold. Absent where there are none, and in old lists. */
  notes: listOf(z.string().max(2000), { max: 20 }).optional(),
});
export type ItemResult = z.infer<typeof resultSchema>;

/** An answer that is complete in memory and may or may not have reached its place on disk. */
export const commitSchema = z.object({
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  result: resultSchema,
});
export type Commit = z.infer<typeof commitSchema>;

const itemSchema = z.object({
  id: z.uuid(),
  /** Absolute path of the scene. */
  input: z.string(),
  /** The scene's name without extension. */
  stem: z.string(),
  /** Words for where it comes from: its place below the folder that was added, or its own folder's name. */
  folder: z.string(),
  bytes: count,
  state: z.enum(ITEM_STATES),
  /** Absolute path of the answer, since the item was last started. */
  output: z.string().optional(),
  commit: commitSchema.optional(),
  result: resultSchema.optional(),
  error: errorSchema.optional(),
  milliseconds: z.number().min(0).optional(),
});
export type BatchItem = z.infer<typeof itemSchema>;

export const UP_CHOICES = ['file', ...UP_AXES] as const;

export const settingsSchema = z.object({
  /** Absolute path. Absent while the queue has never held a file. */
  outputFolder: z.string().optional(),
  /** A person chose that folder; otherwise it follows the first file of a new list. */
  outputFolderIsChosen: z.boolean(),
  pattern: z.string(),
  format: z.enum(WRITABLE_FORMATS),
  /** Checkpoint; null is the one that comes with the app. */
  model: z.object({ path: z.string(), name: z.string() }).nullable(),
  /** Factor on every change, 0 to 1.5. */
  strength: z.number().min(0).max(1.5),
  /** What is up in all scenes; `file` is each file's own word, see `resolveUp`. Queues of before had no choice. */
  up: z.enum(UP_CHOICES).default('file'),
  /** Replaces outputs that are there already. */
  replace: z.boolean(),
});
export type BatchSettings = z.infer<typeof settingsSchema>;

/** Whether items are started one after another; `paused` holds the one under way too. */
export const RUN_STATES = ['idle', 'running', 'paused'] as const;
export type RunState = (typeof RUN_STATES)[number];

export const queueSchema = z.object({
  version: z.literal(1),
  run: z.enum(RUN_STATES),
  settings: settingsSchema,
  items: listOf(itemSchema),
});
export type BatchQueue = z.infer<typeof queueSchema>;

export const DEFAULT_PATTERN = '{name}-refined';

export const EMPTY_QUEUE: BatchQueue = {
  version: 1,
  run: 'idle',
  settings: {
    outputFolderIsChosen: false,
    pattern: DEFAULT_PATTERN,
    format: 'inria-ply',
    model: null,
    strength: 1,
    up: 'file',
    replace: false,
  },
  items: [],
};

export type NewItem = Pick<BatchItem, 'id' | 'input' | 'stem' | 'folder' | 'bytes'>;

/** Adds scenes that are not in the queue yet. */
export function addItems(queue: BatchQueue, added: readonly NewItem[]): BatchQueue {
  const known = new Set(queue.items.map(({ input }) => input));
  const fresh = added.filter(({ input }) => {
    if (known.has(input)) return false;
    known.add(input);
    return true;
  });
  return { ...queue, items: [...queue.items, ...fresh.map((item): BatchItem => ({ ...item, state: 'queued' }))] };
}

export function changeSettings(queue: BatchQueue, patch: Partial<BatchSettings>): BatchQueue {
  return { ...queue, settings: { ...queue.settings, ...patch } };
}

export function setRun(queue: BatchQueue, run: RunState): BatchQueue {
  return queue.run === run ? queue : { ...queue, run };
}

export function nextQueued(queue: BatchQueue): BatchItem | undefined {
  return queue.items.find(({ state }) => state === 'queued');
}

export function runningItem(queue: BatchQueue): BatchItem | undefined {
  return queue.items.find(({ state }) => state === 'running');
}

/** Takes an item up; its answer will go to `output`. */
export function start(queue: BatchQueue, id: string, output: string): BatchQueue {
  return change(queue, (item) =>
    item.id === id && item.state === 'queued' ? { ...bare(item), state: 'running', output } : item,
  );
}

/** Notes what the answer of the running item will look like on disk. */
export function commit(queue: BatchQueue, id: string, answer: Commit): BatchQueue {
  return change(queue, (item) => (item.id === id && item.state === 'running' ? { ...item, commit: answer } : item));
}

export function finish(queue: BatchQueue, id: string, result: ItemResult, milliseconds: number): BatchQueue {
  return change(queue, (item) =>
    item.id === id && item.state === 'running' ? { ...ended(item), state: 'done', result, milliseconds } : item,
  );
}

export function fail(queue: BatchQueue, id: string, error: ErrorRecord, milliseconds: number): BatchQueue {
  const state = error.code === 'exists' ? 'skipped' : 'failed';
  return change(queue, (item) =>
    item.id === id && item.state === 'running' ? { ...ended(item), state, error, milliseconds } : item,
  );
}

/** Cancels what waits or runs; the caller ends the work on a running one. */
export function cancel(queue: BatchQueue, ids: ReadonlySet<string>): BatchQueue {
  return change(queue, (item) => (ids.has(item.id) && isOpen(item) ? { ...bare(item), state: 'cancelled' } : item));
}

/** Puts what failed, was skipped or was cancelled back in line. */
export function retry(queue: BatchQueue, ids: ReadonlySet<string>): BatchQueue {
  return change(queue, (item) => (ids.has(item.id) && isRetryable(item) ? { ...bare(item), state: 'queued' } : item));
}

/** Puts the running item back in line, as if it had not been started. */
export function requeue(queue: BatchQueue, id: string): BatchQueue {
  return change(queue, (item) =>
    item.id === id && item.state === 'running' ? { ...bare(item), state: 'queued' } : item,
  );
}

/** Takes rows off the list; files stay. A running one must be cancelled first. */
export function remove(queue: BatchQueue, ids: ReadonlySet<string>): BatchQueue {
  return { ...queue, items: queue.items.filter((item) => !ids.has(item.id) || item.state === 'running') };
}

/**
 * The queue as a crash or a quit left it, made ready to go on: an item that was under way waits again, unless its
 * answer had reached its place, which `isOnDisk` tells.
 */
export function recover(queue: BatchQueue, isOnDisk: (output: string, answer: Commit) => boolean): BatchQueue {
  return change({ ...queue, run: 'idle' }, (item) => {
    if (item.state !== 'running') return item;
    const { output, commit: answer } = item;
    if (output !== undefined && answer !== undefined && isOnDisk(output, answer))
      return { ...ended(item), state: 'done', result: answer.result };
    return { ...bare(item), state: 'queued' };
  });
}

/** Waits or runs. */
export function isOpen({ state }: Pick<BatchItem, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

export function isRetryable({ state }: Pick<BatchItem, 'state'>): boolean {
  return state === 'failed' || state === 'skipped' || state === 'cancelled';
}

export type StateCounts = Readonly<Record<ItemState, number>>;

export function countStates(items: readonly Pick<BatchItem, 'state'>[]): StateCounts {
  const counts: Record<ItemState, number> = { queued: 0, running: 0, done: 0, skipped: 0, failed: 0, cancelled: 0 };
  for (const { state } of items) counts[state] += 1;
  return counts;
}

function change(queue: BatchQueue, body: (item: BatchItem) => BatchItem): BatchQueue {
  return { ...queue, items: queue.items.map(body) };
}

/** The item as it was added. */
function bare({ id, input, stem, folder, bytes, state }: BatchItem): BatchItem {
  return { id, input, stem, folder, bytes, state };
}

/** The item without what only a running one has. */
function ended(item: BatchItem): BatchItem {
  return { ...bare(item), ...(item.output === undefined ? {} : { output: item.output }) };
}
