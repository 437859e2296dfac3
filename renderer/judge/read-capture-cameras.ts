import { SplatError, toSplatError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import { formatBytes } from '../core/units.ts';
import type { SceneSource } from '../io/source.ts';
import { invalid, readExactly } from '../io/source.ts';
import type { CaptureCameras } from './capture-cameras.ts';
import type { ColmapImage, ColmapLens } from './read-colmap.ts';
import {
  joinColmap,
  parametersOf,
  parseColmapImagesBinary,
  parseColmapImagesText,
  parseColmapLensesBinary,
  parseColmapLensesText,
} from './read-colmap.ts';
import { cameraJson } from './camera-json.ts';
import { isKnownOtherwise, notCameras } from './name-cameras.ts';
import { readInriaCameras } from './read-inria-cameras.ts';
import { DATAPARSER_FILE, readTransforms } from './read-transforms.ts';

/**
 * Files beyond this are no camera files that can be read in one piece: half a gigabyte of text is JavaScript's limit.
 */
const LARGEST_BYTES = 500 << 20;
/** What the beginning of a text file is judged by. */
const HEAD_BYTES = 4096;

type ColmapPart = 'cameras' | 'images';

/**
 * Reads the cameras of a capture from INRIA's cameras.json, a transforms.json of nerfstudio or instant-ngp, or either
 * of COLMAP's cameras and images files (.txt or .bin), the other one beside it. The content decides, not the name. A
 * `dataparser_transforms.json` beside a transforms.json is heeded.
 * @throws SplatError `unknown-format`, `truncated-file`, `invalid-file`, `unsupported-feature`, `io`
 */
export async function readCaptureCameras(source: SceneSource): Promise<CaptureCameras> {
  const capture = await readByContent(source);
  for (const [index, { image, parameters }] of capture.cameras.entries()) {
    const { worldToView, fx, fy, cx, cy, width, height } = parameters;
    // Each number in the file may be finite, and what follows from them not be.
    if (![...worldToView, fx, fy, cx, cy, width, height].every(Number.isFinite))
      throw invalid(source.name, `camera ${index} (${image}) has numbers too large or too small to compute with`);
  }
  return capture;
}

async function readByContent(source: SceneSource): Promise<CaptureCameras> {
  const bytes = await readWhole(source);
  const { name } = source;
  const head = new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES));
  if (bytes.byteLength === 0)
    throw new SplatError('truncated-file', `${name} is empty.`, 'Copy or export the cameras again.');
  if (isKnownOtherwise(name, bytes.subarray(0, HEAD_BYTES))) throw notCameras(name, bytes.subarray(0, HEAD_BYTES));
  if (isBinary(bytes)) return readColmap(source, bytes, 'bin', binaryPart(name, bytes));
  const first = head.trimStart()[0];
  if (first === '[' || first === '{') return readJson(source, bytes);
  const part = textPart(head);
  if (part !== undefined) return readColmap(source, bytes, 'txt', part);
  throw notCameras(name, bytes.subarray(0, HEAD_BYTES));
}

/**
 * Refuses, by the first bytes of a file, what is no camera file however damaged. COLMAP's binary files have no mark, so
 * their names vouch for them.
 * @throws SplatError `unknown-format`
 */
export function requireCamerasHead(head: Uint8Array, name: string): void {
  if (head.byteLength === 0) return;
  const text = new TextDecoder().decode(head);
  const isKnown = isBinary(head)
    ? /^(cameras|images).*\.bin$/i.test(name)
    : /^[[{]/.test(text.trimStart())
      ? /"(frames|transform_matrix|img_name|camera_angle_x|camera_model|fl_x)"/.test(text)
      : textPart(text.slice(0, HEAD_BYTES)) !== undefined;
  if (!isKnown) throw notCameras(name, head);
}

async function readJson(source: SceneSource, bytes: Uint8Array): Promise<CaptureCameras> {
  const { name } = source;
  const json = parseJson(cameraJson(name), new TextDecoder().decode(bytes));
  if (Array.isArray(json)) return readInriaCameras(name, json);
  if (typeof json === 'object' && json !== null && 'frames' in json)
    return readTransforms(name, json, await readDataparser(source));
  throw notCameras(name, bytes.subarray(0, HEAD_BYTES));
}

/** nerfstudio's file beside a transforms.json, parsed; undefined where there is none. */
async function readDataparser(source: SceneSource): Promise<unknown> {
  const beside = await source.sibling?.(DATAPARSER_FILE).catch(() => undefined);
  return beside === undefined
    ? undefined
    : parseJson(cameraJson(DATAPARSER_FILE), new TextDecoder().decode(await readWhole(beside)));
}

async function readColmap(
  source: SceneSource,
  bytes: Uint8Array,
  ending: 'txt' | 'bin',
  part: ColmapPart,
): Promise<CaptureCameras> {
  const other = await openBeside(source, part === 'cameras' ? 'images' : 'cameras', ending);
  const own = { name: source.name, bytes };
  const beside = { name: other.name, bytes: await readWhole(other) };
  const [lenses, images] = part === 'cameras' ? [own, beside] : [beside, own];
  return joinColmap(lenses.name, lensesOf(lenses), images.name, imagesOf(images));
}

interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function lensesOf({ name, bytes }: NamedBytes): ColmapLens[] {
  return isBinary(bytes)
    ? parseColmapLensesBinary(name, bytes)
    : parseColmapLensesText(name, new TextDecoder().decode(bytes));
}

function imagesOf({ name, bytes }: NamedBytes): ColmapImage[] {
  return isBinary(bytes)
    ? parseColmapImagesBinary(name, bytes)
    : parseColmapImagesText(name, new TextDecoder().decode(bytes));
}

/** The other part of a COLMAP model: of the same kind, else of the other, as tools that edit one of them leave it. */
async function openBeside(source: SceneSource, part: ColmapPart, ending: 'txt' | 'bin'): Promise<SceneSource> {
  const advice = 'A COLMAP model is made of a cameras and an images file in one folder.';
  const name = `${part}.${ending}`;
  if (source.sibling === undefined) throw new SplatError('io', `${source.name} needs ${name} beside it.`, advice);
  try {
    return await source.sibling(name);
  } catch (error) {
    const other = await source.sibling(`${part}.${ending === 'bin' ? 'txt' : 'bin'}`).catch(() => undefined);
    if (other !== undefined) return other;
    throw new SplatError('io', `${source.name} needs ${name} beside it, which could not be opened.`, advice, {
      cause: error,
    });
  }
}

/** Text holds no zero bytes; COLMAP's binary files begin with a count of 64 bits, so they always do. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 64).includes(0);
}

/** Which of COLMAP's binary files this is: either kind fills its file exactly. */
function binaryPart(name: string, bytes: Uint8Array): ColmapPart {
  try {
    parseColmapLensesBinary(name, bytes);
    return 'cameras';
  } catch (error) {
    // A cut or odd cameras.bin must not be taken for an images.bin: then its own complaint is the right one.
    if (/^cameras/i.test(name)) throw toSplatError(error, 'invalid-file', `${name} can't be read`);
    if (bytes.byteLength < 8) throw notCameras(name, bytes);
    parseColmapImagesBinary(name, bytes);
    return 'images';
  }
}

/** Which of COLMAP's text files begins so: a camera line has a model's name second, an image line has a quaternion. */
function textPart(head: string): ColmapPart | undefined {
  const line = head.split('\n').find((candidate) => candidate.trim() !== '' && !candidate.startsWith('#'));
  if (line === undefined)
    return /^# (Camera|Image) list/m.exec(head)?.[1] === 'Image'
      ? 'images'
      : /^# Camera list/m.test(head)
        ? 'cameras'
        : undefined;
  const fields = line.trim().split(/\s+/);
  if (/^\d+$/.test(fields[0]) && /^[A-Z_]{3,}$/i.test(fields[1] ?? '')) return 'cameras';
  if (isNumberedLens(fields)) return 'cameras';
  return /^\d+$/.test(fields[0]) && fields.length > 1 && Number.isFinite(Number(fields[1])) ? 'images' : undefined;
}

/** A lens with its model by number: sizes of a picture and as many parameters as the model has follow. */
function isNumberedLens(fields: readonly string[]): boolean {
  const [, model, width, height] = fields.slice(0, 4).map((field) => (/^\d+$/.test(field) ? Number(field) : NaN));
  const isSized = Number.isInteger(model) && width > 0 && height > 0;
  return isSized && fields.length === 4 + (parametersOf(model) ?? Infinity) && fields.every(isNumber);
}

function isNumber(text: string): boolean {
  return Number.isFinite(Number(text));
}

async function readWhole(source: SceneSource): Promise<Uint8Array> {
  if (source.size > LARGEST_BYTES)
    throw new SplatError(
      'unsupported-feature',
      `${source.name} has ${formatBytes(source.size)}, more than a camera file can have.`,
    );
  return readExactly(source, 0, source.size);
}
