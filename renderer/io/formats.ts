import { SplatError } from '../core/errors.ts';

export type SceneFormatId = 'inria-ply' | 'compressed-ply' | 'splat' | 'ksplat' | 'spz' | 'sog';

/** One row of the table of formats: what a file dialog, the reader and the CLI need to know. */
export interface SceneFormat {
  readonly id: SceneFormatId;
  /** For people: file dialogs, error messages. */
  readonly label: string;
  /** Lower case, without the dot. */
  readonly extensions: readonly string[];
  readonly canWrite: boolean;
  /** Up axis of files that say nothing about it. */
  readonly defaultUp: 'y' | '-y';
  /** Whether that is part of the format, and no guess. */
  readonly definesUp: boolean;
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
    canWrite: true,
    defaultUp: '-y',
    definesUp: false,
    sniff: (bytes) => isPly(bytes) && plyHeaderText(bytes).includes(' packed_position'),
  },
  {
    id: 'inria-ply',
    label: 'INRIA PLY',
    extensions: ['ply'],
    canWrite: true,
    defaultUp: '-y',
    definesUp: false,
    sniff: (bytes) => isPly(bytes),
  },
  {
    id: 'spz',
    label: 'SPZ',
    extensions: ['spz'],
    canWrite: true,
    // The format is defined right, up, back; everything descended from INRIA's code is right, down, forward.
    defaultUp: 'y',
    definesUp: true,
    sniff: (bytes) => startsWith(bytes, [0x4e, 0x47, 0x53, 0x50]) || startsWith(bytes, [0x1f, 0x8b]),
  },
  {
    id: 'sog',
    label: 'SOG',
    extensions: ['sog', 'json'],
    canWrite: false,
    defaultUp: '-y',
    definesUp: false,
    sniff: (bytes) => startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || isSogJson(bytes),
  },
  {
    id: 'ksplat',
    label: 'KSPLAT',
    extensions: ['ksplat'],
    canWrite: false,
    defaultUp: '-y',
    definesUp: false,
    sniff: (bytes) => isKsplat(bytes),
  },
  {
    id: 'splat',
    label: 'SPLAT',
    extensions: ['splat'],
    canWrite: false,
    defaultUp: '-y',
    definesUp: false,
    // No magic number: the name may vouch for records that look odd (NaN-ridden ones, say).
    sniff: (bytes, name) => name.toLowerCase().endsWith('.splat') || looksLikeSplatRecords(bytes),
  },
];

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
  return startsWith(bytes, [0x70, 0x6c, 0x79]) && (bytes[3] === 0x0a || bytes[3] === 0x0d);
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

/** Whether every whole 32-byte record has finite coordinates and scales of believable size. */
function looksLikeSplatRecords(bytes: Uint8Array): boolean {
  const records = Math.floor(bytes.length / SPLAT_RECORD_BYTES);
  if (records === 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let r = 0; r < records; r++) {
    for (let k = 0; k < 6; k++) {
      const value = view.getFloat32(r * SPLAT_RECORD_BYTES + k * 4, true);
      const believable = k < 3 ? Math.abs(value) < 1e7 : value >= 0 && value < 1e6;
      if (!believable) return false;
    }
  }
  return true;
}
