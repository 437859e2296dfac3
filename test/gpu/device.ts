import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { create, globals } from 'webgpu';
import { requestRenderDevice, type DeviceListeners, type RenderDevice } from '../../renderer/gpu/device.ts';

const ICD = 'vk_swiftshader_icd.json';
const TIME_LIMIT_MS = 60_000;

/** Folders in which a browser or Electron keeps its software Vulkan driver. */
function driverFolders(): string[] {
  const named = process.env['VK_ICD_FILENAMES'];
  return [
    ...(named === undefined ? [] : [dirname(named)]),
    ...(process.env['ELECTRON_OVERRIDE_DIST_PATH'] === undefined ? [] : [process.env['ELECTRON_OVERRIDE_DIST_PATH']]),
    '/usr/lib/chromium',
    '/usr/lib/chromium-browser',
    '/opt/google/chrome',
    join(import.meta.dirname, '../../node_modules/electron/dist'),
  ];
}

/** WebGPU in plain Node, on the software driver where there is one, so that tests give the same numbers everywhere. */
export function openGpu(): GPU {
  const folder = driverFolders().find((candidate) => existsSync(join(candidate, ICD)));
  if (process.platform === 'linux') {
    if (folder === undefined) {
      throw new Error(
        `GPU tests need a software Vulkan driver, and ${ICD} is in none of: ${driverFolders().join(', ')}. ` +
          `On Debian: apt-get install chromium; elsewhere set VK_ICD_FILENAMES.`,
      );
    }
    process.env['VK_ICD_FILENAMES'] = join(folder, ICD);
    preloadLoader(join(folder, 'libvulkan.so.1'));
  }
  Object.assign(globalThis, globals);
  return create(process.platform === 'linux' ? ['backend=vulkan'] : []);
}

/**
 * Keeps the browser's Vulkan loader in the process, where Dawn finds it by name although no system library is
 * installed.
 * Node refuses the file, which is no addon, but RTLD_NODELETE (0x1000) leaves it loaded.
 */
function preloadLoader(path: string): void {
  if (!existsSync(path)) return;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | 0x1000);
  } catch (error) {
    if (!String(error).includes('did not self-register')) throw error;
  }
}

// Dawn's objects stop working once their GPU is collected.
let gpu: GPU | undefined;

export interface TestDevice extends RenderDevice {
  /** Errors that nothing caught; a test file ends with expecting none. */
  readonly errors: string[];
}

/** A device for one test file; fails with a sentence when none comes within a minute. */
export async function openTestDevice(listeners: DeviceListeners = {}): Promise<TestDevice> {
  gpu ??= openGpu();
  const errors: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The WebGPU device did not open within a minute.')), TIME_LIMIT_MS);
  });
  try {
    const opened = await Promise.race([
      requestRenderDevice(gpu, { onError: (error) => errors.push(error.message), ...listeners }),
      late,
    ]);
    return { ...opened, errors };
  } finally {
    clearTimeout(timer);
  }
}

/** Copies a buffer back as 32-bit words. */
export async function readWords(device: GPUDevice, buffer: GPUBuffer, words: number): Promise<Uint32Array> {
  const copy = device.createBuffer({
    size: Math.max(4, words * 4),
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, words * 4);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const result = new Uint32Array(copy.getMappedRange().slice(0, words * 4));
  copy.destroy();
  return result;
}
