import ortMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { toSplatError, isGpuFailure } from '../core/errors.ts';
import { BackendShelf } from './backend-shelf.ts';
import type { WebDeviceChoice } from './backend-web.ts';
import { createWebBackend } from './backend-web.ts';
import type { RefineModel } from './model.ts';
import type { RefineReply, RefineRequest } from './refine-protocol.ts';
import { releaseModel } from './model-sessions.ts';
import { refineScene } from './refine-scene.ts';

/**
 * Module worker: plans and runs networks away from the page. One device for each choice, and the model that came last.
 */
const scope = self as unknown as DedicatedWorkerGlobalScope;
let held: { readonly id: number; readonly model: RefineModel } | undefined;
/** Models before it, of which devices may still hold the networks: a job may be using one. */
let former: RefineModel[] = [];
const running = new Map<number, AbortController>();
const backends = new BackendShelf<WebDeviceChoice>(
  (device) =>
    createWebBackend(device, {
      wasmPaths: { mjs: new URL(ortMjs, import.meta.url).href, wasm: new URL(ortWasm, import.meta.url).href },
    }),
  async (backend) => {
    for (const model of held === undefined ? former : [...former, held.model]) await releaseModel(backend, model);
  },
);

function reply(message: RefineReply, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

/** Gives back the networks of former models, unless a job runs. */
async function releaseFormer(): Promise<void> {
  if (running.size > 0 || former.length === 0) return;
  const models = former;
  former = [];
  for (const backend of await backends.opened()) for (const model of models) await releaseModel(backend, model);
}

async function refine(request: Extract<RefineRequest, { type: 'refine' }>): Promise<void> {
  const { job } = request;
  const controller = new AbortController();
  running.set(job, controller);
  const backend = backends.backendFor(request.device);
  try {
    if (held?.id !== request.modelId) throw new Error('the model was not sent to the worker');
    const { report, residuals, strength } = await refineScene(request.scene, held.model, await backend, {
      signal: controller.signal,
      strength: request.strength,
      onProgress: (progress) => reply({ type: 'progress', job, progress }),
      ...request.knowledge,
    });
    const { values, rows } = residuals;
    const buffers = [...Object.values(values), rows].map((array) => array.buffer as ArrayBuffer);
    reply({ type: 'done', job, answer: { report, residuals, strength } }, buffers);
  } catch (error) {
    const failure = toSplatError(error, 'gpu-error', 'Refining failed');
    reply({ type: 'failed', job, failure: failure.toRecord() });
    // A lost or failed device is not used again.
    if (isGpuFailure(failure)) void backends.drop(request.device, backend);
  } finally {
    running.delete(job);
    void releaseFormer();
  }
}

scope.addEventListener('message', (event: MessageEvent<RefineRequest>) => {
  const request = event.data;
  if (request.type === 'model') {
    if (held !== undefined) former.push(held.model);
    held = { id: request.modelId, model: request.model };
    void releaseFormer();
  } else if (request.type === 'cancel') running.get(request.job)?.abort();
  else void refine(request);
});
