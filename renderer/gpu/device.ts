import { SplatError, toSplatError } from '../core/errors.ts';
import { rememberAdapter } from './swiftshader.ts';

export interface RenderDevice {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
  readonly info: GPUAdapterInfo;
}

export interface DeviceListeners {
  /** An error that no call could report: the picture may be wrong. Code `gpu-error` or `out-of-memory`. */
  readonly onError?: (error: SplatError) => void;
  /**
   * The device is gone and with it every scene on it: request another and upload again. Not called after
   * `device.destroy()`.
   */
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
    throw new SplatError(
      'gpu-unavailable',
      'WebGPU found no graphics adapter.',
      'Update the graphics driver, or start the app in its safe graphics mode.',
    );
  }
  const requiredLimits: Record<string, number> = {};
  for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  let device: GPUDevice;
  try {
    device = await adapter.requestDevice({
      requiredFeatures: WANTED_FEATURES.filter((name) => adapter.features.has(name)),
      requiredLimits,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SplatError(
      'gpu-unavailable',
      `The graphics adapter gave no device: ${reason}`,
      'Close other programs that use the graphics card and start again.',
      { cause: error },
    );
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
          : gpuError(error.message),
      );
    });
  }
  if (onLost !== undefined) {
    void device.lost.then((info) => {
      if (info.reason === 'destroyed') return;
      onLost(
        new SplatError(
          'gpu-lost',
          `The connection to the graphics card was lost: ${info.message || 'no reason given'}.`,
        ),
      );
    });
  }
}

/**
 * Does `work`, which sends scenes to the device and draws them, and tells what went wrong with it. A device that ran
 * out of memory complains of everything that then refers to what is missing: that is told as `out-of-memory` alone.
 */
export async function problemOf(device: GPUDevice, work: () => void): Promise<SplatError | undefined> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let thrown: SplatError | undefined;
  try {
    work();
  } catch (error) {
    thrown = toSplatError(error, 'gpu-error', 'The scene could not be drawn');
  }
  // A device that was lost says so itself.
  const popped = (): Promise<GPUError | null> => device.popErrorScope().catch(() => null);
  const [invalid, exhausted] = await Promise.all([popped(), popped()]);
  if (exhausted !== null)
    return outOfMemory(
      'The graphics card has too little free memory for the scene, which is not drawn.',
      exhausted.message,
    );
  if (thrown !== undefined) return thrown;
  return invalid === null ? undefined : gpuError(invalid.message);
}

/** The error for a scene or picture that does not fit the device; `reason` is the driver's own words, for the log. */
export function outOfMemory(message: string, reason?: string): SplatError {
  const cause = reason === undefined ? undefined : { cause: new Error(reason) };
  return new SplatError(
    'out-of-memory',
    message,
    'Close other programs that use the graphics card, or open a smaller scene.',
    cause,
  );
}

function gpuError(message: string): SplatError {
  return new SplatError('gpu-error', `The graphics card reported an error: ${message}`);
}
