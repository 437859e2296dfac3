import { SplatError } from '../core/errors.ts';
import { FILE_EXTENSIONS } from '../core/writable-formats.ts';
import type { BatchItem, BatchSettings } from './queue.ts';

/** What a pattern may hold, with what it stands for. */
export const PLACEHOLDERS = {
  name: 'the scene’s name without extension',
  folder: 'where it comes from, below the folder that was added',
  model: 'the model’s name',
  strength: 'the strength in percent',
  number: 'its place in the list',
} as const;
type Placeholder = keyof typeof PLACEHOLDERS;

/** File systems take 255 bytes; room is kept for the extension, a number and the temporary name around it. */
const MAX_STEM_BYTES = 180;
/** Reserved by Windows in any folder, whatever the extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const FORBIDDEN = /[<>:"/\\|?*\u0000-\u001f\u007f]/g;

/** Throws `usage` saying what is wrong with a naming pattern. */
export function assertPattern(pattern: string): void {
  const trimmed = pattern.trim();
  if (trimmed === '') throw new SplatError('usage', 'The naming pattern is empty.', 'For example {name}-refined.');
  if (trimmed.length > 120) throw new SplatError('usage', 'The naming pattern is longer than 120 characters.');
  const separators = trimmed.replace(/\{[^}]*\}/g, '').match(FORBIDDEN);
  if (separators !== null)
    throw new SplatError(
      'usage',
      `A file name can’t hold ${isControl(separators[0]) ? 'control characters' : separators[0]}.`,
    );
  for (const [, word] of trimmed.matchAll(/\{([^}]*)\}/g)) {
    if (!Object.hasOwn(PLACEHOLDERS, word))
      throw new SplatError(
        'usage',
        `{${word}} stands for nothing.`,
        `Use ${Object.keys(PLACEHOLDERS)
          .map((name) => `{${name}}`)
          .join(', ')}.`,
      );
  }
  if (/[{}]/.test(trimmed.replace(/\{[^{}]*\}/g, '')))
    throw new SplatError('usage', 'The naming pattern has a brace without its other half.');
}

export interface NameParts {
  readonly item: Pick<BatchItem, 'stem' | 'folder'>;
  /** Place in the list, from 1. */
  readonly number: number;
  readonly modelName: string;
  readonly settings: Pick<BatchSettings, 'pattern' | 'format' | 'strength'>;
}

/**
 * File name of an item's answer, good on every system, and none that `isTaken` (of lower-case names): those get `-2`,
 * `-3`…
 */
export function outputName(
  { item, number, modelName, settings }: NameParts,
  isTaken: (lowerCaseName: string) => boolean = () => false,
): string {
  const words: Record<Placeholder, string> = {
    name: item.stem,
    folder: item.folder.replaceAll(/[/\\]+/g, '-'),
    model: modelName,
    strength: String(Math.round(settings.strength * 100)),
    number: String(number).padStart(3, '0'),
  };
  const filled = settings.pattern
    .trim()
    .replace(/\{(\w+)\}/g, (all, word: string) => (Object.hasOwn(words, word) ? words[word as Placeholder] : all));
  const stem = tidy(filled);
  const extension = FILE_EXTENSIONS[settings.format];
  for (let copy = 1; ; copy++) {
    const name = `${stem}${copy === 1 ? '' : `-${copy}`}${extension}`;
    if (!isTaken(name.toLowerCase())) return name;
  }
}

function tidy(text: string): string {
  const plain = shortened(text.normalize('NFC').replace(FORBIDDEN, '_').replace(/\s+/g, ' '))
    .trim()
    .replace(/^\.+|[. ]+$/g, '');
  if (plain === '') return 'refined';
  return RESERVED.test(plain) ? `_${plain}` : plain;
}

/** The longest beginning that fits, never half a character. */
function shortened(text: string): string {
  const encoder = new TextEncoder();
  let out = '';
  let bytes = 0;
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > MAX_STEM_BYTES) break;
    out += character;
  }
  return out;
}

function isControl(character: string): boolean {
  return character < ' ' || character === '\u007f';
}
