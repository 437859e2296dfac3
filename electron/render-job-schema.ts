import { z } from 'zod';
import { LARGEST_PICTURE_SIDE, LARGEST_VIDEO_SIDE } from '../renderer/core/picture-size.ts';
import { WRITABLE_FORMATS } from '../renderer/core/writable-formats.ts';

const finite = z.number();

/** A camera for one picture, as core's CameraParameters without the picture's size. */
export const renderJobCameraSchema = z.strictObject({
  /**
   * World-to-view matrix, row-major, rigid; view space has x right, y down, z forward; world is the file's own axes.
   */
  worldToView: z.array(finite).length(16),
  /** Focal lengths and principal point in pixels of the picture. */
  fx: finite.positive(),
  fy: finite.positive(),
  cx: finite,
  cy: finite,
});

/** Sides in pixels. */
const pictureSide = z.int().min(1).max(LARGEST_PICTURE_SIDE);
const videoSide = z.int().min(1).max(LARGEST_VIDEO_SIDE);

/** Opaque background red, green, blue in 0..1, as stored in the picture (sRGB). */
const background = z.tuple([finite.min(0).max(1), finite.min(0).max(1), finite.min(0).max(1)]);

/** Absolute path. */
const path = z.string().min(1);

/** One picture of a scene; the answer is a PNG. */
export const pictureJobSchema = z.strictObject({
  kind: z.literal('render'),
  scene: path,
  camera: renderJobCameraSchema,
  width: pictureSide,
  height: pictureSide,
  background,
  /** Where the answer goes; replaced only once it is complete. */
  out: path,
});

/**
 * A capture's camera as renderer/judge/ knows it: its lens is for a picture of `width` x `height`, maybe not the
 * photo's.
 */
const captureCameraSchema = renderJobCameraSchema.extend({
  width: finite.positive(),
  height: finite.positive(),
  sizeIsKnown: z.boolean(),
});

/** PSNR and SSIM of a scene against photos; the answer is JSON, see MetricsJobAnswer. */
export const metricsJobSchema = z.strictObject({
  kind: z.literal('metrics'),
  scene: path,
  views: z.array(z.strictObject({ image: z.string(), photo: path, camera: captureCameraSchema })).min(1),
  background,
  out: path,
});

/**
 * Scenes to refine on WebGPU, each answer to its own file. How each went comes as a JSON line on standard output (see
 * refineJobLineSchema); the process ends with 0 once all were tried.
 */
export const refineJobSchema = z.strictObject({
  kind: z.literal('refine'),
  items: z.array(z.strictObject({ input: path, output: path })).min(1),
  /** Checkpoint, its description file beside it. */
  model: path,
  strength: finite.min(0).max(1.5),
  up: z.enum(['y', '-y', 'z']).optional(),
  format: z.enum(WRITABLE_FORMATS),
  comment: z.string().max(500),
});

/**
 * A video of a scene by a moving camera. The page writes `out` in pieces while it films; it is put in place when whole.
 * The checks of sizes, rates and of the camera file are the page's, which films in the window by the same ones.
 */
export const videoJobSchema = z.strictObject({
  kind: z.literal('video'),
  scene: path,
  /** The scene refined, or a checkpoint to refine it with. */
  refined: path.optional(),
  model: path.optional(),
  view: z.enum(['before', 'after', 'split']),
  /** The text of a path or turntable file and its name for messages, or how to go round the scene. */
  camera: z.union([
    z.strictObject({ text: z.string(), name: z.string() }),
    z.strictObject({
      turn: z.strictObject({
        turns: finite.min(-100).max(100),
        durationSeconds: finite.min(0.05).max(3600),
        startElevationDegrees: finite.min(-90).max(90),
        endElevationDegrees: finite.min(-90).max(90),
        fovYDegrees: finite.min(1).max(170),
      }),
    }),
  ]),
  width: videoSide,
  height: videoSide,
  framesPerSecond: finite.positive(),
  container: z.enum(['mp4', 'webm']),
  quality: z.enum(['low', 'medium', 'high', 'very-high']),
  background,
  out: path,
});

/**
 * A job for the app to do without a visible window: `electron APP --render-job JOB.json`. Each kind names its input
 * files
 * and, unless it says otherwise, one file `out` for the answer. The process prints its progress as JSON lines
 * ({"stage","fraction"}) on standard
 * output and ends with 0 once `out` is written, otherwise with 1 and one sentence on standard error.
 */
export const renderJobSchema = z.discriminatedUnion('kind', [
  pictureJobSchema,
  metricsJobSchema,
  refineJobSchema,
  videoJobSchema,
]);

export type MetricsJob = z.infer<typeof metricsJobSchema>;
export type RefineJob = z.infer<typeof refineJobSchema>;
export type VideoJob = z.infer<typeof videoJobSchema>;
export type RenderJob = z.infer<typeof renderJobSchema>;
