import { stat } from 'node:fs/promises';
import type { ItemResult } from '../../renderer/batch/queue.ts';
import { toSplatError, type ErrorRecord } from '../../renderer/core/errors.ts';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import type { InferenceBackend } from '../../renderer/refine/backend.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import { FilesRead } from '../files/files-read.ts';
import { openModel } from '../models/open-model.ts';
import { refineFile, refinerOf } from '../jobs/refine-file.ts';
import type { RefinedFile } from '../jobs/refine-file.ts';
import type { BatchJob, FromWorker, ToWorker } from './messages.ts';
import type { PageLine } from './page-refiner.ts';
import { PageRefiner } from './page-refiner.ts';

/** The work of the batch's process: refines the files that main sends, one at a time. */
export class BatchWorker {
  private readonly backend: InferenceBackend;
  private model: { readonly key: string; readonly model: RefineModel } | undefined;
  /** Present while paused; settling it goes on. */
  private hold: { readonly promise: Promise<void>; readonly release: () => void } | undefined;
  private allowWrite: (() => void) | undefined;
  private page: PageRefiner | undefined;

  constructor(
    private readonly send: (message: FromWorker) => void,
    backend: InferenceBackend = createNodeBackend(),
  ) {
    this.backend = backend;
    send({ kind: 'ready' });
  }

  /** Takes a line to a page with a graphics card, which then refines in place of this process's own backend. */
  usePage(line: PageLine): void {
    this.page = new PageRefiner(line);
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'refine':
        return void this.refine(message.job);
      case 'write':
        return this.allowWrite?.();
      case 'pause': {
        if (this.hold !== undefined) return;
        const { promise, resolve } = promiseWithResolver();
        this.hold = { promise, release: resolve };
        return;
      }
      case 'resume':
        this.hold?.release();
        this.hold = undefined;
    }
  }

  private async refine({ id, input, output, modelPath, format, strength, up, replace }: BatchJob): Promise<void> {
    const startedMs = performance.now();
    let isModel = true;
    try {
      const model = await this.load(modelPath, id);
      isModel = false;
      const read = new FilesRead();
      await read.addModel(modelPath);
      const native = refinerOf(model, this.backend);
      const refined = await refineFile(input, output, {
        refine: this.page?.refinerOf(model, native) ?? native,
        format,
        strength,
        up,
        read,
        overwrite: replace,
        pauseGate: () => this.waitWhilePaused(id),
        onProgress: (progress) => this.send({ kind: 'progress', id, progress }),
        onRead: (splats) => this.send({ kind: 'read', id, splats }),
        onEncoded: async (file) => {
          const { promise, resolve } = promiseWithResolver();
          this.allowWrite = resolve;
          this.send({
            kind: 'encoded',
            id,
            answer: { bytes: file.bytes, sha256: file.sha256, result: resultOf(file) },
          });
          await promise;
        },
      });
      this.send({ kind: 'done', id, result: resultOf(refined), milliseconds: performance.now() - startedMs });
    } catch (error) {
      this.send({
        kind: 'failed',
        id,
        failure: failureOf(error),
        milliseconds: performance.now() - startedMs,
        isModel,
      });
    }
  }

  /** Waits here while paused. */
  private async waitWhilePaused(id: string): Promise<void> {
    if (this.hold === undefined) return;
    this.send({ kind: 'held', id });
    await this.hold.promise;
  }

  /** The model behind a path, read again when the file has changed. */
  private async load(path: string, id: string): Promise<RefineModel> {
    const { mtimeMs, size } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0 }));
    const key = `${path} ${mtimeMs} ${size}`;
    if (this.model?.key !== key) {
      this.send({ kind: 'progress', id, progress: { stage: 'Loading the model', fraction: 0 } });
      this.model = { key, model: await openModel(path) };
    }
    return this.model.model;
  }
}

function resultOf({ report, outputBytes, notes }: Pick<RefinedFile, 'report' | 'outputBytes' | 'notes'>): ItemResult {
  const { splats, refined, invalidPassedThrough, outputSplats, blocks, backend, residuals } = report;
  const meanChange = Object.fromEntries(
    Object.entries(residuals).map(([name, { meanAbsolute }]) => [name, meanAbsolute]),
  );
  const figures = { splats, refined, invalidPassedThrough, outputSplats, blocks, backend, outputBytes, meanChange };
  return notes.length === 0 ? figures : { ...figures, notes: [...notes] };
}

function failureOf(error: unknown): ErrorRecord {
  return toSplatError(error, 'io', 'The file could not be refined').toRecord();
}

function promiseWithResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
