import type { GraphicsDevice } from 'playcanvas';
import { toSplatError } from '../core/errors.ts';

/**
 * A PlayCanvas graphics device on WebGPU for a worker: what splat-transform's voxel filters compute on. It draws nothing.
 * @throws SplatError `gpu-unavailable`
 */
export async function createVoxelDevice(): Promise<GraphicsDevice> {
  // Loaded before the next line: the engine tells a worker from a page by whether there is a `window` at that moment.
  const { WebgpuGraphicsDevice } = await import('playcanvas');
  // It looks for WebGPU on `window`, which is called `self` in a worker.
  Object.assign(globalThis, { window: globalThis });
  const device = new WebgpuGraphicsDevice(new OffscreenCanvas(4, 4), { antialias: false, depth: false, stencil: false });
  try {
    await device.createDevice();
    return device;
  } catch (error) {
    throw toSplatError(error, 'gpu-unavailable', 'No WebGPU device could be opened to find floaters with');
  }
}
