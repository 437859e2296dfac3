import { framingOf } from '../../camera/framing.ts';
import { sceneBounds } from '../../camera/scene-bounds.ts';
import type { SceneBounds } from '../../camera/scene-bounds.ts';
import { SplatError } from '../../core/errors.ts';
import type { ProgressListener } from '../../core/progress.ts';
import { isSoftwareAdapter } from '../../core/software-adapter.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { UP_DIRECTIONS, type UpAxis } from '../../core/up-axes.ts';
import { resolveUp } from '../../core/up-axis.ts';
import type { Vec3 } from '../../core/vector.ts';
import { requestRenderDevice } from '../../gpu/device.ts';
import { parseShowFile, shotOf } from '../../show/show-file.ts';
import type { Shot } from '../../show/shot.ts';
import { turntableShot } from '../../show/turntable.ts';
import { assertVideoSettings } from '../../show/video-settings.ts';
import { ask, loadScene } from '../desktop.ts';
import { film, splitPicture } from '../view/film.ts';
import { ModelChoice } from '../document/model-choice.ts';
import { refineWithBestBackend } from '../document/refine-backend.ts';
import type { TurnRequest, VideoJobRequest } from '../../bridge/jobs.ts';
import { Studio } from '../view/studio.ts';
import type { StudioPicture } from '../view/studio.ts';

/** Films what the command line asked for. Main writes the file; the answer is a VideoReport as JSON. */
export async function answerVideoJob(job: VideoJobRequest): Promise<Uint8Array> {
  assertVideoSettings(job);
  const onProgress: ProgressListener = (progress) => void window.desktop.reportRenderJob(progress);
  const { device, adapter } = await requestRenderDevice(navigator.gpu);
  const before = await loadScene(job.scene, { onProgress });
  const after = await refinedScene(job, before, isSoftwareAdapter(adapter), onProgress);
  const bounds = sceneBounds(before);
  const shot =
    'turn' in job.camera
      ? turnAbout(bounds, resolveUp(before).axis, job.camera.turn, job.width / job.height)
      : shotOf(parseShowFile(job.camera.text, job.camera.name), job.camera.name);
  const studio = new Studio(device);
  const report = await film(
    {
      studio,
      picture: pictureFor(job, before, after),
      shot,
      sceneRadius: bounds.radius,
      settings: job,
      background: job.background,
    },
    await ask(window.desktop.beginVideoOutput()),
    { onProgress },
  );
  return new TextEncoder().encode(JSON.stringify(report));
}

function pictureFor(
  { view, height }: VideoJobRequest,
  before: SplatScene,
  after: SplatScene | undefined,
): StudioPicture {
  if (view === 'before') return { kind: 'scene', scene: before };
  if (after === undefined)
    throw new SplatError(
      'usage',
      'There is no refined scene to film.',
      'Name one with --refined, or a model with --model.',
    );
  return view === 'after' ? { kind: 'scene', scene: after } : splitPicture(before, after, height);
}

async function refinedScene(
  { refined, model }: VideoJobRequest,
  before: SplatScene,
  isSoftwareGpu: boolean,
  onProgress: ProgressListener,
): Promise<SplatScene | undefined> {
  if (refined !== undefined) return loadScene(refined, { onProgress });
  if (model === undefined) return undefined;
  const bytes = await new ModelChoice(undefined, model).read({ onProgress });
  return (await refineWithBestBackend(before, bytes, isSoftwareGpu, { onProgress })).scene;
}

/** Round the whole scene about its own up direction, from the side that its file's axes call front. */
function turnAbout(bounds: SceneBounds, upAxis: UpAxis, turn: TurnRequest, aspect: number): Shot {
  const up = UP_DIRECTIONS[upAxis];
  const side: Vec3 = upAxis === 'z' || upAxis === '-z' ? [0, -1, 0] : [0, 0, 1];
  const { target, distance } = framingOf(bounds, turn.fovYDegrees, aspect);
  return turntableShot({ ...turn, centre: target, up, side, distance });
}
