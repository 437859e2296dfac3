import { SplatError } from '../core/errors.ts';
import { rememberAdapter } from './swiftshader.ts';

export interface RenderDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
  readonly info: GPUAdapterInfo;
}

export interface DeviceListeners {
  /** An error that no call could report: the picture may be wrong. Code `gpu-error` or `out-of-memory`. */
  readonly onError?: (error: SplatError) => void;
  /** The device is gone and with it every scene on it: request another and upload again. Not called after `device.destroy()`. */
  readonly onLost?: (error: SplatError) => void;
}

const WANTED_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'float32-blendable'];
const WANTED_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxTextureDimension2D'] as const;

/**
 * The device that pictures are drawn with: the fast adapter, its largest buffers and textures.
 * @throws SplatError `gpu-unavailable` where there is no adapter, or it gives no device
 */
export async function requestRenderDevice(gpu: GPU, listeners: DeviceListeners = {}): Promise<RenderDevice> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    throw new SplatError('gpu-unavailable', 'WebGPU found no graphics adapter.', 'Update the graphics driver, or start the app in its safe graphics mode.');
  }
  const requiredLimits: Record<string, number> = {};
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({ requiredFeatures: WANTED_FEATURES.filter((name) => adapter.features.has(name)), requiredLimits });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SplatError('gpu-unavailable', `The graphics adapter gave no device: ${reason}`, 'Close other programs that use the graphics card and start again.', { cause: error });
  }
  rememberAdapter(device, adapter.info);
  watchDevice(device, listeners);
  return { device, adapter, info: adapter.info };
}

function watchDevice(device: GPUDevice, { onError, onLost }: DeviceListeners): void {
  if (onError !== undefined) {
    device.addEventListener('uncapturederror', (event) => {
      const { error } = event;
      onError(
        error instanceof GPUOutOfMemoryError
          ? outOfMemory(`The graphics card has too little free memory: ${error.message}`)
          : new SplatError('gpu-error', `The graphics card reported an error: ${error.message}`),
      );
    });
  }
  if (onLost !== undefined) {
    void device.lost.then((info) => {
      if (info.reason === 'destroyed') return;
      onLost(new SplatError('gpu-lost', `The connection to the graphics card was lost: ${info.message || 'no reason given'}.`));
    });
  }
}

/** The error for a scene or picture that does not fit the device. */
export function outOfMemory(message: string): SplatError {
  return new SplatError('out-of-memory', message, 'Close other programs that use the graphics card, or open a smaller scene.');
}
