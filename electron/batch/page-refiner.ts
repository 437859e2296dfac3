import type { FromPage, ToPage } from '../../renderer/bridge/batch-messages.ts';
import { SplatError, isGpuFailure } from '../../renderer/core/errors.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import type { RefineOptions } from '../../renderer/refine/refine-scene.ts';
import type { SceneRefiner } from '../jobs/refine-file.ts';

/** A line to the page that has a graphics card. */
export interface PageLine {
  send(message: ToPage): void;
  /** Called with each answer. */
  onMessage(listener: (message: FromPage) => void): void;
  /** Called when the page is gone. */
  onClose(listener: () => void): void;
}

type Refined = Awaited<ReturnType<SceneRefiner>>;

interface Job {
  readonly number: number;
  readonly options: RefineOptions;
  readonly resolve: (refined: Refined) => void;
  readonly reject: (error: SplatError) => void;
}

/** Refines in the page, on WebGPU. Where the card fails or the page is gone, this process's own refiner does it. */
export class PageRefiner {
  private sent: RefineModel | undefined;
  private job: Job | undefined;
  private nextNumber = 0;
  private isGone = false;

  constructor(private readonly line: PageLine) {
    line.onMessage((message) => this.receive(message));
    line.onClose(() => {
      this.isGone = true;
      this.job?.reject(new SplatError('gpu-lost', 'The page that computes on the graphics card is gone.'));
    });
  }

  /** A refiner on the card for `model`, with `fallback` behind it. */
  refinerOf(model: RefineModel, fallback: SceneRefiner): SceneRefiner {
    return async (scene, options) => {
      if (this.isGone) return fallback(scene, options);
      if (this.sent !== model) {
        this.line.send({ kind: 'model', model });
        this.sent = model;
      }
      try {
        return await new Promise<Refined>((resolve, reject) => {
          const number = this.nextNumber++;
          this.job = { number, options, resolve, reject };
          this.line.send({ kind: 'refine', job: number, scene, strength: options.strength ?? 1, up: options.up });
        });
      } catch (error) {
        if (!isGpuFailure(error)) throw error;
        return fallback(scene, options);
      } finally {
        this.job = undefined;
      }
    };
  }

  private receive(message: FromPage): void {
    const { job } = this;
    if (job === undefined || message.job !== job.number) return;
    if (message.kind === 'progress') job.options.onProgress?.(message.progress);
    else if (message.kind === 'done') job.resolve({ scene: message.scene, report: message.report });
    else job.reject(SplatError.fromRecord(message.failure));
  }
}
