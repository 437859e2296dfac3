import type { Taps } from './plan/taps.ts';

/** A tensor at a session's border, row-major. */
export type SessionTensor =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
  | { readonly type: 'int32'; readonly data: Int32Array; readonly dims: readonly number[] };

export type SessionFeeds = Readonly<Record<string, SessionTensor>>;

/** A loaded network. A run can't be interrupted; calls from anywhere are queued one after another. */
export interface InferenceSession {
  /** Every output of the graph by name, float32. */
  run(feeds: SessionFeeds): Promise<Record<string, Float32Array>>;
  release(): Promise<void>;
}

/** Where networks run: WebGPU or WebAssembly in a page or worker, native code in Node. */
export interface InferenceBackend {
  readonly kind: 'webgpu' | 'cpu' | 'wasm';
  /** What computes, for people: an adapter's name or "2 threads". */
  readonly description: string;
  /** Which of a model's graphs it runs best. */
  readonly taps: Taps;
  /** Resolves when its device is gone, with every session on it; what has no device of its own lacks it. */
  readonly lost?: Promise<unknown>;
  /**
   * @param onnx graph file; @param weights the blob it calls `weights.bin` Throws `gpu-error`, `out-of-memory` or
   * `model-invalid` with ONNX Runtime's own words.
   */
  createSession(onnx: Uint8Array, weights: Uint8Array): Promise<InferenceSession>;
  /** Frees the device; sessions of it are dead afterwards. */
  dispose(): Promise<void>;
}
