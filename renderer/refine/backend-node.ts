import * as ort from 'onnxruntime-node';
import type { InferenceBackend, InferenceSession } from './backend.ts';
import { IdleSession } from './idle-session.ts';
import { ortQueue } from './mutex.ts';
import { weightsLocation } from './onnx-writer.ts';
import { ortError, wrapSession } from './ort-session.ts';

export interface NodeBackendOptions {
  /** Threads of one operator; ONNX Runtime takes one for each core by itself. */
  readonly threads?: number;
}

/** So long does a network stay loaded that nobody uses: loading takes 0.1 to 1 s, what it holds is up to 2 GB. */
const IDLE_MS = 60_000;

/** The native CPU backend (onnxruntime-node). Import it in Node only: in the CLI or a utility process. */
export function createNodeBackend(options: NodeBackendOptions = {}): InferenceBackend {
  // Since 1.29 the library's Linux builds report models and machines to their makers unless told not to, before the
  // first session.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return {
    kind: 'cpu',
    taps: 'occupied',
    description: options.threads === undefined ? 'native CPU' : `native CPU, ${options.threads} threads`,
    createSession: (onnx, weights) => IdleSession.open(() => createSession(onnx, weights, options), IDLE_MS),
    dispose: async () => {},
  };
}

async function createSession(
  onnx: Uint8Array,
  weights: Uint8Array,
  { threads }: NodeBackendOptions,
): Promise<InferenceSession> {
  const session = await ortQueue.run(() =>
    ort.InferenceSession.create(onnx, {
      executionProviders: ['cpu'],
      externalData: weights.length === 0 ? [] : [{ path: weightsLocation, data: weights }],
      // Pages that come from the system anew for each tensor take up to a fourth of the processor time, and what is
      // left between tensors of many sizes takes more memory than the arena.
      enableCpuMemArena: true,
      enableMemPattern: false,
      // Threads that wait for their share of an operator would spin, which takes a fifth of the processor time.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    }).catch((error: unknown) => {
      throw ortError(error, 'cpu', 'Loading the network');
    }),
  );
  return wrapSession(session, ort.Tensor, 'cpu');
}
