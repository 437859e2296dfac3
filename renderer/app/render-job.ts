import { toSplatError } from '../core/errors.ts';
import { renderToImage } from '../gpu/capture.ts';
import { requestRenderDevice } from '../gpu/device.ts';
import { SplatRenderer } from '../gpu/splat-renderer.ts';
import type { PictureJobRequest, RenderJobRequest } from './bridge.ts';
import { loadScene } from './desktop.ts';
import { answerMetricsJob } from './metrics-job.ts';
import { runRefineJob } from './refine-job.ts';
import { answerVideoJob } from './video-job.ts';

/** Does what the command line asked for and hands the answer to main. */
export async function runRenderJob(job: RenderJobRequest): Promise<void> {
  try {
    await window.desktop.finishRenderJob(await answerTo(job));
  } catch (error) {
    await window.desktop.failRenderJob(toSplatError(error, 'gpu-error', 'The job could not be done').sentence);
  }
}

/** The bytes of the job's answer file. */
function answerTo(job: RenderJobRequest): Promise<Uint8Array> {
  switch (job.kind) {
    case 'render':
      return picture(job);
    case 'metrics':
      return answerMetricsJob(job);
    case 'refine':
      return runRefineJob(job).then(() => new Uint8Array());
    case 'video':
      return answerVideoJob(job);
  }
}

async function picture({ scene: file, camera, width, height, background }: PictureJobRequest): Promise<Uint8Array> {
  const scene = await loadScene(file);
  const { device } = await requestRenderDevice(navigator.gpu);
  const renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  const pixels = await renderToImage(device, renderer, renderer.uploadScene(scene), { ...camera, worldToView: Float64Array.from(camera.worldToView), width, height }, background);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}
