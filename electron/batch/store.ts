import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EMPTY_QUEUE, queueSchema, recover, runningItem } from '../../renderer/batch/queue.ts';
import type { BatchQueue, Commit } from '../../renderer/batch/queue.ts';
import { removeLeftovers, writeFileAtomically } from '../../renderer/io/node-write.ts';

export interface LoadedQueue {
  readonly queue: BatchQueue;
  /** The app ended while this batch ran or was paused, and files are left. */
  readonly wasInterrupted: boolean;
  /** The file was damaged; it lies aside under this path. */
  readonly damaged?: string;
}

/** The queue on disk: one JSON file, replaced whole, so that a crash leaves its last state or the one before. */
export class QueueStore {
  private writing: Promise<void> | undefined;
  private next: { readonly queue: BatchQueue; readonly promise: Promise<void>; readonly settle: (error?: unknown) => void } | undefined;

  constructor(private readonly file: string) {}

  /** The queue as it was left, with what a crash cut short cleaned up and in line again. */
  async load(): Promise<LoadedQueue> {
    let left: BatchQueue;
    try {
      left = queueSchema.parse(JSON.parse(await readFile(this.file, 'utf8')));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { queue: EMPTY_QUEUE, wasInterrupted: false };
      const damaged = `${this.file}.damaged`;
      await rename(this.file, damaged).catch(() => undefined);
      return { queue: EMPTY_QUEUE, wasInterrupted: false, damaged };
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
   * Rejects where the file system refuses.
   */
  save(queue: BatchQueue): Promise<void> {
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
    if (next !== undefined) this.save(next.queue).then(() => next.settle(), next.settle);
  }

  private async write(queue: BatchQueue): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    await writeFileAtomically(this.file, new TextEncoder().encode(`${JSON.stringify(queue)}\n`), { overwrite: true });
  }
}

function waitingWrite(queue: BatchQueue) {
  let settle: (error?: unknown) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined ? resolve() : reject(error as Error));
  });
  return { queue, promise, settle };
}

/** Whether the file at `output` is this answer, byte for byte. */
export async function isOnDisk(output: string, { bytes, sha256 }: Commit): Promise<boolean> {
  const size = await stat(output).then((info) => info.size, () => -1);
  if (size !== bytes) return false;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(output)) hash.update(chunk as Buffer);
  return hash.digest('hex') === sha256;
}
