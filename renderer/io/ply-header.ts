import type { ColumnType } from '../core/extra-columns.ts';
import type { SplatSceneMeta } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
import { axisAlong, UP_DIRECTIONS } from '../core/up-axes.ts';
import type { Vec3 } from '../core/vector.ts';
import { normalise, vec3 } from '../core/vector.ts';
import type { SceneSource } from './source.ts';
import { invalid, truncated } from './source.ts';

export type PlyScalar = ColumnType;

export interface PlyProperty {
  readonly name: string;
  /** null for list properties, whose rows have no fixed size. */
  readonly type: PlyScalar | null;
}

export interface PlyElement {
  readonly name: string;
  readonly count: number;
  readonly properties: readonly PlyProperty[];
}

export interface PlyHeader {
  readonly encoding: 'ascii' | 'binary_little_endian' | 'binary_big_endian';
  readonly comments: readonly string[];
  readonly elements: readonly PlyElement[];
  /** Offset of the first byte of data. */
  readonly byteLength: number;
}

/** Longest header read; the longest honest ones stay below 4 KiB. */
const MAX_HEADER_BYTES = 131072;

const TYPE_NAMES: Readonly<Record<string, PlyScalar>> = {
  char: 'char',
  int8: 'char',
  uchar: 'uchar',
  uint8: 'uchar',
  short: 'short',
  int16: 'short',
  ushort: 'ushort',
  uint16: 'ushort',
  int: 'int',
  int32: 'int',
  uint: 'uint',
  uint32: 'uint',
  float: 'float',
  float32: 'float',
  double: 'double',
  float64: 'double',
};

const TYPE_BYTES: Readonly<Record<PlyScalar, number>> = {
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  double: 8,
};

export function scalarBytes(type: PlyScalar): number {
  return TYPE_BYTES[type];
}

/** Bytes of one row of an element, or null where a list property makes rows differ. */
export function rowBytes(element: PlyElement): number | null {
  let bytes = 0;
  for (const { type } of element.properties) {
    if (type === null) return null;
    bytes += TYPE_BYTES[type];
  }
  return bytes;
}

/**
 * Reads the text header of a PLY file (Greg Turk's format, lines ending in LF or CRLF).
 * @throws SplatError `truncated-file`, `invalid-file`
 */
export async function readPlyHeader(source: SceneSource): Promise<PlyHeader> {
  const bytes = await source.read(0, Math.min(source.size, MAX_HEADER_BYTES));
  const text = new TextDecoder('latin1').decode(bytes);
  const end = /^end_header\r?\n/m.exec(text);
  if (end === null) {
    if (source.size < MAX_HEADER_BYTES) throw truncated(source.name, 'the PLY header has no end_header line');
    throw invalid(source.name, `the PLY header has no end_header line within ${MAX_HEADER_BYTES} bytes`);
  }
  const lines = text.slice(0, end.index).split(/\r?\n/);
  let encoding: PlyHeader['encoding'] | undefined;
  const comments: string[] = [];
  const elements: { name: string; count: number; properties: PlyProperty[] }[] = [];
  for (const line of lines.slice(1)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === '') continue;
    if (words[0] === 'comment' || words[0] === 'obj_info') {
      comments.push(line.trim().slice(words[0].length).trim());
    } else if (words[0] === 'format') {
      if (words[1] !== 'ascii' && words[1] !== 'binary_little_endian' && words[1] !== 'binary_big_endian') {
        throw invalid(source.name, `the PLY header names the unknown encoding "${words[1] ?? ''}"`);
      }
      encoding = words[1];
    } else if (words[0] === 'element' && words.length === 3) {
      const count = Number(words[2]);
      if (!/^\d+$/.test(words[2]) || !Number.isSafeInteger(count))
        throw invalid(source.name, `the PLY header counts "${words[2]}" rows of ${words[1]}`);
      elements.push({ name: words[1], count, properties: [] });
    } else if (words[0] === 'property' && elements.length > 0) {
      elements[elements.length - 1].properties.push(parseProperty(source.name, words));
    } else {
      throw invalid(source.name, `the PLY header has the line "${line.trim().slice(0, 80)}"`);
    }
  }
  if (encoding === undefined) throw invalid(source.name, 'the PLY header names no encoding');
  return { encoding, comments, elements, byteLength: end.index + end[0].length };
}

function parseProperty(name: string, words: readonly string[]): PlyProperty {
  if (words[1] === 'list' && words.length === 5) return { name: words[4], type: null };
  const type = Object.hasOwn(TYPE_NAMES, words[1] ?? '') ? TYPE_NAMES[words[1]] : undefined;
  if (type === undefined || words.length !== 3)
    throw invalid(name, `the PLY header has the line "${words.join(' ').slice(0, 80)}"`);
  return { name: words[2], type };
}

/**
 * What comments say about a scene. Anti-aliasing in two producers' spellings: `SplatRenderMode: mip` (Brush,
 * splat-transform) and `antialiased 1` (Postshot). Up axis as `Vertical axis: z` (nerfstudio) or a vector (Brush).
 * A bare `Vertical axis: y` says nothing: Brush used to write it into every file, whatever its frame.
 */
export function metaFromComments(
  comments: readonly string[],
): Pick<SplatSceneMeta, 'antialiased' | 'origin'> & { readonly up?: UpAxis } {
  let antialiased = false;
  let origin: Vec3 | undefined;
  let up: UpAxis | undefined;
  for (const comment of comments) {
    const text = comment.toLowerCase();
    const mode = /^splatrendermode:\s*(\w+)/.exec(text);
    if (mode !== null) antialiased = mode[1] === 'mip';
    const flag = /^antialiased\s+([01])$/.exec(text);
    if (flag !== null) antialiased = flag[1] === '1';
    const place = /^origin:\s*(.*)$/.exec(text);
    if (place !== null) origin = parsePlace(place[1].trim()) ?? origin;
    const axis = /^vertical axis:\s*(.*)$/.exec(text);
    if (axis !== null) up = parseAxis(axis[1].trim()) ?? up;
  }
  return { antialiased, ...(up === undefined ? {} : { up }), ...(origin === undefined ? {} : { origin }) };
}

function parsePlace(text: string): Vec3 | undefined {
  const numbers = text.split(/[\s,]+/).map(Number);
  return numbers.length === 3 && numbers.every(Number.isFinite) ? vec3((k) => numbers[k]) : undefined;
}

function parseAxis(text: string): UpAxis | undefined {
  if (text === 'z') return 'z';
  const numbers = text.split(/[\s,]+/).map(Number);
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return undefined;
  const [x, y, z] = numbers;
  return axisAlong(normalise([x, y, z]));
}

/** Comment lines that `metaFromComments` reads back; none of an axis that is a guess. */
export function commentsFromMeta(meta: SplatSceneMeta): string[] {
  const comments: string[] = [];
  if (meta.antialiased) comments.push('comment SplatRenderMode: mip');
  if (meta.upIsGuessed !== true) comments.push(`comment Vertical axis: ${UP_DIRECTIONS[meta.up].join(' ')}`);
  return comments;
}

/** The comment line that names an origin, for files whose positions are 32-bit numbers counted from it. */
export function originComments({ origin }: SplatSceneMeta): string[] {
  return origin === undefined ? [] : [`comment Origin: ${origin.join(' ')}`];
}

/** The header line of a comment, if there is one. */
export function commentLines(comment: string | undefined): string[] {
  return comment === undefined ? [] : [`comment ${comment}`];
}
