import type { InferenceSession as OrtSession, Tensor } from 'onnxruntime-common';
import { SplatError } from '../core/errors.ts';
import type { InferenceBackend, InferenceSession, SessionFeeds, SessionTensor } from './backend.ts';
import { ortQueue } from './mutex.ts';

type TensorConstructor = typeof Tensor;

function toOrt(OrtTensor: TensorConstructor, tensor: SessionTensor): Tensor {
  return tensor.type === 'float32'
    ? new OrtTensor('float32', tensor.data, tensor.dims)
    : new OrtTensor('int32', tensor.data, tensor.dims);
}

/** Turns ONNX Runtime's failure into a sentence with a cause a person can act on. */
export function ortError(error: unknown, kind: InferenceBackend['kind'], doing: string): SplatError {
  if (error instanceof SplatError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const memory = /bad_alloc|out of memory|allocat|buffer size|RangeError|memory access out of bounds/i.test(reason);
  const device = kind === 'webgpu' ? 'the GPU' : kind === 'cpu' ? 'the CPU' : 'WebAssembly';
  const message = `${doing} failed on ${device}: ${reason}`;
  const elsewhere = kind === 'cpu' ? 'Close other programs' : 'Try the CPU as the device';
  if (memory)
    return new SplatError('out-of-memory', message, `${elsewhere}, or refine a smaller scene.`, { cause: error });
  if (kind === 'webgpu') return new SplatError('gpu-error', message, 'Try the CPU as the device.', { cause: error });
  return new SplatError(
    'model-invalid',
    message,
    'Try another model; if that runs, this checkpoint does not fit its description.',
    { cause: error },
  );
}

/** Wraps an ONNX Runtime session, web or Node, behind the project's interface and the one queue. */
export function wrapSession(
  session: OrtSession,
  OrtTensor: TensorConstructor,
  kind: InferenceBackend['kind'],
): InferenceSession {
  return {
    run: (feeds: SessionFeeds) =>
      ortQueue.run(async () => {
        const ortFeeds: Record<string, Tensor> = {};
        for (const [name, tensor] of Object.entries(feeds)) ortFeeds[name] = toOrt(OrtTensor, tensor);
        try {
          const outputs = await session.run(ortFeeds);
          const values: Record<string, Float32Array> = {};
          for (const [name, tensor] of Object.entries(outputs)) {
            // A copy of our own: the web build's arrays may be views of memory that the next run overwrites.
            values[name] = Float32Array.from((await tensor.getData()) as Float32Array);
            tensor.dispose();
          }
          return values;
        } catch (error) {
          throw ortError(error, kind, 'The network');
        }
      }),
    release: () => ortQueue.run(() => session.release()),
  };
}
