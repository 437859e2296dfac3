import { parseArgs, type ParseArgsConfig } from 'node:util';
import { SplatError } from '../../renderer/core/errors.ts';

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

/** `640x480` as whole pixels, 1 to 8192 a side. */
export function parseSize(text: string): { width: number; height: number } {
  const match = /^(\d{1,5})x(\d{1,5})$/i.exec(text);
  const [width, height] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || width < 1 || height < 1 || width > 8192 || height > 8192) {
    throw new SplatError('usage', `The size "${text}" can't be used.`, 'Give WIDTHxHEIGHT in pixels, each from 1 to 8192, as 640x480.');
  }
  return { width, height };
}

/** `r,g,b` as 0..1; values above 1 mean that all three run from 0 to 255. */
export function parseBackground(text: string): [number, number, number] {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  const [r, g, b] = parts;
  if (parts.length !== 3 || r === undefined || g === undefined || b === undefined || parts.some((v) => !(v >= 0 && v <= 255))) {
    throw new SplatError('usage', `The background "${text}" can't be used.`, 'Give three numbers from 0 to 1 (or 0 to 255), as 0,0,0.');
  }
  const scale = Math.max(r, g, b) > 1 ? 255 : 1;
  return [r / scale, g / scale, b / scale];
}

/** A number from 0 to 1.5. */
export function parseStrength(text: string): number {
  const strength = Number(text);
  if (text.trim() === '' || !(strength >= 0 && strength <= 1.5)) throw new SplatError('usage', `The strength "${text}" can't be used.`, 'Give a number from 0 to 1.5.');
  return strength;
}
