import ortMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { toSplatError } from '../core/errors.ts';
import { sceneTransferables } from '../core/splat-scene.ts';
import type { InferenceBackend } from './backend.ts';
import type { WebDeviceChoice } from './backend-web.ts';
import { createWebBackend } from './backend-web.ts';
import type { RefineModel } from './model.ts';
import type { RefineReply, RefineRequest } from './refine-protocol.ts';
import { refineScene, releaseModel } from './refine-scene.ts';

/** Module worker: plans and runs networks away from the page. One device for each choice, models kept by id. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const models = new Map<number, RefineModel>();
const running = new Map<number, AbortController>();
const backends = new Map<WebDeviceChoice, Promise<InferenceBackend>>();

function backendFor(device: WebDeviceChoice): Promise<InferenceBackend> {
  let backend = backends.get(device);
  if (backend === undefined) {
    const wasmPaths = { mjs: new URL(ortMjs, import.meta.url).href, wasm: new URL(ortWasm, import.meta.url).href };
    backend = createWebBackend(device, { wasmPaths });
    backends.set(device, backend);
    backend.catch(() => backends.delete(device));
  }
  return backend;
}

function reply(message: RefineReply, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

/** Devices hold the network that was used last: others are loaded again when they are asked for. */
async function takeModel(modelId: number, model: RefineModel): Promise<void> {
  const others = [...models.values()];
  models.set(modelId, model);
  if (running.size > 0) return;
  for (const made of await Promise.allSettled(backends.values())) {
    if (made.status === 'fulfilled') for (const other of others) await releaseModel(made.value, other);
  }
}

async function refine(request: Extract<RefineRequest, { type: 'refine' }>): Promise<void> {
  const { job } = request;
  const controller = new AbortController();
  running.set(job, controller);
  try {
    const model = models.get(request.modelId);
    if (model === undefined) throw new Error('the model was not sent to the worker');
    const result = await refineScene(request.scene, model, await backendFor(request.device), {
      signal: controller.signal,
      strength: request.strength,
      attributes: request.attributes,
      onProgress: (progress) => reply({ type: 'progress', job, progress }),
      up: request.up,
      ...(request.maxSplats === null ? {} : { maxSplats: request.maxSplats }),
    });
    const { values, rows } = result.residuals;
    const buffers = [...Object.values(values), rows].map((array) => array.buffer as ArrayBuffer);
    reply({ type: 'done', job, ...result }, [...sceneTransferables(result.scene), ...buffers]);
  } catch (error) {
    const { code, message, advice } = toSplatError(error, 'gpu-error', 'Refining failed');
    reply({ type: 'failed', job, code, message, advice });
    // A lost or failed GPU device is not used again.
    if (code === 'gpu-lost' || code === 'gpu-error' || code === 'out-of-memory') backends.delete(request.device);
  } finally {
    running.delete(job);
  }
}

scope.addEventListener('message', (event: MessageEvent<RefineRequest>) => {
  const request = event.data;
  if (request.type === 'model') void takeModel(request.modelId, request.model);
  else if (request.type === 'cancel') running.get(request.job)?.abort();
  else void refine(request);
});
