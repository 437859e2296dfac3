import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SplatError } from '../../renderer/core/errors.ts';
import {
  FILE_EXTENSIONS,
  WRITABLE_FORMATS,
  formatOfName,
  EXTENSIONS_IN_WORDS,
  type WritableFormatId,
} from '../../renderer/core/writable-formats.ts';
import type { Region } from '../../renderer/refine/region-choice.ts';
import { UP_AXES, type UpAxis } from '../../renderer/core/up-axes.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Node's own argument parser, with its complaints turned into `usage` errors. */
export function parseCommandLine<T extends Options>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new SplatError('usage', error instanceof Error ? error.message : String(error));
  }
}

export function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new SplatError('usage', `${what} is missing.`);
  return value;
}

/** `640x480` as whole pixels, 1 to `largestSide` a side. */
export function parseSize(text: string, largestSide: number): { width: number; height: number } {
  const match = /^(\d{1,5})x(\d{1,5})$/i.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || width < 1 || height < 1 || Math.max(width, height) > largestSide) {
    throw new SplatError(
      'usage',
      `The size "${text}" can't be used.`,
      `Give WIDTHxHEIGHT in pixels, each from 1 to ${largestSide}, as 640x480.`,
    );
  }
  return { width, height };
}

/** `r,g,b` as 0..1; values above 1 mean that all three run from 0 to 255. */
export function parseBackground(text: string): [number, number, number] {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [r, g, b] = parts;
  if (
    parts.length !== 3 ||
    r === undefined ||
    g === undefined ||
    b === undefined ||
    parts.some((v) => !(v >= 0 && v <= 255))
  ) {
    throw new SplatError(
      'usage',
      `The background "${text}" can't be used.`,
      'Give three numbers from 0 to 1 (or 0 to 255), as 0,0,0.',
    );
  }
  const scale = Math.max(r, g, b) > 1 ? 255 : 1;
  return [r / scale, g / scale, b / scale];
}

/** A number from 0 to 1.5. */
export function parseStrength(text: string): number {
  const strength = Number(text);
  if (text.trim() === '' || !(strength >= 0 && strength <= 1.5))
    throw new SplatError('usage', `The strength "${text}" can't be used.`, 'Give a number from 0 to 1.5.');
  return strength;
}

/** An axis as --up takes it: `z`, `+z` or `-y`. */
export function parseUp(text: string): UpAxis {
  const up = UP_AXES.find((axis) => axis === text.trim().toLowerCase().replace(/^\+/, ''));
  if (up === undefined)
    throw new SplatError('usage', `The up axis "${text}" can't be used.`, 'Give --up= and one of x, -x, y, -y, z, -z.');
  return up;
}

/** `auto`, `all`, or a ball as `x,y,z,radius` in the scene's own axes. */
export function parseRegion(text: string): Region {
  if (text === 'auto' || text === 'all') return text;
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [x, y, z, radius] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite) || radius <= 0)
    throw new SplatError(
      'usage',
      `The region "${text}" can't be used.`,
      'Give auto, all, or a ball as x,y,z,radius, for example --region=0,0,0.5,1.2.',
    );
  return { centre: [x, y, z], radius };
}

/** Formats by the names that --format takes. */
const FORMATS: Readonly<Record<string, WritableFormatId>> = Object.fromEntries(
  WRITABLE_FORMATS.map((format) => [FILE_EXTENSIONS[format].slice(1), format]),
);

export function parseFormat(text: string): WritableFormatId {
  const format = Object.hasOwn(FORMATS, text) ? FORMATS[text] : undefined;
  if (format === undefined)
    throw new SplatError('usage', `The format "${text}" can't be written.`, `Give ${Object.keys(FORMATS).join(', ')}.`);
  return format;
}

/** The format that the name of an output asks for. @throws SplatError `usage` where it asks for none */
export function formatOfOutput(name: string): WritableFormatId {
  const format = formatOfName(name);
  if (format === undefined)
    throw new SplatError(
      'usage',
      `The format of "${name}" can't be written.`,
      `Name the output ${EXTENSIONS_IN_WORDS}.`,
    );
  return format;
}

/** One of several equal parts of a list, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `i/n`: the i-th of n parts, i from 1 to n. */
export function parseShard(text: string): Shard {
  const match = /^(\d{1,9})\/(\d{1,9})$/.exec(text);
  const shard = { index: Number(match?.[1]), count: Number(match?.[2]) };
  if (match === null || shard.index < 1 || shard.index > shard.count) {
    throw new SplatError(
      'usage',
      `The shard "${text}" can't be used.`,
      'Give I/N, the I-th of N parts, with I from 1 to N, as 3/16.',
    );
  }
  return shard;
}
