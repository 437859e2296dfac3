import { toSplatError } from '../core/errors.ts';
import { renderToImage } from '../gpu/capture.ts';
import { requestRenderDevice } from '../gpu/device.ts';
import { SplatRenderer } from '../gpu/splat-renderer.ts';
import type { RenderJobRequest } from './bridge.ts';
import { loadScene } from './desktop.ts';

/** Makes the one picture that the command line asked for and hands it to main as a PNG. */
export async function runRenderJob(job: RenderJobRequest): Promise<void> {
  try {
    await window.desktop.finishRenderJob(await picture(job));
  } catch (error) {
    await window.desktop.failRenderJob(toSplatError(error, 'gpu-error', 'The picture could not be made').sentence);
  }
}

async function picture({ scene: file, camera, width, height, background }: RenderJobRequest): Promise<Uint8Array> {
  const scene = await loadScene(file);
  const { device } = await requestRenderDevice(navigator.gpu);
  const renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  const pixels = await renderToImage(device, renderer, renderer.uploadScene(scene), { ...camera, worldToView: Float64Array.from(camera.worldToView), width, height }, background);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
