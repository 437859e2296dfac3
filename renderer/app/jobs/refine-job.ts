import { toSplatError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { localCamera } from '../../core/origin.ts';
import { resolveUp, withUp } from '../../core/up-axis.ts';
import type { RefineModel } from '../../refine/model.ts';
import { refineInWorker } from '../../refine/refine-client.ts';
import { localRegion } from '../../refine/region-choice.ts';
import type { RefineReport } from '../../refine/refine-scene.ts';
import { encodeInBackground } from '../../workers/scene-client.ts';
import type { RefineJobRequest } from '../../bridge/jobs.ts';
import { ask, loadScene, writeScene } from '../desktop.ts';
import { ModelChoice, decodedModel } from '../document/model-choice.ts';

/**
 * Refines the scenes of a job one after another on WebGPU, be the adapter real or not: it was asked for. Main opens and
 * writes the files, and hears after each scene how it went; a scene that fails does not stop the others.
 */
export async function runRefineJob(job: RefineJobRequest): Promise<void> {
  const model = await decodedModel(await new ModelChoice(undefined, job.model).read({}), undefined);
  for (let index = 0; index < job.scenes; index++) {
    try {
      const { report, notes } = await refineOne(index, model, job);
      await ask(window.desktop.reportRefined(index, { ok: true, report: { ...report }, notes: [...notes] }));
    } catch (error) {
      const { code, sentence } = toSplatError(error, 'gpu-error', 'The scene could not be refined');
      await ask(window.desktop.reportRefined(index, { ok: false, error: { code, message: sentence } }));
    }
  }
}

async function refineOne(
  index: number,
  model: RefineModel,
  { strength, up, region, cameras, format, comment }: RefineJobRequest,
): Promise<{ readonly report: RefineReport; readonly notes: readonly string[] }> {
  const onProgress = (progress: Progress): void => void window.desktop.reportRenderJob(progress);
  const scene = await loadScene(await ask(window.desktop.openRefineInput(index)), { onProgress });
  const captured = cameras?.map((camera) =>
    localCamera({ ...camera, worldToView: Float64Array.from(camera.worldToView) }, scene.meta.origin),
  );
  const refined = await refineInWorker(scene, model, {
    device: 'webgpu',
    strength,
    up,
    region: localRegion(region, scene.meta.origin),
    cameras: captured,
    onProgress,
  });
  const encoded = await encodeInBackground(
    withUp(refined.scene, resolveUp(scene, { chosen: up, cameras: captured })),
    format,
    { onProgress, comment },
  );
  await writeScene(await ask(window.desktop.beginRefineOutput(index)), encoded);
  return { report: refined.report, notes: encoded.notes };
}
