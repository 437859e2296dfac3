import { localCamera } from '../../core/origin.ts';
import { requestRenderDevice } from '../../gpu/device.ts';
import type { MetricsJobAnswer, MetricsJobRequest } from '../../bridge/jobs.ts';
import { loadScene } from '../desktop.ts';
import { measureViews } from '../view/measure-views.ts';
import type { MeasureRequest } from '../view/measure-views.ts';
import { Studio } from '../view/studio.ts';

/** Measures a scene against its photos; the answer is MetricsJobAnswer as JSON. */
export async function answerMetricsJob({ scene: file, views, background }: MetricsJobRequest): Promise<Uint8Array> {
  const scene = await loadScene(file);
  const { device } = await requestRenderDevice(navigator.gpu);
  const studio = new Studio(device);
  const request: MeasureRequest = {
    scenes: [(camera, colour) => studio.photograph({ kind: 'scene', scene }, camera, colour)],
    views: views.map(({ image, photo, camera: { worldToView, sizeIsKnown, pixelLens, ...lens } }) => ({
      photo,
      camera: {
        image,
        parameters: localCamera({ worldToView: Float64Array.from(worldToView), ...lens }, scene.meta.origin),
        sizeIsKnown,
        pixelLens,
      },
    })),
    background,
  };
  const outcomes = await measureViews(request, {
    onProgress: (progress) => void window.desktop.reportRenderJob(progress),
  });
  const answer: MetricsJobAnswer = outcomes.map((outcome) => {
    if ('problem' in outcome) return { problem: outcome.problem.sentence };
    const [{ psnr, ssim }] = outcome.figures;
    return { psnr: Number.isFinite(psnr) ? psnr : null, ssim };
  });
  return new TextEncoder().encode(JSON.stringify(answer));
}
