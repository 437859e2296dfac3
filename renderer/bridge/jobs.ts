import { z } from 'zod';
import { listOf } from '../core/list-of.ts';
import { LARGEST_PICTURE_SIDE, LARGEST_VIDEO_SIDE } from '../core/picture-size.ts';
import type { Progress } from '../core/progress.ts';
import { recordOf } from '../core/record-of.ts';
import { UP_AXES } from '../core/up-axes.ts';
import { WRITABLE_FORMATS } from '../core/writable-formats.ts';
import { regionSchema } from '../refine/region-choice.ts';
import { VIDEO_CONTAINERS, VIDEO_QUALITIES } from '../show/video-settings.ts';
import type { ModelFile, ReadableFile, SaveTarget, SceneFile } from './files.ts';
import { bytesSchema } from './files.ts';
import { message } from './message.ts';

/**
 * Jobs for the app to do without a visible window: `electron APP --render-job JOB.json`. Each kind names its input
 * files and, unless it says otherwise, one file `out` for the answer. The process prints its progress as JSON lines
 * ({"stage","fraction"}) on standard output and ends with 0 once `out` is written, otherwise with 1 and one sentence on
 * standard error. The page gets the same job with handles in place of paths.
 */

const finite = z.number();

/** A camera for one picture, as core's CameraParameters without the picture's size. */
const renderJobCameraSchema = z.strictObject({
  /**
   * World-to-view matrix, row-major, rigid; view space has x right, y down, z forward; world is the file's own axes.
   */
  worldToView: listOf(finite, { min: 16, max: 16 }),
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
type PictureJob = z.infer<typeof pictureJobSchema>;

/**
 * A capture's camera as renderer/judge/ knows it: its lens is for a picture of `width` x `height`, maybe not the
 * photo's.
 */
const captureCameraSchema = renderJobCameraSchema.extend({
  width: finite.positive(),
  height: finite.positive(),
  sizeIsKnown: z.boolean(),
  pixelLens: z
    .strictObject({
      fx: finite.positive(),
      fy: finite.positive(),
      cx: finite.optional(),
      cy: finite.optional(),
    })
    .optional(),
});

/** A capture's camera without its lens distortion, for a picture of `width` x `height`. */
const pinholeCameraSchema = renderJobCameraSchema.extend({ width: finite.positive(), height: finite.positive() });

/** PSNR and SSIM of a scene against photos; the answer is JSON, see MetricsJobAnswer. */
const metricsJobSchema = z.strictObject({
  kind: z.literal('metrics'),
  scene: path,
  views: listOf(z.strictObject({ image: z.string(), photo: path, camera: captureCameraSchema }), { min: 1 }),
  background,
  out: path,
});
export type MetricsJob = z.infer<typeof metricsJobSchema>;

/** What became of each view, in order; a PSNR of null is the infinite one of equal pictures. */
export type MetricsJobAnswer = readonly (
  { readonly psnr: number | null; readonly ssim: number } | { readonly problem: string }
)[];

/**
 * Scenes to refine on WebGPU, each answer to its own file. How each went comes as a JSON line on standard output (see
 * refineJobLineSchema); the process ends with 0 once all were tried.
 */
const refineJobSchema = z.strictObject({
  kind: z.literal('refine'),
  items: listOf(z.strictObject({ input: path, output: path }), { min: 1 }),
  /** Checkpoint, its description file beside it. */
  model: path,
  strength: finite.min(0).max(1.5),
  /** `up`, `region` and `cameras`: see `RefineOptions`. */
  up: z.enum(UP_AXES).optional(),
  region: regionSchema.optional(),
  cameras: listOf(pinholeCameraSchema).optional(),
  format: z.enum(WRITABLE_FORMATS),
  /** Kept in every answer, see `encodeScene`. */
  comment: z.string().max(500),
});
export type RefineJob = z.infer<typeof refineJobSchema>;

/** How the camera goes round a scene for which there is no path. */
const turnSchema = z.strictObject({
  turns: finite.min(-100).max(100),
  durationSeconds: finite.min(0.05).max(3600),
  startElevationDegrees: finite.min(-90).max(90),
  endElevationDegrees: finite.min(-90).max(90),
  fovYDegrees: finite.min(1).max(170),
});
export type TurnRequest = Readonly<z.infer<typeof turnSchema>>;

/**
 * A video of a scene by a moving camera. The page writes `out` in pieces while it films; it is put in place when whole.
 * The checks of sizes, rates and of the camera file are the page's, which films in the window by the same ones.
 */
export const videoJobSchema = z.strictObject({
  kind: z.literal('video'),
  scene: path,
  /** The scene refined, from a file. */
  refined: path.optional(),
  /** A checkpoint to refine the scene with at first. */
  model: path.optional(),
  view: z.enum(['before', 'after', 'split']),
  /** The text of a path or turntable file and its name for messages, or how to go round the scene. */
  camera: z.union([z.strictObject({ text: z.string(), name: z.string() }), z.strictObject({ turn: turnSchema })]),
  width: videoSide,
  height: videoSide,
  framesPerSecond: finite.positive(),
  container: z.enum(VIDEO_CONTAINERS),
  quality: z.enum(VIDEO_QUALITIES),
  background,
  out: path,
});
export type VideoJob = z.infer<typeof videoJobSchema>;

/** A job as its file describes it, with paths. */
export const renderJobSchema = z.discriminatedUnion('kind', [
  pictureJobSchema,
  metricsJobSchema,
  refineJobSchema,
  videoJobSchema,
]);
export type RenderJob = z.infer<typeof renderJobSchema>;

/** A job without its paths, with the handles that the page gets in their place. */
type WithHandles<Job, Handles> = Readonly<Omit<Job, keyof Handles | 'out'>> & Readonly<Handles>;

export type PictureJobRequest = WithHandles<PictureJob, { scene: SceneFile }>;

type MetricsView = WithHandles<MetricsJob['views'][number], { photo: ReadableFile }>;
export type MetricsJobRequest = WithHandles<MetricsJob, { scene: SceneFile; views: readonly MetricsView[] }>;

/** Scenes to refine; main opens and writes their files one by one. */
export type RefineJobRequest = WithHandles<Omit<RefineJob, 'items'>, { scenes: number; model: ModelFile }>;

export type VideoJobRequest = WithHandles<
  VideoJob,
  { scene: SceneFile; refined?: SceneFile | undefined; model?: ModelFile | undefined }
>;

/** A job as the page gets it. */
export type RenderJobRequest = PictureJobRequest | MetricsJobRequest | RefineJobRequest | VideoJobRequest;

/** Index of a scene in a refine job. */
const index = z.int().min(0);

/** How it went with one scene; the report is refineScene's. */
const refineJobOutcomeSchema = z.discriminatedUnion('ok', [
  z.strictObject({
    ok: z.literal(true),
    report: recordOf(z.string().max(64), z.unknown()),
    notes: listOf(z.string().max(2000), { max: 20 }),
  }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: z.string().max(64), message: z.string().max(20_000) }),
  }),
]);
export type RefineJobOutcome = z.infer<typeof refineJobOutcomeSchema>;

/** A line of standard output by which a refine job reports to its starter, beside progress. */
export const refineJobLineSchema = z.union([
  z.object({ adapter: z.string(), isSoftware: z.boolean() }),
  z.object({ place: index, outcome: refineJobOutcomeSchema }),
]);
export type RefineJobLine = z.infer<typeof refineJobLineSchema>;

/** A line of standard output by which a video job reports what it made, beside progress. */
export const videoReportSchema = z.object({ codec: z.string(), frames: z.int(), durationSeconds: z.number() });
export type VideoReport = Readonly<z.infer<typeof videoReportSchema>>;

const progressSchema: z.ZodType<Progress> = z.strictObject({
  stage: z.string().max(4000),
  fraction: z.number().min(0).max(1),
  remainingSeconds: z.number().optional(),
});

/** What the page may ask about the job that it does. */
export const JOB_MESSAGES = {
  /** How far the job is; main hands it to the process that waits for it. */
  reportRenderJob: message<(progress: Progress) => void>(progressSchema),
  /** The job's answer, whole: main writes it where the job says and ends the process. */
  finishRenderJob: message<(answer: Uint8Array) => void>(bytesSchema),
  failRenderJob: message<(sentence: string) => void>(z.string().max(4000)),
  openRefineInput: message<(index: number) => SceneFile>(index),
  /** The answer's file, to be written like any other save. */
  beginRefineOutput: message<(index: number) => SaveTarget>(index),
  reportRefined: message<(index: number, outcome: RefineJobOutcome) => void>(index, refineJobOutcomeSchema),
  /** The file that a video job writes. */
  beginVideoOutput: message<() => SaveTarget>(),
};
