import { SplatError, cancelled, throwIfAborted, toSplatError } from '../core/errors.ts';
import { handOver } from '../core/hand-over.ts';
import type { JobOptions } from '../core/progress.ts';
import type { RefineStage } from '../core/stages.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { WebDeviceChoice } from './backend-web.ts';
import { applyAnswer, leanScene } from './lean-scene.ts';
import type { RefineModel } from './model.ts';
import type { RefineReply, RefineRequest } from './refine-protocol.ts';
import type { RefineOptions, RefineResult, SceneKnowledge } from './refine-scene.ts';

export interface RefineInWorkerOptions
  extends JobOptions<RefineStage>, SceneKnowledge, Pick<RefineOptions, 'strength'> {
  readonly device?: WebDeviceChoice;
}

/** A run of ONNX Runtime can't be interrupted: a worker that has not answered a cancel by then is ended. */
const cancelGraceMilliseconds = 1000;

/**
 * A module worker that refines, and the model that it holds. Jobs of one client run one at a time; two clients know
 * nothing of each other.
 */
export class RefineClient {
  private worker: Worker | null = null;
  /** The model that the current worker holds. */
  private sent: RefineModel | null = null;
  private modelId = 0;
  private nextJob = 0;

  /**
   * `refineScene` in a module worker, so that the page stays responsive. What the network sees of `scene` is copied,
   * not transferred: the page goes on drawing it.
   * Cancelling through `options.signal` rejects with `cancelled` within a second, ending the worker if the network is
   * in the middle of a run (the next job starts a fresh one). Errors as of `refineScene`, and `gpu-unavailable`. Run
   * one job at a time.
   */
  refine(scene: SplatScene, model: RefineModel, options: RefineInWorkerOptions = {}): Promise<RefineResult> {
    return new Promise((resolve, reject) => {
      throwIfAborted(options.signal, 'Refining');
      const target = this.startedWorker();
      const job = this.nextJob++;
      let grace: ReturnType<typeof setTimeout> | undefined;

      const finish = (): void => {
        clearTimeout(grace);
        target.removeEventListener('message', onMessage);
        target.removeEventListener('error', onError);
        options.signal?.removeEventListener('abort', onAbort);
      };
      const onMessage = (event: MessageEvent<RefineReply>): void => {
        const reply = event.data;
        if (reply.job !== job) return;
        if (reply.type === 'progress') {
          options.onProgress?.(reply.progress);
          return;
        }
        finish();
        if (reply.type === 'failed') reject(SplatError.fromRecord(reply.failure));
        else applyAnswer(scene, reply.answer).then(resolve, reject);
      };
      const onError = (event: ErrorEvent): void => {
        finish();
        this.stop();
        reject(
          new SplatError(
            'gpu-error',
            `Refining failed: the worker stopped (${event.message || 'no reason given'}).`,
            'Try again, or choose another device.',
          ),
        );
      };
      const onAbort = (): void => {
        target.postMessage({ type: 'cancel', job } satisfies RefineRequest);
        grace = setTimeout(() => {
          finish();
          this.stop();
          reject(cancelled('Refining'));
        }, cancelGraceMilliseconds);
      };
      target.addEventListener('message', onMessage);
      target.addEventListener('error', onError);
      options.signal?.addEventListener('abort', onAbort, { once: true });

      if (this.sent !== model) {
        this.sent = model;
        target.postMessage({ type: 'model', modelId: ++this.modelId, model } satisfies RefineRequest);
      }
      const request: RefineRequest = {
        type: 'refine',
        job,
        modelId: this.modelId,
        scene: leanScene(scene, model.manifest.shDegree),
        device: options.device ?? 'auto',
        strength: options.strength ?? 1,
        knowledge: { up: options.up, region: options.region, cameras: options.cameras },
      };
      try {
        handOver('Refining', () => target.postMessage(request));
      } catch (error) {
        finish();
        reject(toSplatError(error, 'out-of-memory', 'Refining failed'));
      }
    });
  }

  /** Ends the worker, whatever it does; a job under way is never answered. */
  stop(): void {
    this.worker?.terminate();
    this.worker = null;
    this.sent = null;
  }

  private startedWorker(): Worker {
    this.worker ??= new Worker(new URL('./refine-worker.ts', import.meta.url), { type: 'module', name: 'refine' });
    return this.worker;
  }
}

const shared = new RefineClient();

/** Refines in the page's own worker; see RefineClient. */
export function refineInWorker(
  scene: SplatScene,
  model: RefineModel,
  options: RefineInWorkerOptions = {},
): Promise<RefineResult> {
  return shared.refine(scene, model, options);
}
