import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { Sidecar } from '../../renderer/refine/manifest.ts';
import { publishedChannels } from '../../renderer/refine/manifest.ts';
import { dataPath } from '../test-data.ts';
import { hashedStateDict } from './hashed-weights.ts';
import type { TensorTable } from '../../renderer/refine/checkpoint.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

const NARROW = {
  encoder: [16, 24, 32, 48, 64],
  decoder: [24, 24, 32, 48],
  encoderDepths: [1, 1, 1, 2, 1],
  decoderDepths: [1, 1, 1, 1],
} as const;

/** The weights with which the authors' code gave the answers of test/data/parity. */
export const referenceTensors = {
  small: (): TensorTable => hashedStateDict({ ...NARROW, shDegree: 1 }, 1),
  anchor: (): TensorTable => hashedStateDict({ ...NARROW, shDegree: 3, copies: 3 }, 5),
  /** The published widths: 47.9 million parameters. */
  full: (): TensorTable => hashedStateDict({ ...publishedChannels, shDegree: 1 }, 3),
};

/** What the shapes of `small` or `anchor` do not tell. */
export function referenceSidecar(name: 'small' | 'anchor'): Sidecar {
  return JSON.parse(readFileSync(dataPath(`parity/${name}/model.json`), 'utf8')) as Sidecar;
}

/** Writes the model `small` and its description into a folder; resolves with the checkpoint's path. */
export async function writeSmallModel(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'small.pth');
  await writeFile(path, writeCheckpoint(referenceTensors.small()));
  await writeFile(join(folder, 'small.json'), JSON.stringify(referenceSidecar('small')));
  return path;
}
