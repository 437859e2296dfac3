import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { EMPTY_QUEUE, queueSchema, recover, runningItem } from '../../renderer/batch/queue.ts';
import type { BatchQueue, Commit } from '../../renderer/batch/queue.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { removeLeftovers, writeFileAtomically } from '../../renderer/io/node-write.ts';

export interface LoadedQueue {
  readonly queue: BatchQueue;
  /** The app ended while this batch ran or was paused, and files are left. */
  readonly wasInterrupted: boolean;
  /** What kept the list from being read, as sentences. */
  readonly problem?: string;
}

/** The queue on disk: one JSON file, replaced whole, so that a crash leaves its last state or the one before. */
export class QueueStore {
  private writing: Promise<void> | undefined;
  /** The list is there but could not be read: it may be whole, so nothing of this run is written over it. */
  private isLeftAlone = false;
  private next:
    | { readonly queue: BatchQueue; readonly promise: Promise<void>; readonly follow: (write: Promise<void>) => void }
    | undefined;

  constructor(private readonly file: string) {}

  /** The queue as it was left, with what a crash cut short cleaned up and in line again. */
  async load(): Promise<LoadedQueue> {
    const nothing = { queue: EMPTY_QUEUE, wasInterrupted: false };
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
      this.isLeftAlone = true;
      return {
        ...nothing,
        problem:
          `${fileError(error, 'read', basename(this.file)).sentence} The list of the batch starts empty, ` +
          'and what is added is kept only until the app ends.',
      };
    }
    let left: BatchQueue;
    try {
      left = queueSchema.parse(JSON.parse(text));
    } catch {
      const damaged = `${this.file}.damaged`;
      await rename(this.file, damaged).catch(() => undefined);
      return { ...nothing, problem: `The list of the batch was damaged and is backed up as ${damaged}.` };
    }
    const { output, commit: answer } = runningItem(left) ?? {};
    let isFinished = false;
    if (output !== undefined) {
      await removeLeftovers(output);
      isFinished = answer !== undefined && (await isOnDisk(output, answer));
    }
    const queue = recover(left, () => isFinished);
    return { queue, wasInterrupted: left.run !== 'idle' && queue.items.some(({ state }) => state === 'queued') };
  }

  /**
   * Resolves when this queue, or a later one, is on disk. While one state is being written only the newest waits.
   * Rejects where the file system refuses. Writes nothing over a list that could not be read.
   */
  save(queue: BatchQueue): Promise<void> {
    if (this.isLeftAlone) return Promise.resolve();
    if (this.writing === undefined) {
      this.writing = this.write(queue).finally(() => this.writeNext());
      return this.writing;
    }
    const waiting = this.next ?? waitingWrite(queue);
    this.next = { ...waiting, queue };
    return waiting.promise;
  }

  private writeNext(): void {
    const { next } = this;
    this.next = undefined;
    this.writing = undefined;
    if (next !== undefined) next.follow(this.save(next.queue));
  }

  private async write(queue: BatchQueue): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    await writeFileAtomically(this.file, new TextEncoder().encode(`${JSON.stringify(queue)}\n`), { overwrite: true });
  }
}

function waitingWrite(queue: BatchQueue) {
  let follow: (write: Promise<void>) => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    follow = resolve;
  });
  return { queue, promise, follow };
}

/** Whether the file at `output` is this answer, byte for byte. One that can't be read counts as another. */
export async function isOnDisk(output: string, { bytes, sha256 }: Commit): Promise<boolean> {
  const size = await stat(output).then(
    (info) => info.size,
    () => -1,
  );
  if (size !== bytes) return false;
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(output)) hash.update(chunk as Buffer);
  } catch {
    return false;
  }
  return hash.digest('hex') === sha256;
}
