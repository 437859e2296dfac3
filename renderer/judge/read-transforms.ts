import { z } from 'zod';
import { checkJson, dropNulls } from '../core/json.ts';
import { listOf } from '../core/list-of.ts';
import { invalid, unsupported } from '../io/source.ts';
import type { CaptureCamera, CaptureCameras } from './capture-cameras.ts';
import { distortionWarnings, largestShiftPixels } from './distortion.ts';
import { cameraJson } from './camera-json.ts';
import { worldToViewOf } from './rigid.ts';

const row = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const pose = z.union([z.tuple([row, row, row]), z.tuple([row, row, row, row])]);
const angle = z.number().gt(0).lt(Math.PI);
const coefficient = z.number().optional();

/** Lens fields, for all frames or for one: a frame's own win. */
const lens = {
  camera_model: z.string().optional(),
  is_fisheye: z.boolean().optional(),
  fl_x: z.number().positive().optional(),
  fl_y: z.number().positive().optional(),
  camera_angle_x: angle.optional(),
  camera_angle_y: angle.optional(),
  cx: z.number().optional(),
  cy: z.number().optional(),
  w: z.number().positive().optional(),
  h: z.number().positive().optional(),
  k1: coefficient,
  k2: coefficient,
  k3: coefficient,
  k4: coefficient,
  p1: coefficient,
  p2: coefficient,
};

const transforms = z.object({
  ...lens,
  applied_transform: pose.optional(),
  applied_scale: z.number().positive().optional(),
  frames: listOf(z.object({ ...lens, file_path: z.string().min(1), transform_matrix: pose }), {
    min: 1,
    tooFew: 'lists no frame',
  }),
});

const dataparser = z.object({ transform: pose, scale: z.number().positive() });

/**
 * nerfstudio writes this file beside a trained model: the way from the capture's world into that of the splats it
 * exports.
 */
export const DATAPARSER_FILE = 'dataparser_transforms.json';

type Lens = z.infer<z.ZodObject<typeof lens>>;
type Pose = z.infer<typeof pose>;

const IDENTITY: Pose = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
];

/** Models for which a pinhole is no stand-in. */
const CURVED_MODEL = /fisheye|equirect|panorama|spherical|vr180|ods|ortho/i;
/** Side of the picture where the file names none, in pixels: that of NeRF's synthetic scenes. */
const GUESSED_SIDE = 800;

/**
 * Reads the parsed transforms.json of nerfstudio, instant-ngp and NeRF's synthetic scenes. Its poses are
 * camera-to-world with OpenGL axes (x right, y up, z backward). `applied_transform` (nerfstudio turned the capture's
 * world that way before writing) is undone, which gives the world that COLMAP and programs fed by it know; with a
 * parsed `dataparser_transforms.json` the cameras go on into the world of the splats that nerfstudio exports.
 * @throws SplatError `invalid-file`, `unsupported-feature` for fisheye and panorama lenses
 */
export function readTransforms(name: string, json: unknown, dataparserJson?: unknown): CaptureCameras {
  const {
    frames,
    applied_transform: applied,
    applied_scale: appliedScale,
    ...shared
  } = checkJson(cameraJson(name), dropNulls(json), transforms);
  const undo =
    applied === undefined && appliedScale === undefined
      ? undefined
      : inverseOf(name, applied ?? IDENTITY, appliedScale ?? 1);
  const toModel =
    dataparserJson === undefined
      ? undefined
      : forwardOf(checkJson(cameraJson(DATAPARSER_FILE), dropNulls(dataparserJson), dataparser));
  const shifts: number[] = [];
  const cameras = frames.map(({ file_path: image, transform_matrix: matrix, ...own }, index) => {
    const { shift, ...intrinsics } = intrinsicsOf(name, { ...shared, ...own }, image);
    shifts.push(shift);
    const captured = undo === undefined ? parts(matrix) : undo(parts(matrix));
    const { axes, position } = toModel === undefined ? captured : toModel(captured);
    // OpenGL's up and backward turn into down and forward.
    const worldToView = worldToViewOf(
      axes.map((value, i) => (i % 3 === 0 ? value : -value)),
      position,
    );
    if (worldToView === undefined)
      throw invalid(name, `frame ${index} (${image}) has a transform_matrix that is no pose`);
    return {
      image,
      parameters: { worldToView, ...intrinsics.lens },
      sizeIsKnown: intrinsics.sizeIsKnown,
      ...(intrinsics.pixelLens === undefined ? {} : { pixelLens: intrinsics.pixelLens }),
    } satisfies CaptureCamera;
  });
  const warnings = distortionWarnings(shifts);
  if (undo !== undefined && toModel === undefined) {
    warnings.push(
      `${name} says that its world was turned (applied_transform); the cameras are shown where they stood before. ` +
        `For a scene that nerfstudio exported in its own world, put its ${DATAPARSER_FILE} beside ${name}.`,
    );
  }
  return { format: 'transforms', cameras, warnings };
}

function intrinsicsOf(name: string, lens: Lens, image: string) {
  const model = lens.camera_model ?? '';
  if (lens.is_fisheye === true || CURVED_MODEL.test(model)) {
    throw unsupported(
      name,
      `${image} was taken with a fisheye, panorama or orthographic lens${model === '' ? '' : ` (${model})`}`,
      'Undistort the photos to pinhole pictures first.',
    );
  }
  const sizeIsKnown = lens.w !== undefined && lens.h !== undefined;
  const isInPixels = !sizeIsKnown && lens.fl_x !== undefined;
  // A principal point in pixels is near the middle, which tells the size until the photo is seen.
  const width = lens.w ?? (isInPixels && lens.cx !== undefined ? 2 * lens.cx : GUESSED_SIDE);
  const height = lens.h ?? (isInPixels && lens.cy !== undefined ? 2 * lens.cy : GUESSED_SIDE);
  const fx = lens.fl_x ?? focalOf(lens.camera_angle_x, width);
  const fy = lens.fl_y ?? focalOf(lens.camera_angle_y, height);
  const focalX = fx ?? fy;
  const focalY = fy ?? fx;
  if (focalX === undefined || focalY === undefined)
    throw invalid(name, `${image} has no focal length (fl_x or camera_angle_x)`);
  const parameters = {
    fx: focalX,
    fy: sizeIsKnown || isInPixels ? focalY : focalX,
    cx: sizeIsKnown ? (lens.cx ?? width / 2) : width / 2,
    cy: sizeIsKnown ? (lens.cy ?? height / 2) : height / 2,
    width,
    height,
  };
  // Of lenses that are not fisheye, nerfstudio's k4 is Metashape's.
  const distortion = { ...lens, k4: 0, ofR8: lens.k4 };
  const pixelLens = isInPixels ? { fx: focalX, fy: focalY, cx: lens.cx, cy: lens.cy } : undefined;
  return { lens: parameters, sizeIsKnown, pixelLens, shift: largestShiftPixels(parameters, distortion) };
}

function focalOf(angleRadians: number | undefined, side: number): number | undefined {
  return angleRadians === undefined ? undefined : side / (2 * Math.tan(angleRadians / 2));
}

interface Parts {
  /** (9) row-major 3 x 3 part. */
  readonly axes: readonly number[];
  readonly position: readonly number[];
}

function parts(matrix: Pose): Parts {
  const rows = matrix.slice(0, 3);
  return { axes: rows.flatMap((r) => r.slice(0, 3)), position: rows.map((r) => r[3]) };
}

/** What takes poses through nerfstudio's rotation and translation and then its scale of positions. */
function forwardOf({ transform, scale }: z.infer<typeof dataparser>): (pose: Parts) => Parts {
  const { axes: m, position: t } = parts(transform);
  if (worldToViewOf(m, t) === undefined) throw invalid(DATAPARSER_FILE, 'its transform is no rotation and translation');
  const turn = (v: readonly number[]): number[] =>
    [0, 3, 6].map((r) => m[r] * v[0] + m[r + 1] * v[1] + m[r + 2] * v[2]);
  return ({ axes, position }) => {
    const columns = [0, 1, 2].map((column) => turn([axes[column], axes[column + 3], axes[column + 6]]));
    return {
      axes: [0, 1, 2].flatMap((r) => columns.map((column) => column[r])),
      position: turn(position).map((value, i) => (value + t[i]) * scale),
    };
  };
}

/** What takes poses back through `applied` and then a scale of positions. */
function inverseOf(name: string, applied: Pose, scale: number): (pose: Parts) => Parts {
  const { axes: m, position: t } = parts(applied);
  const inverse = worldToViewOf(m, [0, 0, 0]);
  const length = Math.hypot(m[0], m[3], m[6]);
  if (inverse === undefined) throw invalid(name, 'its applied_transform is no rotation and translation');
  const turn = (v: readonly number[]): number[] =>
    [0, 4, 8].map((r) => inverse[r] * v[0] + inverse[r + 1] * v[1] + inverse[r + 2] * v[2]);
  return ({ axes, position }) => {
    const columns = [0, 1, 2].map((column) => turn([axes[column], axes[column + 3], axes[column + 6]]));
    return {
      axes: [0, 1, 2].flatMap((r) => columns.map((column) => column[r])),
      position: turn(position.map((value, i) => value / scale - t[i])).map((value) => value / length),
    };
  };
}
