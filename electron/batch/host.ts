import { assertPattern } from '../../renderer/batch/naming.ts';
import { batchProgress } from '../../renderer/batch/progress.ts';
import {
  EMPTY_QUEUE,
  cancel,
  changeSettings,
  commit,
  countStates,
  fail,
  finish,
  isOpen,
  nextQueued,
  remove,
  requeue,
  retry,
  setRun,
  start,
} from '../../renderer/batch/queue.ts';
import type { BatchItem, BatchQueue, BatchSettings, StateCounts } from '../../renderer/batch/queue.ts';
import { makeReport } from '../../renderer/batch/report.ts';
import type { BatchReport } from '../../renderer/batch/report.ts';
import { difference, rowOf, settingsView } from '../../renderer/batch/view.ts';
import type { BatchAdded, BatchChange, BatchStatus, BatchView } from '../../renderer/batch/view.ts';
import { SplatError, type ErrorRecord } from '../../renderer/core/errors.ts';
import { makeFolder, removeLeftovers } from '../../renderer/io/node-write.ts';
import { toFailure } from '../failure.ts';
import { FileRun } from './file-run.ts';
import { admit, gather } from './intake.ts';
import type { FromWorker } from './messages.ts';
import { assertNoInput, outputOf } from './outputs.ts';
import type { QueueStore } from './store.ts';
import { isOnDisk } from './store.ts';
import type { StartWorker } from './worker-slot.ts';
import { WorkerSlot } from './worker-slot.ts';

export interface BatchModel {
  readonly path: string;
  readonly name: string;
}

export interface BatchHostParts {
  readonly store: QueueStore;
  readonly startWorker: StartWorker;
  readonly shippedModel: BatchModel;
  readonly onChange: (change: BatchChange) => void;
  /** A run has come to its end: nothing waits any more, or the whole can't go on. */
  readonly onEnd: (counts: StateCounts, problem: ErrorRecord | undefined) => void;
  readonly warn: (message: string) => void;
}

/** Messages about progress go to the page no faster than this. */
const PROGRESS_MS = 100;
/** A batch runs over a weekend: it does not end because one start of its process was cut short. */
const MOST_FAILED_STARTS = 3;

/**
 * The batch: its queue, its process, and what the page learns of both. Every change of the queue goes to disk; a
 * result is written only after its checksum has been, so that a crash at any moment leaves a queue that knows what is
 * finished.
 */
export class BatchHost {
  private queue: BatchQueue = EMPTY_QUEUE;
  private readonly slot: WorkerSlot;
  private current: FileRun | undefined;
  /** Paused, and nothing computes any more. */
  private isHeld = false;
  private offersResume = false;
  private problem: ErrorRecord | undefined;
  private isClosing = false;
  private isLoaded = false;
  private sentProgressMs = 0;
  /** Starts of the process in a row that came to nothing. */
  private failedStarts = 0;
  /** What this run has done, for the time that is left. */
  private pace = { bytes: 0, milliseconds: 0 };

  constructor(private readonly parts: BatchHostParts) {
    this.slot = new WorkerSlot(parts.startWorker, {
      message: (message) => this.receive(message),
      died: (code, hasSpoken) => void this.workerDied(code, hasSpoken),
    });
  }

  /** Reads the queue as the last run of the app left it. */
  async load(): Promise<void> {
    const { queue, wasInterrupted, problem } = await this.parts.store.load();
    this.queue = queue;
    this.isLoaded = true;
    this.offersResume = wasInterrupted;
    if (problem !== undefined) this.parts.warn(problem);
  }

  get view(): BatchView {
    return { rows: this.queue.items.map(rowOf), status: this.status };
  }

  get run(): BatchQueue['run'] {
    return this.queue.run;
  }

  /** Whether a file is under way, or the next one is about to be; not while it is held. */
  get isAtWork(): boolean {
    return this.queue.run !== 'idle' && !this.isHeld;
  }

  /** How far the whole is, 0 to 1. */
  get fraction(): number {
    return batchProgress(this.queue.items, this.current?.fraction ?? 0).fraction;
  }

  /** Adds scene files, and the scenes in folders and their sub-folders. @throws SplatError as `gather` */
  async add(paths: readonly string[]): Promise<BatchAdded> {
    const [first, ...others] = paths;
    if (first === undefined) return { added: 0, known: 0, models: 0 };
    const intake = await gather([first, ...others], () => this.queue);
    const before = this.queue.items.length;
    this.update(admit(this.queue, intake));
    const added = this.queue.items.length - before;
    this.pump();
    return { added, known: intake.items.length - added, models: intake.models };
  }

  /** Changes choices; refused while files are under way, which must all be treated alike. */
  change(patch: Partial<BatchSettings>): void {
    this.assertIdle();
    if (patch.pattern !== undefined) assertPattern(patch.pattern);
    this.update(changeSettings(this.queue, patch));
  }

  /** Starts, or goes on after a pause. @throws SplatError `io` where the output folder can't be made. */
  async start(): Promise<void> {
    if (this.queue.run === 'paused') {
      this.current?.release();
      this.isHeld = false;
      this.update(setRun(this.queue, 'running'));
      this.slot.line?.send({ kind: 'resume' });
      return this.pump();
    }
    const { outputFolder } = this.queue.settings;
    if (this.queue.run === 'running' || outputFolder === undefined || nextQueued(this.queue) === undefined) return;
    await makeFolder(outputFolder);
    this.offersResume = false;
    this.problem = undefined;
    this.pace = { bytes: 0, milliseconds: 0 };
    this.failedStarts = 0;
    this.update(setRun(this.queue, 'running'));
    this.pump();
  }

  /** Starts nothing more and holds the file under way at its next stage. */
  pause(): void {
    if (this.queue.run !== 'running') return;
    this.isHeld = this.current === undefined;
    this.slot.line?.send({ kind: 'pause' });
    this.update(setRun(this.queue, 'paused'));
  }

  /** Cancels files that wait or run; the one under way ends at once. */
  async cancel(ids: readonly string[]): Promise<void> {
    const chosen = new Set(ids);
    const running = this.current;
    const endsRunning = running !== undefined && chosen.has(running.id);
    if (endsRunning) chosen.delete(running.id);
    this.update(cancel(this.queue, chosen));
    if (endsRunning) {
      running.isCancelled = true;
      await this.slot.end();
      await this.settle(running, (queue) => cancel(queue, new Set([running.id])));
    }
    this.next();
  }

  cancelAll(): Promise<void> {
    return this.cancel(this.queue.items.filter(isOpen).map(({ id }) => id));
  }

  retry(ids: readonly string[]): void {
    this.update(retry(this.queue, new Set(ids)));
    this.pump();
  }

  remove(ids: readonly string[]): void {
    this.update(remove(this.queue, new Set(ids)));
    if (this.queue.items.some(isOpen)) return;
    this.dismissResume();
    this.next();
  }

  dismissResume(): void {
    this.offersResume = false;
    this.sendStatus();
  }

  report(app: string): BatchReport {
    return makeReport(this.queue, {
      app,
      created: new Date(),
      outputFolder: this.queue.settings.outputFolder ?? '',
      modelName: this.model.name,
    });
  }

  /** Path of an item's input, or of its finished answer. */
  pathOf(id: string, which: 'input' | 'output'): string {
    const item = this.queue.items.find((candidate) => candidate.id === id);
    if (item === undefined) throw new SplatError('usage', 'This file is no longer in the list.');
    if (which === 'input') return item.input;
    if (item.state !== 'done' || item.output === undefined) throw new SplatError('usage', 'This file has no result.');
    return item.output;
  }

  /** Path of an item's finished answer, or of its input where there is none. */
  revealablePath(id: string): string {
    return this.pathOf(id, this.queue.items.find((item) => item.id === id)?.state === 'done' ? 'output' : 'input');
  }

  /** Ends the process and waits until the queue is on disk; the next start of the app offers to go on. */
  async close(): Promise<void> {
    this.isClosing = true;
    if (!this.isLoaded) return;
    this.isLoaded = false;
    await this.slot.end();
    if (this.current !== undefined) await removeLeftovers(this.current.output);
    await this.save();
  }

  /** Whether there is nothing that `close` would have to do. */
  get isClosed(): boolean {
    return !this.isLoaded;
  }

  private get status(): BatchStatus {
    return {
      run: this.queue.run,
      isHeld: this.isHeld,
      offersResume: this.offersResume,
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      settings: settingsView(this.queue.settings, this.parts.shippedModel.name),
    };
  }

  private get model(): BatchModel {
    return this.queue.settings.model ?? this.parts.shippedModel;
  }

  private assertIdle(): void {
    if (this.queue.run !== 'idle')
      throw new SplatError(
        'usage',
        'The batch is under way.',
        'Wait for its end, or cancel it, to change its settings.',
      );
  }

  /** Takes up the next file where none is under way, or ends the run. */
  private pump(): void {
    if (this.queue.run !== 'running' || this.current !== undefined || this.isClosing) return;
    const item = nextQueued(this.queue);
    if (item === undefined) return this.endRun(undefined);
    const output = outputOf(item, this.queue, this.model.name);
    this.current = new FileRun(item.id, output);
    this.update(start(this.queue, item.id, output));
    void this.begin(item, this.current);
  }

  private async begin({ id, input }: BatchItem, run: FileRun): Promise<void> {
    const { format, strength, up, replace } = this.queue.settings;
    if (replace) {
      try {
        await assertNoInput(run.output, this.queue.items, this.model.path);
      } catch (error) {
        return this.failed(run, toFailure(error));
      }
    }
    if (this.current !== run || run.isCancelled || this.isClosing) return;
    const line = this.slot.lineFor(this.model.path);
    if (this.queue.run === 'paused') line.send({ kind: 'pause' });
    line.send({
      kind: 'refine',
      job: {
        id,
        input,
        output: run.output,
        modelPath: this.model.path,
        format,
        strength,
        up: up === 'file' ? undefined : up,
        replace,
      },
    });
  }

  private receive(message: FromWorker): void {
    const run = this.current;
    if (message.kind === 'ready') this.failedStarts = 0;
    if (message.kind === 'ready' || run === undefined || message.id !== run.id) return;
    switch (message.kind) {
      case 'progress':
        run.progress = message.progress;
        return this.sendProgress(run);
      case 'read':
        run.splats = message.splats;
        return this.sendProgress(run);
      case 'held':
        if (this.queue.run !== 'paused') return;
        run.hold();
        this.isHeld = true;
        return this.sendStatus();
      case 'encoded':
        this.queue = commit(this.queue, message.id, message.answer);
        // Without the note on disk the file is written all the same: after a crash it would only be done again.
        return void this.save()
          .catch(() => undefined)
          .then(() => {
            if (this.current === run) this.slot.line?.send({ kind: 'write' });
          });
      case 'done':
        this.pace.bytes += Math.max(1, this.queue.items.find(({ id }) => id === run.id)?.bytes ?? 0);
        this.pace.milliseconds += run.elapsedMs;
        // How long the rest takes is news: the next progress is sent at once.
        this.sentProgressMs = 0;
        this.current = undefined;
        this.update(finish(this.queue, run.id, message.result, run.elapsedMs));
        return this.next();
      case 'failed':
        return message.isModel ? this.stopFor(run, message.failure) : this.failed(run, message.failure);
    }
  }

  private failed(run: FileRun, failure: ErrorRecord): void {
    if (this.current !== run) return;
    this.current = undefined;
    this.update(fail(this.queue, run.id, failure, run.elapsedMs));
    this.next();
  }

  /** The whole can't go on: the file under way waits again, and the run ends with the reason. */
  private stopFor(run: FileRun, problem: ErrorRecord): void {
    this.current = undefined;
    this.update(requeue(this.queue, run.id));
    this.endRun(problem);
  }

  private async workerDied(code: number, hasSpoken: boolean): Promise<void> {
    const run = this.current;
    if (run === undefined || this.isClosing) return;
    if (!hasSpoken) return this.startFailed(run, code);
    const failure: ErrorRecord = {
      code: 'out-of-memory',
      message: `The process that refines ended unexpectedly (code ${code}), most likely for want of memory.`,
      advice: 'Close other programs and retry, or refine a smaller scene.',
    };
    await this.settle(run, (queue) => fail(queue, run.id, failure, run.elapsedMs));
    this.next();
  }

  /** One that was ended from outside comes up the next time; one that can't start never does. */
  private startFailed(run: FileRun, code: number): void {
    this.failedStarts += 1;
    if (this.failedStarts >= MOST_FAILED_STARTS)
      return this.stopFor(run, {
        code: 'io',
        message: `The process that refines did not start (code ${code}).`,
        advice: 'Start the app again; the log file may say more.',
      });
    this.current = undefined;
    this.update(requeue(this.queue, run.id));
    this.next();
  }

  /** Decides what became of a file whose process is gone: its answer is whole in its place, or `otherwise`. */
  private async settle(run: FileRun, otherwise: (queue: BatchQueue) => BatchQueue): Promise<void> {
    await removeLeftovers(run.output);
    const answer = this.queue.items.find(({ id }) => id === run.id)?.commit;
    const isFinished = answer !== undefined && (await isOnDisk(run.output, answer));
    if (this.current !== run) return;
    this.current = undefined;
    this.update(isFinished ? finish(this.queue, run.id, answer.result, run.elapsedMs) : otherwise(this.queue));
  }

  /** After a file has ended in whatever way: the next one, or the end of the run, or rest while paused. */
  private next(): void {
    if (this.queue.run === 'paused' && this.current === undefined) {
      if (!this.queue.items.some(isOpen)) return this.endRun(undefined);
      this.isHeld = true;
      this.sendStatus();
    }
    this.pump();
  }

  private endRun(problem: ErrorRecord | undefined): void {
    this.problem = problem;
    this.isHeld = false;
    this.update(setRun(this.queue, 'idle'));
    // The process holds the network and its memory; nothing needs it now.
    void this.slot.end();
    this.parts.onEnd(countStates(this.queue.items), problem);
  }

  /** Takes a new state of the queue: to the page at once, to disk soon. */
  private update(queue: BatchQueue): void {
    const before = this.queue;
    this.queue = queue;
    const isStatusChanged = before.run !== queue.run || before.settings !== queue.settings;
    this.parts.onChange({ ...difference(before, queue), ...(isStatusChanged ? { status: this.status } : {}) });
    void this.save().catch(() => undefined);
  }

  private sendStatus(): void {
    this.parts.onChange({ status: this.status });
  }

  private async save(): Promise<void> {
    try {
      await this.parts.store.save(this.queue);
    } catch (error) {
      this.parts.warn(`The list of the batch could not be kept: ${toFailure(error).message}`);
      throw error;
    }
  }

  private sendProgress(run: FileRun): void {
    const now = performance.now();
    if (now - this.sentProgressMs < PROGRESS_MS) return;
    this.sentProgressMs = now;
    const { fraction, bytesLeft } = batchProgress(this.queue.items, run.fraction);
    this.parts.onChange({
      progress: {
        id: run.id,
        stage: run.stage,
        fileFraction: run.fraction,
        fraction,
        bytesLeft,
        elapsedMs: run.elapsedMs,
        ...(run.splats === undefined ? {} : { splats: run.splats }),
        ...(this.pace.bytes === 0 ? {} : { remainingMs: (bytesLeft * this.pace.milliseconds) / this.pace.bytes }),
      },
    });
  }
}
