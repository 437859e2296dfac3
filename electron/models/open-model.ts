import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readWholeFile } from '../../renderer/io/node-source.ts';
import { requireCheckpointSize } from '../../renderer/refine/checkpoint.ts';
import { sidecarJson } from '../../renderer/refine/manifest.ts';
import { loadModel } from '../../renderer/refine/model.ts';
import type { RefineModel } from '../../renderer/refine/model.ts';
import { CATALOGUE_FILE, readCatalogue } from './catalogue.ts';
import { INSTALLED_FOLDER, ModelRegistry } from './registry.ts';
import { SettingsStore } from '../settings.ts';
import { userDataFolder } from './user-data.ts';

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
 * Finds a model by ID (shipped, fetched by the app, or a checkpoint that the app remembers), or a checkpoint by path;
 * the shipped one where none is named.
 * @throws SplatError `io` where there is no such file, saying which models there are
 */
export async function locateModel(idOrFile?: string): Promise<ModelLocation> {
  const userData = userDataFolder(process.platform, process.env, homedir());
  const settings = new SettingsStore(join(userData, 'settings.json'));
  const registry = new ModelRegistry({
    catalogue: readCatalogue(join(modelsFolder(), CATALOGUE_FILE)),
    installedFolder: join(userData, INSTALLED_FOLDER),
    own: () => settings.get().models.own,
  });
  const name = idOrFile ?? registry.defaultId;
  const { checkpoint, sidecar } = await registry.resolve(name);
  return { path: checkpoint, sidecarPath: sidecar, name };
}

/** Beside the archive in an installed app, in the project otherwise. */
function modelsFolder(): string {
  // Node alone has no such path; Electron always has one, an unpackaged one too.
  const resources = process.resourcesPath as string | undefined;
  const installed = resources === undefined ? undefined : join(resources, 'models');
  return installed !== undefined && existsSync(join(installed, CATALOGUE_FILE))
    ? installed
    : join(import.meta.dirname, '../../models');
}

/**
 * Loads a model by ID or path, as `locateModel` finds it.
 * @throws SplatError `io` where there is no such file, `model-invalid` where it is no usable checkpoint.
 */
export async function openModel(idOrFile?: string): Promise<RefineModel> {
  return (await readModel(await locateModel(idOrFile))).model;
}

/** Reads a model that was located. @throws SplatError `model-invalid` where it is no usable checkpoint. */
export async function readModel({ path, sidecarPath, name }: ModelLocation): Promise<OpenModel> {
  const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;
  requireCheckpointSize(await sizeOf(path), sidecarPath === undefined ? 0 : await sizeOf(sidecarPath));
  const checkpoint = await readWholeFile(path);
  const sidecar = sidecarPath === undefined ? undefined : await readWholeFile(sidecarPath);
  const model = loadModel(checkpoint, sidecar === undefined ? null : sidecarJson(sidecar.toString('utf8')), name);
  const hash = createHash('sha256').update(checkpoint);
  if (sidecar !== undefined) hash.update(sidecar);
  return { model, fingerprint: hash.digest('hex') };
}
