import { z } from 'zod';

/** Largest picture side that every WebGPU device can render to. */
const MAX_SIDE = 8192;

const finite = z.number();

/** A camera for one picture, as core's CameraParameters without the picture's size. */
export const renderJobCameraSchema = z.strictObject({
  /** World-to-view matrix, row-major, rigid; view space has x right, y down, z forward; world is the file's own axes. */
  worldToView: z.array(finite).length(16),
  /** Focal lengths and principal point in pixels of the picture. */
  fx: finite.positive(),
  fy: finite.positive(),
  cx: finite,
  cy: finite,
});

/**
 * One picture for the app to render without a window: `electron APP --render-job JOB.json`.
 * The process ends with 0 once the PNG is written, otherwise with 1 and one sentence on standard error.
 */
export const renderJobSchema = z.strictObject({
  /** Absolute path of the scene file. */
  scene: z.string().min(1),
  camera: renderJobCameraSchema,
  /** Picture size in pixels. */
  width: z.int().min(1).max(MAX_SIDE),
  height: z.int().min(1).max(MAX_SIDE),
  /** Opaque background red, green, blue in 0..1, as stored in the picture (sRGB). */
  background: z.tuple([finite.min(0).max(1), finite.min(0).max(1), finite.min(0).max(1)]),
  /** Absolute path of the PNG to write; replaced only once the new picture is complete. */
  out: z.string().min(1),
});

export type RenderJob = z.infer<typeof renderJobSchema>;
