import * as ort from 'onnxruntime-web/webgpu';
import { SplatError } from '../core/errors.ts';
import { isSoftwareAdapter } from '../core/software-adapter.ts';
import type { InferenceBackend } from './backend.ts';
import { ortQueue } from './mutex.ts';
import { weightsLocation } from './onnx-writer.ts';
import { ortError, wrapSession } from './ort-session.ts';

export interface WebBackendOptions {
  /** Where ONNX Runtime's `ort-wasm-simd-threaded.asyncify.{mjs,wasm}` lie; needed once, before the first session. */
  readonly wasmPaths?: { readonly mjs?: string; readonly wasm: string };
  /** Threads of the WASM backend; more than one needs a cross-origin isolated page. */
  readonly threads?: number;
}

function configure(options: WebBackendOptions): void {
  if (options.wasmPaths !== undefined) ort.env.wasm.wasmPaths = options.wasmPaths;
  if (options.threads !== undefined) ort.env.wasm.numThreads = options.threads;
  ort.env.logLevel = 'error';
}

/** Below this subgroup size ONNX Runtime's flash attention silently gives wrong numbers (it reads eight lanes). */
const smallestSoundSubgroup = 8;

/**
 * A WebGPU backend on a device of its own (the renderer's lives in another thread). The device has the adapter's
 * largest limits, and no `subgroups` feature where the adapter's subgroups may be smaller than eight lanes, as on
 * SwiftShader. Throws `gpu-unavailable`.
 */
export async function createWebGpuBackend(options: WebBackendOptions = {}): Promise<InferenceBackend> {
  configure(options);
  const adapter = await requestAdapter();
  if (adapter === null)
    throw new SplatError(
      'gpu-unavailable',
      'The network has no GPU to run on: the system gives no WebGPU adapter.',
      'Choose the CPU as the device.',
    );
  const requiredFeatures: GPUFeatureName[] = [];
  if (adapter.features.has('subgroups') && (adapter.info.subgroupMinSize ?? 0) >= smallestSoundSubgroup)
    requiredFeatures.push('subgroups');
  const { limits } = adapter;
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      label: 'refine',
      requiredFeatures,
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeWorkgroupSizeY: limits.maxComputeWorkgroupSizeY,
        maxComputeWorkgroupSizeZ: limits.maxComputeWorkgroupSizeZ,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      },
    });
  } catch (error) {
    throw ortError(error, 'webgpu', 'Opening the device for the network');
  }
  // ONNX Runtime reads the adapter's info from the device, where Chromium has it since version 131.
  if ((device as { adapterInfo?: GPUAdapterInfo }).adapterInfo === undefined)
    Object.defineProperty(device, 'adapterInfo', { value: adapter.info });
  let lost: string | null = null;
  void device.lost.then((info) => {
    lost = info.message;
  });
  const { vendor, architecture } = adapter.info;
  return {
    kind: 'webgpu',
    taps: 'all',
    description: [vendor, architecture].filter((part) => part !== '').join(' ') || 'WebGPU',
    lost: device.lost,
    createSession: async (onnx, weights) => {
      if (lost !== null)
        throw new SplatError(
          'gpu-lost',
          `The network's GPU device was lost: ${lost}`,
          'Try again, or choose the CPU as the device.',
        );
      return wrapSession(await open(onnx, weights, 'webgpu', [{ name: 'webgpu', device }]), ort.Tensor, 'webgpu');
    },
    dispose: async () => device.destroy(),
  };
}

/** The WebAssembly backend: the last resort, with memory for about 20,000 splats at the published widths. */
export function createWasmBackend(options: WebBackendOptions = {}): InferenceBackend {
  configure(options);
  return {
    kind: 'wasm',
    taps: 'occupied',
    description: 'WebAssembly',
    createSession: async (onnx, weights) =>
      wrapSession(await open(onnx, weights, 'wasm', ['wasm']), ort.Tensor, 'wasm'),
    dispose: async () => {},
  };
}

/**
 * Devices a person can name; `auto` is WebGPU on a real adapter, else WASM (the app offers its native CPU process
 * before that).
 */
export type WebDeviceChoice = 'auto' | 'webgpu' | 'wasm';

export async function createWebBackend(
  choice: WebDeviceChoice,
  options: WebBackendOptions = {},
): Promise<InferenceBackend> {
  if (choice === 'wasm') return createWasmBackend(options);
  if (choice === 'auto') {
    const adapter = await requestAdapter();
    if (adapter === null || isSoftwareAdapter(adapter)) return createWasmBackend(options);
  }
  return createWebGpuBackend(options);
}

async function requestAdapter(): Promise<GPUAdapter | null> {
  if (typeof navigator === 'undefined' || navigator.gpu === undefined) return null;
  return navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
}

function open(
  onnx: Uint8Array,
  weights: Uint8Array,
  kind: 'webgpu' | 'wasm',
  executionProviders: ort.InferenceSession.ExecutionProviderConfig[],
): Promise<ort.InferenceSession> {
  return ortQueue.run(async () => {
    try {
      return await ort.InferenceSession.create(onnx, {
        executionProviders,
        externalData: weights.length === 0 ? [] : [{ path: weightsLocation, data: weights }],
        ...(kind === 'wasm' ? { enableCpuMemArena: false, enableMemPattern: false } : {}),
      });
    } catch (error) {
      throw ortError(error, kind, 'Loading the network');
    }
  });
}
