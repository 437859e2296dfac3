// Entry of the process that runs native inference: one message port for each page that connects.
import type { MessagePortMain } from 'electron';
import type { InferenceAnswer, InferenceRequest } from '../../renderer/bridge/inference-messages.ts';
import { toSplatError } from '../../renderer/core/errors.ts';
import { createNodeBackend } from '../../renderer/refine/backend-node.ts';
import { loadModel } from '../../renderer/refine/model.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import { releaseModel } from '../../renderer/refine/model-sessions.ts';
import { refineScene } from '../../renderer/refine/refine-scene.ts';

/**
 * The model of the last request: its bytes come with every one, as the process may have ended in between, and are read
 * when they are new.
 */
let loaded: { readonly id: string; readonly model: RefineModel } | undefined;
/** One for all requests: it keeps the networks that it loaded. */
const backend = createNodeBackend();
let running = 0;

process.parentPort.on('message', ({ ports }) => {
  const port = ports[0];
  if (port === undefined) return;
  port.on('message', ({ data }) => void serve(port, data as InferenceRequest));
  port.start();
  // Whoever waits learns that the process is up: native code is there and was loaded.
  port.postMessage({ kind: 'ready' } satisfies InferenceAnswer);
});

async function serve(port: MessagePortMain, request: InferenceRequest): Promise<void> {
  const answer = (message: InferenceAnswer) => port.postMessage(message);
  running++;
  try {
    const { id, bytes, sidecar, name } = request.model;
    if (loaded?.id !== id) {
      answer({ kind: 'progress', progress: { stage: 'Loading the model', fraction: 0 } });
      if (loaded !== undefined && running === 1) await releaseModel(backend, loaded.model);
      loaded = { id, model: loadModel(bytes, sidecar, name) };
    }
    const { report, residuals, strength } = await refineScene(request.scene, loaded.model, backend, {
      ...request.knowledge,
      onProgress: (progress) => answer({ kind: 'progress', progress }),
    });
    answer({ kind: 'done', report, residuals, strength });
  } catch (error) {
    const failure = toSplatError(error, 'model-invalid', 'The scene could not be refined').toRecord();
    answer({ kind: 'failed', failure });
  } finally {
    running--;
  }
}
