import { poseParameters } from '../../camera/camera-pose.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { Rgb } from '../../core/vector.ts';
import { frameTimes } from '../../show/shot.ts';
import type { Shot } from '../../show/shot.ts';
import { encodeVideo } from '../../show/video-encoder.ts';
import type { VideoReport } from '../../show/video-encoder.ts';
import type { VideoSettings } from '../../show/video-settings.ts';
import type { SaveTarget } from '../../bridge/files.ts';
import { ask } from '../desktop.ts';
import type { Studio, StudioPicture } from './studio.ts';

export interface FilmRequest {
  readonly studio: Studio;
  readonly picture: StudioPicture;
  readonly shot: Shot;
  /** Of the scene as the viewer frames it. */
  readonly sceneRadius: number;
  readonly settings: VideoSettings;
  readonly background: Rgb;
}

/**
 * Films a shot into a save target and puts it in place; a failed or cancelled film leaves no file. Throws as
 * `encodeVideo`.
 */
export async function film(
  { studio, picture, shot, sceneRadius, settings, background }: FilmRequest,
  target: SaveTarget,
  options: JobOptions = {},
): Promise<VideoReport> {
  const { width, height, framesPerSecond } = settings;
  const times = frameTimes(shot, framesPerSecond);
  /** When the first frame was done, and what share it was: it alone waits for shaders to be made. */
  let first: { readonly ms: number; readonly fraction: number } | undefined;
  try {
    const report = await encodeVideo(
      settings,
      times.length,
      (frame) =>
        studio.photograph(picture, poseParameters(shot.poseAt(times[frame]), width, height, sceneRadius), background),
      { write: async (bytes, position) => void (await ask(window.desktop.writeChunkAt(target.id, bytes, position))) },
      {
        signal: options.signal,
        onProgress: (progress) => {
          const nowMs = performance.now();
          const done = progress.fraction - (first?.fraction ?? progress.fraction);
          const remainingSeconds =
            first === undefined || done === 0
              ? undefined
              : ((nowMs - first.ms) / 1000) * ((1 - progress.fraction) / done);
          first ??= { ms: nowMs, fraction: progress.fraction };
          options.onProgress?.({ ...progress, remainingSeconds });
        },
      },
    );
    await ask(window.desktop.finishShowSave(target.id));
    return report;
  } catch (error) {
    await window.desktop.abandonSave(target.id);
    throw error;
  }
}

/**
 * A picture of two scenes, left of the middle before, right of it after, with a line between them as wide as fits the
 * height.
 */
export function splitPicture(before: SplatScene, after: SplatScene, height: number): StudioPicture {
  const divider = { widthPixels: Math.max(1, Math.round(height / 360)), colour: [1, 1, 1] } as const;
  return { kind: 'compare', before, after, view: { mode: 'split', direction: 'vertical', position: 0.5, divider } };
}
