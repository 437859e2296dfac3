import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import { loadModel } from '../../renderer/refine/model.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';

const SHIPPED_MODELS = join(import.meta.dirname, '../../models');
const DEFAULT_MODEL = 'splatformer-desktop';

/**
 * Loads a shipped model by ID, or a checkpoint by path with its sidecar `NAME.json` beside it.
 * @throws SplatError `io` where there is no such file, `model-invalid` where it is no usable checkpoint.
 */
export async function openModel(idOrFile: string = DEFAULT_MODEL): Promise<RefineModel> {
  const shipped = join(SHIPPED_MODELS, `${idOrFile}.pth`);
  const path = /^[\w-]+$/.test(idOrFile) && existsSync(shipped) ? shipped : idOrFile;
  if (!existsSync(path)) {
    throw new SplatError('io', `There is no model "${idOrFile}".`, `Give a checkpoint file (.pth) or the shipped model's ID, ${DEFAULT_MODEL}.`);
  }
  const sidecarPath = path.replace(/\.[^./\\]+$/, '') + '.json';
  return loadModel(await readFile(path), existsSync(sidecarPath) ? await readSidecar(sidecarPath) : null, idOrFile);
}

async function readSidecar(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SplatError('model-invalid', `${path} is not JSON.`, 'Mend it or remove it.', { cause: error });
  }
}
