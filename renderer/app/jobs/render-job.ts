import { toSplatError } from '../../core/errors.ts';
import { localCamera } from '../../core/origin.ts';
import { requestRenderDevice } from '../../gpu/device.ts';
import type { PictureJobRequest, RenderJobRequest } from '../../bridge/jobs.ts';
import { loadScene } from '../desktop.ts';
import { answerMetricsJob } from './metrics-job.ts';
import { runRefineJob } from './refine-job.ts';
import { Studio, encodePng } from '../view/studio.ts';
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
  const studio = new Studio(device);
  const pixels = await studio.photograph(
    { kind: 'scene', scene },
    localCamera({ ...camera, worldToView: Float64Array.from(camera.worldToView), width, height }, scene.meta.origin),
    background,
  );
  return encodePng(pixels, width, height);
}
