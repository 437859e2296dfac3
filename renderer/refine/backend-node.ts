import * as ort from 'onnxruntime-node';
import type { InferenceBackend } from './backend.ts';
import { ortQueue } from './mutex.ts';
import { weightsLocation } from './onnx-writer.ts';
import { ortError, wrapSession } from './ort-session.ts';

export interface NodeBackendOptions {
  /** Threads of one operator; ONNX Runtime takes one for each core by itself. */
  readonly threads?: number;
}

/** The native CPU backend (onnxruntime-node). Import it in Node only: in the CLI or a utility process. */
export function createNodeBackend(options: NodeBackendOptions = {}): InferenceBackend {
  // Since 1.29 the library's Linux builds report models and machines to their makers unless told not to, before the
  // first session.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  return {
    kind: 'cpu',
    taps: 'occupied',
    description: options.threads === undefined ? 'native CPU' : `native CPU, ${options.threads} threads`,
    createSession: async (onnx, weights) => {
      const session = await ortQueue.run(() =>
        ort.InferenceSession.create(onnx, {
          executionProviders: ['cpu'],
          externalData: weights.length === 0 ? [] : [{ path: weightsLocation, data: weights }],
          // The arena keeps every peak for ever; without it a pass of 20k splats takes 1.6 GB instead of 2.7 GB at the
          // published widths.
          enableCpuMemArena: false,
          enableMemPattern: false,
          // Threads that wait for their share of an operator would spin, which takes a fifth of the processor time.
          extra: { session: { intra_op: { allow_spinning: '0' } } },
          ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
        }).catch((error: unknown) => {
          throw ortError(error, 'cpu', 'Loading the network');
        }),
      );
      return wrapSession(session, ort.Tensor, 'cpu');
    },
    dispose: async () => {},
  };
}
