import { SplatError } from '../core/errors.ts';
import type { UpAxis } from '../core/up-axes.ts';
import { isText, nameContent } from './name-content.ts';

export type SceneFormatId =
  'inria-ply' | 'compressed-ply' | 'splat' | 'ksplat' | 'spz' | 'sog' | 'gltf' | 'lcc' | 'lcc2';

/** One row of the table of formats: what a file dialog, the reader and the CLI need to know. */
export interface SceneFormat {
  readonly id: SceneFormatId;
  /** For people: file dialogs, error messages. */
  readonly label: string;
  /** Lower case, without the dot. */
  readonly extensions: readonly string[];
  /** Up axis of most files that say nothing about it; that they have it is a guess. */
  readonly defaultUp: UpAxis;
  /** Whether the first bytes of a file (SNIFF_BYTES of them, or the whole file) look like this format. */
  sniff(bytes: Uint8Array, name: string): boolean;
}

/** How much of a file `sniffFormat` wants to see. */
export const SNIFF_BYTES = 65536;

const SPLAT_RECORD_BYTES = 32;

/** In the order of trying: magic numbers first, formats without any last. */
export const SCENE_FORMATS: readonly SceneFormat[] = [
  {
    id: 'compressed-ply',
    label: 'Compressed PLY',
    extensions: ['ply'],
    defaultUp: '-y',
    sniff: (bytes) => isPly(bytes) && plyHeaderText(bytes).includes(' packed_position'),
  },
  {
    id: 'inria-ply',
    label: 'INRIA PLY',
    extensions: ['ply'],
    defaultUp: '-y',
    sniff: (bytes) => isPly(bytes),
  },
  {
    id: 'spz',
    label: 'SPZ',
    extensions: ['spz'],
    // The format says right, up, back, and many writers don't turn what they were given into it;
    // everything descended from INRIA's code is right, down, forward.
    defaultUp: 'y',
    sniff: (bytes) => startsWith(bytes, [0x4e, 0x47, 0x53, 0x50]) || startsWith(bytes, [0x1f, 0x8b]),
  },
  {
    id: 'sog',
    label: 'SOG',
    extensions: ['sog', 'json'],
    defaultUp: '-y',
    sniff: (bytes) => startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || isSogJson(bytes),
  },
  {
    id: 'gltf',
    label: 'glTF',
    extensions: ['glb', 'gltf'],
    defaultUp: 'y',
    sniff: (bytes, name) => startsWith(bytes, [0x67, 0x6c, 0x54, 0x46]) || isGltfJson(bytes, name),
  },
  {
    id: 'lcc2',
    label: 'LCC2',
    extensions: ['lcc2'],
    defaultUp: 'z',
    sniff: (bytes, name) => isJsonWith(bytes, name, 'lcc2', ['"root"', '"splatFiles"']),
  },
  {
    id: 'lcc',
    label: 'LCC',
    extensions: ['lcc'],
    defaultUp: 'z',
    sniff: (bytes, name) => isJsonWith(bytes, name, 'lcc', ['"totalLevel"', '"attributes"']),
  },
  {
    id: 'ksplat',
    label: 'KSPLAT',
    extensions: ['ksplat'],
    defaultUp: '-y',
    sniff: (bytes) => isKsplat(bytes),
  },
  {
    id: 'splat',
    label: 'SPLAT',
    extensions: ['splat'],
    defaultUp: '-y',
    // No magic number: the name may vouch for records many of which look odd (NaN-ridden ones, say); of noise, three in
    // a hundred make sense.
    sniff: (bytes, name) => sensibleRecords(bytes) >= (name.toLowerCase().endsWith('.splat') ? 0.1 : 0.5),
  },
];

/** Endings of scenes' files, each once; `json` is that of many other things, too. */
export const SCENE_EXTENSIONS: readonly string[] = [...new Set(SCENE_FORMATS.flatMap(({ extensions }) => extensions))];

/** Endings that a scene alone has: enough to take a file for one before it is opened. */
export const OWN_SCENE_EXTENSIONS: ReadonlySet<string> = new Set(
  SCENE_EXTENSIONS.filter((extension) => extension !== 'json'),
);

export function sceneFormat(id: SceneFormatId): SceneFormat {
  const format = SCENE_FORMATS.find((f) => f.id === id);
  if (format === undefined) throw new SplatError('unknown-format', `There is no scene format named ${id}.`);
  return format;
}

/**
 * Tells a file's format from its first bytes; the name only decides for .splat, which has no mark of its own.
 * @param head the first SNIFF_BYTES bytes, or the whole file where it is shorter.
 * @throws SplatError `unknown-format`
 */
export function sniffFormat(head: Uint8Array, name: string): SceneFormatId {
  for (const format of SCENE_FORMATS) if (format.sniff(head, name)) return format.id;
  const named = nameContent(head);
  if (named !== undefined)
    throw new SplatError('unknown-format', `${name} is no splat scene but ${named.what}.`, named.advice);
  throw new SplatError(
    'unknown-format',
    `${name} is not a splat scene in a known format.`,
    `Known formats: ${SCENE_FORMATS.map((f) => f.label).join(', ')}.`,
  );
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.length >= magic.length && magic.every((value, i) => bytes[i] === value);
}

function isPly(bytes: Uint8Array): boolean {
  return /^ply[ \t]*[\r\n]/.test(new TextDecoder('latin1').decode(bytes.subarray(0, 16)));
}

function plyHeaderText(bytes: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(bytes);
  const end = text.indexOf('end_header');
  return end < 0 ? text : text.slice(0, end);
}

function isSogJson(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes).trimStart();
  return text.startsWith('{') && (text.includes('"means"') || text.includes('"lodLevels"'));
}

function isGltfJson(bytes: Uint8Array, name: string): boolean {
  const text = new TextDecoder().decode(bytes).trimStart();
  const isTiles = /"geometricError"\s*:/.test(text);
  return text.startsWith('{') && !isTiles && (/"asset"\s*:/.test(text) || name.toLowerCase().endsWith('.gltf'));
}

/** A description in JSON that has these words, or the ending. */
function isJsonWith(bytes: Uint8Array, name: string, ending: string, words: readonly string[]): boolean {
  const text = new TextDecoder().decode(bytes).trimStart();
  return (
    text.startsWith('{') && (words.every((word) => text.includes(word)) || name.toLowerCase().endsWith(`.${ending}`))
  );
}

/** KSPLAT has no magic number either, but most of its 4096-byte header is kept empty and the rest must make sense. */
function isKsplat(bytes: Uint8Array): boolean {
  if (bytes.length < 4096) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const maxSections = view.getUint32(4, true);
  return (
    view.getUint8(0) === 0 &&
    view.getUint8(1) >= 1 &&
    view.getUint16(2, true) === 0 &&
    maxSections >= 1 &&
    view.getUint32(8, true) <= maxSections &&
    view.getUint16(20, true) <= 2 &&
    bytes.subarray(64, 4096).every((value) => value === 0)
  );
}

/** How far the length of a quaternion of four bytes may be from one. */
const LENGTH_ERROR = 0.1;

/**
 * The share of 32-byte records that make sense as splats, 0 to 1: finite places, sizes that are some, and a rotation of
 * length one, which text lacks. Records of zeros, as padding leaves them, count neither way.
 */
function sensibleRecords(bytes: Uint8Array): number {
  const records = Math.floor(bytes.length / SPLAT_RECORD_BYTES);
  if (records === 0 || isText(bytes)) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [sensible, blank] = [0, 0];
  for (let r = 0; r < records; r++) {
    if (isSensibleRecord(view, r * SPLAT_RECORD_BYTES)) sensible++;
    else if (isBlankRecord(bytes, r * SPLAT_RECORD_BYTES)) blank++;
  }
  return sensible === 0 ? 0 : sensible / (records - blank);
}

function isBlankRecord(bytes: Uint8Array, at: number): boolean {
  return bytes.subarray(at, at + SPLAT_RECORD_BYTES).every((byte) => byte === 0);
}

function isSensibleRecord(view: DataView, at: number): boolean {
  let [size, squared] = [0, 0];
  for (let k = 0; k < 3; k++) {
    if (!(Math.abs(view.getFloat32(at + 4 * k, true)) < 1e7)) return false;
    const scale = view.getFloat32(at + 12 + 4 * k, true);
    if (!(scale >= 0 && scale < 1e6)) return false;
    size = Math.max(size, scale);
  }
  for (let k = 28; k < 32; k++) squared += ((view.getUint8(at + k) - 128) / 128) ** 2;
  return size > 0 && Math.abs(Math.sqrt(squared) - 1) < LENGTH_ERROR;
}
