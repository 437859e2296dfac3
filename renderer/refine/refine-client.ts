import { SplatError, cancelled, throwIfAborted } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { WebDeviceChoice } from './backend-web.ts';
import type { RefineModel } from './model.ts';
import type { RefineReply, RefineRequest } from './refine-protocol.ts';
import type { RefineOptions, RefineResult } from './refine-scene.ts';

export interface RefineInWorkerOptions extends RefineOptions {
  readonly device?: WebDeviceChoice;
}

/** A run of ONNX Runtime can't be interrupted: a worker that has not answered a cancel by then is ended. */
const cancelGraceMilliseconds = 1000;

let worker: Worker | null = null;
/** Models that the current worker holds. */
let sent = new Map<RefineModel, number>();
let nextModel = 0;
let nextJob = 0;

function stopWorker(): void {
  worker?.terminate();
  worker = null;
  sent = new Map();
}

function startedWorker(): Worker {
  worker ??= new Worker(new URL('./refine-worker.ts', import.meta.url), { type: 'module', name: 'refine' });
  return worker;
}

/**
 * `refineScene` in a module worker, so that the page stays responsive. `scene` is copied, not transferred: the page goes on drawing it.
 * Cancelling through `options.signal` rejects with `cancelled` within a second, ending the worker if the network is in the middle of a run
 * (the next job starts a fresh one). Errors as of `refineScene`, and `gpu-unavailable`. Run one job at a time.
 */
export function refineInWorker(scene: SplatScene, model: RefineModel, options: RefineInWorkerOptions = {}): Promise<RefineResult> {
  return new Promise((resolve, reject) => {
    throwIfAborted(options.signal, 'Refining');
    const target = startedWorker();
    const job = nextJob++;
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
      if (reply.type === 'failed') reject(new SplatError(reply.code, reply.message, reply.advice));
      else resolve({ scene: reply.scene, report: reply.report, residuals: reply.residuals });
    };
    const onError = (event: ErrorEvent): void => {
      finish();
      stopWorker();
      reject(new SplatError('gpu-error', `Refining failed: the worker stopped (${event.message || 'no reason given'}).`, 'Try again, or choose another device.'));
    };
    const onAbort = (): void => {
      target.postMessage({ type: 'cancel', job } satisfies RefineRequest);
      grace = setTimeout(() => {
        finish();
        stopWorker();
        reject(cancelled('Refining'));
      }, cancelGraceMilliseconds);
    };
    target.addEventListener('message', onMessage);
    target.addEventListener('error', onError);
    options.signal?.addEventListener('abort', onAbort, { once: true });

    let modelId = sent.get(model);
    if (modelId === undefined) {
      modelId = nextModel++;
      sent.set(model, modelId);
      target.postMessage({ type: 'model', modelId, model } satisfies RefineRequest);
    }
    target.postMessage({
      type: 'refine',
      job,
      modelId,
      scene,
      device: options.device ?? 'auto',
      strength: options.strength ?? 1,
      attributes: options.attributes ?? {},
      maxSplats: options.maxSplats ?? null,
    } satisfies RefineRequest);
  });
}
