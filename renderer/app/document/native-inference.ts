import { PORTS } from '../../bridge/events.ts';
import { SplatError, cancelled, toSplatError } from '../../core/errors.ts';
import { handOver } from '../../core/hand-over.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { RefineAnswer } from '../../refine/lean-scene.ts';
import { ask } from '../desktop.ts';
import type {
  InferenceAnswer,
  InferenceOptions,
  InferenceRequest,
  ModelBytes,
} from '../../bridge/inference-messages.ts';

const CONNECT_MS = 15_000;
const WHAT = 'Refining';

/**
 * Refines a scene in the native inference process (ONNX Runtime on the CPU).
 * Cancelling ends the process at once, even in the middle of a network pass; the next call starts a new one.
 * @throws SplatError `cancelled`, and whatever the refinement itself threw; `out-of-memory` when the process died at
 * work, `io` when it never came up.
 */
export async function refineNatively(
  scene: SplatScene,
  model: ModelBytes,
  { signal, onProgress, up, region, cameras }: InferenceOptions,
): Promise<RefineAnswer> {
  const port = await connect();
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      signal?.removeEventListener('abort', abort);
      port.close();
      settle();
    };
    const abort = () => {
      void window.desktop.stopInference();
      finish(() => reject(cancelled(WHAT)));
    };
    if (signal?.aborted === true) return abort();
    signal?.addEventListener('abort', abort);
    let isUp = false;
    port.addEventListener('close', () => finish(() => reject(isUp ? processDied() : didNotStart())));
    port.addEventListener('message', ({ data }: MessageEvent<InferenceAnswer>) => {
      isUp = true;
      if (data.kind === 'ready') return;
      if (data.kind === 'progress') onProgress?.(data.progress);
      else if (data.kind === 'failed') finish(() => reject(SplatError.fromRecord(data.failure)));
      else finish(() => resolve({ report: data.report, residuals: data.residuals, strength: data.strength }));
    });
    port.start();
    const request: InferenceRequest = { scene, model, knowledge: { up, region, cameras } };
    try {
      handOver(WHAT, () => port.postMessage(request));
    } catch (error) {
      finish(() => reject(toSplatError(error, 'out-of-memory', WHAT)));
    }
  });
}

function didNotStart(): SplatError {
  return new SplatError('io', 'The inference process did not start.', 'Restart the app; the log file may say more.');
}

function processDied(): SplatError {
  return new SplatError(
    'out-of-memory',
    'The inference process ended unexpectedly, most likely for want of memory.',
    'Close other programs, or refine a smaller scene; the log file may say more.',
  );
}

/** Asks main for a line to the inference process; the port comes as a window message from the preload script. */
async function connect(): Promise<MessagePort> {
  const arrived = new Promise<MessagePort>((resolve, reject) => {
    const timer = setTimeout(() => {
      window.removeEventListener('message', receive);
      reject(didNotStart());
    }, CONNECT_MS);
    const receive = (event: MessageEvent) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== PORTS.inference || port === undefined) return;
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      resolve(port);
    };
    window.addEventListener('message', receive);
  });
  await ask(window.desktop.connectInference());
  return arrived;
}
