import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import { loadModel } from '../../renderer/refine/model.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import { SHIPPED_MODEL } from '../shipped-model.ts';

const SHIPPED_MODELS = join(import.meta.dirname, '../../models');

/** A checkpoint on disk that has not been read yet. */
export interface ModelLocation {
  readonly path: string;
  /** NAME.json beside NAME.pth, where there is one. */
  readonly sidecarPath: string | undefined;
  /** What the person called it. */
  readonly name: string;
}

/** A model ready to run, with a mark that no other content of its files has. */
export interface OpenModel {
  readonly model: RefineModel;
  /** Hexadecimal. */
  readonly fingerprint: string;
}

/**
 * Finds a shipped model by ID, or a checkpoint by path.
 * @throws SplatError `io` where there is no such file
 */
export function locateModel(idOrFile: string = SHIPPED_MODEL): ModelLocation {
  const shipped = join(SHIPPED_MODELS, `${idOrFile}.pth`);
  const path = /^[\w-]+$/.test(idOrFile) && existsSync(shipped) ? shipped : idOrFile;
  if (!existsSync(path)) {
    throw new SplatError('io', `There is no model "${idOrFile}".`, `Give a checkpoint file (.pth) or the shipped model's ID, ${SHIPPED_MODEL}.`);
  }
  const sidecarPath = path.replace(/\.[^./\\]+$/, '') + '.json';
  return { path, sidecarPath: existsSync(sidecarPath) ? sidecarPath : undefined, name: idOrFile };
}

/**
 * Loads a shipped model by ID, or a checkpoint by path.
 * @throws SplatError `io` where there is no such file, `model-invalid` where it is no usable checkpoint.
 */
export async function openModel(idOrFile?: string): Promise<RefineModel> {
  return (await readModel(locateModel(idOrFile))).model;
}

/** Reads a model that was located. @throws SplatError `model-invalid` where it is no usable checkpoint. */
export async function readModel({ path, sidecarPath, name }: ModelLocation): Promise<OpenModel> {
  const checkpoint = await readFile(path);
  const sidecar = sidecarPath === undefined ? undefined : await readFile(sidecarPath);
  const model = loadModel(checkpoint, sidecar === undefined ? null : parseSidecar(sidecarPath as string, sidecar.toString('utf8')), name);
  const hash = createHash('sha256').update(checkpoint);
  if (sidecar !== undefined) hash.update(sidecar);
  return { model, fingerprint: hash.digest('hex') };
}

function parseSidecar(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SplatError('model-invalid', `${path} is not JSON.`, 'Mend it or remove it.', { cause: error });
  }
}
