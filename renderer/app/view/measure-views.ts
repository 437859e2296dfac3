import type { CameraParameters } from '../../core/camera-parameters.ts';
import { throwIfAborted, toSplatError } from '../../core/errors.ts';
import type { SplatError } from '../../core/errors.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { Rgb } from '../../core/vector.ts';
import { cameraForPhoto } from '../../judge/capture-cameras.ts';
import type { CaptureCamera } from '../../judge/capture-cameras.ts';
import { decodePhoto } from '../../judge/decode-photo.ts';
import type { Figures } from '../../judge/report.ts';
import { PhotoMeter } from '../../workers/photo-client.ts';
import type { ReadableFile } from '../../bridge/files.ts';
import { readFile } from '../desktop.ts';

/** A camera with its photo. */
export interface PhotographedView {
  readonly camera: CaptureCamera;
  readonly photo: ReadableFile;
}

/** The figures of one view, one for each scene, or why there are none. */
export type ViewOutcome = { readonly figures: readonly Figures[] } | { readonly problem: SplatError };

/** Draws a scene over a background (rgb 0..1) and reads the picture back: (height, width, 4) RGBA bytes. */
export type DrawScene = (camera: CameraParameters, background: Rgb) => Promise<Uint8ClampedArray<ArrayBuffer>>;

export interface MeasureRequest {
  readonly scenes: readonly DrawScene[];
  readonly views: readonly PhotographedView[];
  /** rgb 0..1, behind the splats and behind what is transparent in a photo. */
  readonly background: Rgb;
}

/**
 * Draws every scene with each photo's own lens at its own size and measures it against the photo. A photo that can't be
 * used is that view's problem; the others go on. While one view is measured the next one is drawn.
 * @returns outcomes in the order of the views
 * @throws SplatError `cancelled`, and `gpu-error` or `out-of-memory` of the device
 */
export async function measureViews(
  { scenes, views, background }: MeasureRequest,
  { signal, onProgress }: JobOptions = {},
): Promise<ViewOutcome[]> {
  const meter = new PhotoMeter();
  const onAbort = (): void => meter.end();
  signal?.addEventListener('abort', onAbort);
  const outcomes: ViewOutcome[] = [];
  // At most one measurement is under way: the pictures of two views in memory are enough.
  let underWay: Promise<void> = Promise.resolve();
  try {
    for (const [index, { camera, photo: file }] of views.entries()) {
      throwIfAborted(signal, 'Measuring');
      onProgress?.({ stage: `${file.name} (${index + 1} of ${views.length})`, fraction: index / views.length });
      const drawn = await drawView(file, camera).catch((error: unknown) => ({ problem: ownProblem(error) }));
      await underWay;
      if ('problem' in drawn) {
        outcomes[index] = drawn;
        continue;
      }
      underWay = meter.measure(drawn.photo, drawn.pictures).then((figures) => {
        outcomes[index] = { figures };
      });
      // A failure is thrown by the next await; until then it must not count as unhandled.
      underWay.catch(() => undefined);
    }
    await underWay;
    return outcomes;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    meter.end();
  }

  async function drawView(file: ReadableFile, camera: CaptureCamera) {
    const photo = await decodePhoto(file.name, await readFile(file, { signal }), background);
    const { width, height } = photo;
    const fitted = cameraForPhoto(camera, width, height);
    const pictures = [];
    for (const draw of scenes) pictures.push({ width, height, data: await draw(fitted, background) });
    return { photo, pictures };
  }
}

/** A photo's own failure; failures of the whole job are thrown on. */
function ownProblem(error: unknown): SplatError {
  const failure = toSplatError(error, 'gpu-error', 'The picture could not be drawn');
  const isOwn =
    failure.code === 'invalid-file' ||
    failure.code === 'truncated-file' ||
    failure.code === 'io' ||
    failure.code === 'usage';
  if (isOwn) return failure;
  throw failure;
}
