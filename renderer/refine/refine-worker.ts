import ortMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import ortWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { toSplatError } from '../core/errors.ts';
import { sceneTransferables } from '../core/splat-scene.ts';
import { BackendShelf } from './backend-shelf.ts';
import type { WebDeviceChoice } from './backend-web.ts';
import { createWebBackend } from './backend-web.ts';
import type { RefineModel } from './model.ts';
import type { RefineReply, RefineRequest } from './refine-protocol.ts';
import { refineScene, releaseModel } from './refine-scene.ts';

/** Module worker: plans and runs networks away from the page. One device for each choice, models kept by id. */
const scope = self as unknown as DedicatedWorkerGlobalScope;
const models = new Map<number, RefineModel>();
const running = new Map<number, AbortController>();
const backends = new BackendShelf<WebDeviceChoice>(
  (device) => createWebBackend(device, { wasmPaths: { mjs: new URL(ortMjs, import.meta.url).href, wasm: new URL(ortWasm, import.meta.url).href } }),
  async (backend) => {
    for (const model of models.values()) await releaseModel(backend, model);
  },
);

function reply(message: RefineReply, transfer: Transferable[] = []): void {
  scope.postMessage(message, transfer);
}

/** Devices hold the network that was used last: others are loaded again when they are asked for. */
async function takeModel(modelId: number, model: RefineModel): Promise<void> {
  const others = [...models.values()];
  models.set(modelId, model);
  if (running.size > 0) return;
  for (const backend of await backends.opened()) for (const other of others) await releaseModel(backend, other);
}

async function refine(request: Extract<RefineRequest, { type: 'refine' }>): Promise<void> {
  const { job } = request;
  const controller = new AbortController();
  running.set(job, controller);
  const backend = backends.backendFor(request.device);
  try {
    const model = models.get(request.modelId);
    if (model === undefined) throw new Error('the model was not sent to the worker');
    const result = await refineScene(request.scene, model, await backend, {
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
    // A lost or failed device is not used again.
    if (code === 'gpu-lost' || code === 'gpu-error' || code === 'out-of-memory') void backends.drop(request.device, backend);
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
