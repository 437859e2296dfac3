import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Input } from './attack.ts';
import { TARGETS } from './targets.ts';

/** Past failures, each packed with gzip as `TARGET/SEED--HASH.gz`; `npm test` reads them all. */
export const CORPUS = join(import.meta.dirname, '../data/fuzz');

/** Keeps a failing input in a folder, as a corpus has it. @returns its path */
export function keep(folder: string, target: string, { seed, bytes }: Input): string {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const path = join(folder, target, `${seed.name}--${hash}.gz`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(bytes, { level: 9 }));
  return path;
}

/** A kept input, with the reader that its path names. */
export async function recall(path: string): Promise<Input> {
  const target = TARGETS.find(({ name }) => name === basename(dirname(path)));
  const name = basename(path).replace(/--[0-9a-f]{8}\.gz$/, '');
  const seed = (await target?.seeds())?.find((candidate) => candidate.name === name);
  if (seed === undefined) throw new Error(`${path} names no target and seed (TARGET/SEED--HASH.gz)`);
  return { seed, bytes: new Uint8Array(gunzipSync(readFileSync(path))) };
}

/** The paths of all kept inputs. */
export function corpus(): string[] {
  return readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.gz'))
    .map((path) => join(CORPUS, path));
}
