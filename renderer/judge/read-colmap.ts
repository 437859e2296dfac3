import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError } from '../core/errors.ts';
import { invalid, truncated, unsupported } from '../io/source.ts';
import { ByteReader } from './byte-reader.ts';
import type { CaptureCamera, CaptureCameras } from './capture-cameras.ts';
import { distortionWarnings, largestShiftPixels } from './distortion.ts';
import type { Distortion } from './distortion.ts';
import { worldToViewOfQuaternion } from './rigid.ts';

/** A line or record of COLMAP's cameras file. */
export interface ColmapLens {
  readonly id: number;
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly parameters: readonly number[];
}

/** A line or record of COLMAP's images file: world-to-camera, quaternion w x y z. */
export interface ColmapImage {
  readonly quaternion: readonly number[];
  readonly translation: readonly number[];
  readonly lensId: number;
  readonly name: string;
}

/** Models by their number in the binary files (colmap/src/colmap/sensor/models.h), with the number of parameters. */
const MODELS: readonly (readonly [name: string, parameters: number])[] = [
  ['SIMPLE_PINHOLE', 3],
  ['PINHOLE', 4],
  ['SIMPLE_RADIAL', 4],
  ['RADIAL', 5],
  ['OPENCV', 8],
  ['OPENCV_FISHEYE', 8],
  ['FULL_OPENCV', 12],
  ['FOV', 5],
  ['SIMPLE_RADIAL_FISHEYE', 4],
  ['RADIAL_FISHEYE', 5],
  ['THIN_PRISM_FISHEYE', 12],
  ['RAD_TAN_THIN_PRISM_FISHEYE', 16],
  ['SIMPLE_DIVISION', 4],
  ['DIVISION', 5],
  ['SIMPLE_FISHEYE', 3],
  ['FISHEYE', 4],
  ['EUCM', 6],
];

const UNDISTORT = "Undistort the photos with COLMAP's image_undistorter and choose its cameras.";

/** How many parameters the lens model of this number has; undefined for a number that is not known. */
export function parametersOf(model: number): number | undefined {
  return MODELS.at(model)?.[1];
}

/** Letters of a photo's name in a message: that of a damaged file may be a whole line of points. */
const SHOWN_LETTERS = 100;

/** Bytes of an observed point in images.bin: x, y and the number of its 3D point. */
const POINT_BYTES = 24;

/**
 * Puts COLMAP's lenses and images together. Distorted lenses are used without their distortion, with a warning.
 * @throws SplatError `invalid-file`, `unsupported-feature` for fisheye lenses
 */
export function joinColmap(
  lensesName: string,
  lenses: readonly ColmapLens[],
  imagesName: string,
  images: readonly ColmapImage[],
): CaptureCameras {
  if (images.length === 0)
    throw new SplatError(
      'invalid-file',
      `${imagesName} lists no image.`,
      'Choose the files of a finished COLMAP model.',
    );
  const lensOf = new Map(lenses.map((lens) => [lens.id, lens]));
  // Of those that are used alone: others may be of any kind.
  const known = new Map<number, UsedLens>();
  const shifts: number[] = [];
  const cameras = images.map(({ quaternion, translation, lensId, name }): CaptureCamera => {
    const described = lensOf.get(lensId);
    if (described === undefined)
      throw invalid(
        imagesName,
        `${name.slice(0, SHOWN_LETTERS)} was taken with camera ${lensId}, which ${lensesName} does not have`,
      );
    const lens = known.get(lensId) ?? pinholeOf(lensesName, described);
    known.set(lensId, lens);
    const worldToView = worldToViewOfQuaternion(quaternion, translation);
    if (worldToView === undefined) throw invalid(imagesName, `${name.slice(0, SHOWN_LETTERS)} has a pose that is none`);
    shifts.push(lens.shift);
    return { image: name, parameters: { worldToView, ...lens.pinhole }, sizeIsKnown: true };
  });
  return { format: 'colmap', cameras, warnings: distortionWarnings(shifts) };
}

interface UsedLens {
  readonly pinhole: Omit<CameraParameters, 'worldToView'>;
  /** What its distortion moves a point by, at most, in pixels. */
  readonly shift: number;
}

function pinholeOf(file: string, { id, model, width, height, parameters }: ColmapLens): UsedLens {
  const expected = MODELS.find(([name]) => name === model)?.[1];
  if (expected === undefined) throw unknownModel(file, id, model);
  if (/FISHEYE|^FOV$|^EUCM$/.test(model))
    throw unsupported(file, `camera ${id} has a fisheye lens (${model})`, UNDISTORT);
  if (parameters.length !== expected)
    throw invalid(file, `camera ${id} (${model}) has ${parameters.length} lens parameters instead of ${expected}`);
  const [fx, fy, cx, cy, ...rest] = /^SIMPLE_|^RADIAL$/.test(model) ? [parameters[0], ...parameters] : parameters;
  const pinhole = { fx, fy, cx, cy, width, height };
  if (!(fx > 0 && fy > 0 && width > 0 && height > 0 && parameters.every(Number.isFinite)))
    throw invalid(file, `camera ${id} has an impossible lens`);
  return { pinhole, shift: largestShiftPixels(pinhole, distortionOf(model, rest)) };
}

function unknownModel(file: string, id: number, model: string): SplatError {
  return unsupported(file, `camera ${id} has a lens model that is not known here, ${model}`, UNDISTORT);
}

function distortionOf(model: string, [a, b, c, d, e, f, g, h]: readonly number[]): Distortion {
  // Its points are given by those of the photo, x / (1 + k r^2): the other way round, a coefficient of the same size.
  if (model.endsWith('DIVISION')) return { k1: a };
  if (model === 'OPENCV') return { k1: a, k2: b, p1: c, p2: d };
  if (model === 'FULL_OPENCV') return { k1: a, k2: b, p1: c, p2: d, k3: e, k4: f, k5: g, k6: h };
  return { k1: a, k2: b };
}

/** Lines of cameras.txt: CAMERA_ID MODEL WIDTH HEIGHT PARAMS… */
export function parseColmapLensesText(file: string, text: string): ColmapLens[] {
  return dataLines(text).map((line, index) => {
    const [id, modelName, width, height, ...parameters] = line.split(/\s+/);
    // Some programs write the number that the binary files have.
    const model = /^\d+$/.test(modelName ?? '')
      ? (MODELS[Number(modelName)]?.[0] ?? `of number ${modelName}`)
      : modelName?.toUpperCase();
    if (height === undefined) throw truncated(file, `camera ${index + 1} has no size`);
    return {
      id: number(file, id),
      model,
      width: number(file, width),
      height: number(file, height),
      parameters: parameters.map((value) => number(file, value)),
    };
  });
}

/** An image's line: nine numbers, then a name that may hold spaces. */
const IMAGE_LINE = /^((?:\S+\s+){9})(\S.*)$/;

/**
 * Pairs of lines of images.txt: IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME, then the observed points, maybe none.
 * Some programs leave the lines of points out: a line that ends in a name is an image wherever it stands.
 */
export function parseColmapImagesText(file: string, text: string): ColmapImage[] {
  const images: ColmapImage[] = [];
  let isPoints = false;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const match = IMAGE_LINE.exec(trimmed);
    if (isPoints) {
      isPoints = false;
      if (match === null || !isImage(match)) continue;
    }
    // The line of points may be empty; elsewhere empty lines and comments mean nothing.
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (match === null) throw truncated(file, `image ${images.length + 1} has fewer than ten fields`);
    const values = match[1]
      .trim()
      .split(/\s+/)
      .map((value) => number(file, value));
    images.push({ quaternion: values.slice(1, 5), translation: values.slice(5, 8), lensId: values[8], name: match[2] });
    isPoints = true;
  }
  return images;
}

/** Whether a line in the place of points is the next image's: points are numbers to the end, in threes. */
function isImage([, numbers, name]: RegExpExecArray): boolean {
  const fields = numbers.trim().split(/\s+/).map(Number);
  const words = name.split(/\s+/);
  // A name may be a number, too.
  const isNamed = words.length % 3 !== 0 || !words.every((word) => Number.isFinite(Number(word)));
  return isNamed && fields.every(Number.isFinite) && Number.isInteger(fields[0]) && Number.isInteger(fields[8]);
}

/** cameras.bin: count, then id, model, width, height and the model's parameters. */
export function parseColmapLensesBinary(file: string, bytes: Uint8Array): ColmapLens[] {
  const reader = new ByteReader(file, bytes);
  const count = reader.uint64();
  const lenses: ColmapLens[] = [];
  for (let index = 0; index < count; index++) {
    const id = reader.int32();
    const number = reader.int32();
    const model = MODELS[number];
    if (model === undefined) throw unknownModel(file, id, `of number ${number}`);
    const [width, height] = [reader.uint64(), reader.uint64()];
    lenses.push({ id, model: model[0], width, height, parameters: reader.float64s(model[1]) });
  }
  if (!reader.isAtEnd) throw invalid(file, 'bytes follow its last camera');
  return lenses;
}

/** images.bin: count, then id, quaternion, translation, camera, name and the observed points. */
export function parseColmapImagesBinary(file: string, bytes: Uint8Array): ColmapImage[] {
  const reader = new ByteReader(file, bytes);
  const count = reader.uint64();
  const images: ColmapImage[] = [];
  for (let index = 0; index < count; index++) {
    reader.skip(4);
    const pose = reader.float64s(7);
    const lensId = reader.uint32();
    const name = reader.zeroTerminated();
    reader.skip(reader.uint64() * POINT_BYTES);
    images.push({ quaternion: pose.slice(0, 4), translation: pose.slice(4), lensId, name });
  }
  if (!reader.isAtEnd) throw invalid(file, 'bytes follow its last image');
  return images;
}

function dataLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function number(file: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw invalid(file, `it has "${text.slice(0, 40)}" where a number belongs`);
  return value;
}
