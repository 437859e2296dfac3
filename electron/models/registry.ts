import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { SplatError } from '../../renderer/core/errors.ts';
import { listOf } from '../../renderer/core/list-of.ts';
import type { ModelFigure, ModelInfo, OwnModel } from '../../renderer/bridge/models.ts';
import type { Catalogue, CatalogueModel, DownloadSource } from './catalogue.ts';

/** Files of a model that is ready to be read. */
export interface ModelPlace {
  readonly id: string;
  readonly name: string;
  /** Output splats an input splat; undefined for a file that nothing is known of yet. */
  readonly copies: number | undefined;
  readonly checkpoint: string;
  /** Description file; there may be none. */
  readonly sidecar: string | undefined;
}

/** A model that can be fetched. */
export interface ModelDownload {
  readonly name: string;
  readonly source: DownloadSource;
  /** Where its checkpoint goes. */
  readonly file: string;
  /** Its description file, copied beside the checkpoint, so that the pair can be used and moved like any other. */
  readonly sidecar: { readonly from: string; readonly to: string } | undefined;
}

export interface RegistryParts {
  readonly catalogue: Catalogue;
  /** Folder of fetched models. */
  readonly installedFolder: string;
  readonly own: () => readonly OwnModel[];
}

/** Name of the folder of fetched models in the user-data folder. */
export const INSTALLED_FOLDER = 'models';

/** Every model by one name, for the window, the batch and the command line: shipped, fetched, or the person's own. */
export class ModelRegistry {
  constructor(private readonly parts: RegistryParts) {}

  get defaultId(): string {
    const shipped = this.parts.catalogue.models.find(({ source }) => source.kind === 'shipped');
    if (shipped === undefined)
      throw new SplatError('io', 'The catalogue of models names no shipped one.', 'Install the app again.');
    return shipped.id;
  }

  /** Whether this is a test's catalogue, whose downloads may come from this machine by plain HTTP. */
  get isForTests(): boolean {
    return this.parts.catalogue.isForTests;
  }

  async list(): Promise<readonly ModelInfo[]> {
    const { catalogue, own } = this.parts;
    return Promise.all([
      ...catalogue.models.map((model) => this.describe(model)),
      ...own().map((model) => describeOwn(model)),
    ]);
  }

  /**
   * The files of a model. @throws SplatError `io` where there is no such model, or it is not here, saying how to get it
   */
  async find(id: string): Promise<ModelPlace> {
    const own = this.parts.own().find((model) => ownModelId(model.path) === id);
    if (own !== undefined) {
      if ((await sizeOf(own.path)) === undefined)
        throw new SplatError(
          'io',
          `${basename(own.path)} is no longer where it was.`,
          'Put it back, or choose another model in Model > Models.',
        );
      return { id, name: own.name, copies: own.copies, checkpoint: own.path, sidecar: await besides(own.path) };
    }
    const model = this.parts.catalogue.models.find((candidate) => candidate.id === id);
    if (model === undefined)
      throw new SplatError('io', `There is no model "${id}".`, `Known are ${await this.readyIds()}.`);
    const checkpoint = this.checkpointOf(model);
    const size = checkpoint === undefined ? undefined : await sizeOf(checkpoint);
    if (checkpoint === undefined || size === undefined || !isWhole(model, size)) throw notHere(model);
    return { id, name: model.name, copies: model.copies, checkpoint, sidecar: await besides(checkpoint) };
  }

  /** A model by ID, or by the path of a checkpoint. @throws as `find` */
  async resolve(idOrFile: string): Promise<ModelPlace> {
    const isFile = !this.knows(idOrFile) && (await sizeOf(idOrFile)) !== undefined;
    if (isFile)
      return {
        id: ownModelId(idOrFile),
        name: stem(idOrFile),
        copies: undefined,
        checkpoint: idOrFile,
        sidecar: await besides(idOrFile),
      };
    if (!this.knows(idOrFile))
      throw new SplatError(
        'io',
        `There is no model "${idOrFile}".`,
        `Give a checkpoint file (.pth) or one of: ${await this.readyIds()}.`,
      );
    return this.find(idOrFile);
  }

  /** The catalogue's download of this ID and where its files go. @throws SplatError `usage` where it has none */
  downloadOf(id: string): ModelDownload {
    const { catalogue } = this.parts;
    const model = catalogue.models.find((candidate) => candidate.id === id);
    if (model?.source.kind !== 'download') throw new SplatError('usage', `The app can't fetch a model "${id}".`);
    const file = this.installedFile(model);
    const sidecar =
      model.sidecar === undefined
        ? undefined
        : { from: join(catalogue.folder, model.sidecar), to: sidecarPathOf(file) };
    return { name: model.name, source: model.source, file, sidecar };
  }

  /** The authors' page of a model. */
  pageOf(id: string): string | undefined {
    const model = this.parts.catalogue.models.find((candidate) => candidate.id === id);
    return model?.source.kind === 'page' ? model.source.url : model?.page;
  }

  private knows(id: string): boolean {
    return (
      this.parts.catalogue.models.some((model) => model.id === id) ||
      this.parts.own().some(({ path }) => ownModelId(path) === id)
    );
  }

  private async readyIds(): Promise<string> {
    const infos = await this.list();
    return infos
      .filter(({ state }) => state === 'ready')
      .map(({ id }) => id)
      .join(', ');
  }

  private installedFile(model: CatalogueModel): string {
    return join(this.parts.installedFolder, `${model.id}.pth`);
  }

  private checkpointOf(model: CatalogueModel): string | undefined {
    if (model.source.kind === 'shipped') return join(this.parts.catalogue.folder, model.source.file);
    return model.source.kind === 'download' ? this.installedFile(model) : undefined;
  }

  private async describe(model: CatalogueModel): Promise<ModelInfo> {
    const { id, name, kind, copies, license, summary, source } = model;
    const checkpoint = this.checkpointOf(model);
    const size = checkpoint === undefined ? undefined : await sizeOf(checkpoint);
    const isReady = size !== undefined && isWhole(model, size);
    const partBytes = source.kind === 'download' && !isReady ? ((await sizeOf(`${checkpoint}.part`)) ?? 0) : 0;
    const page = this.pageOf(id);
    return {
      id,
      name,
      kind,
      copies,
      license,
      summary,
      figures: [
        ...model.figures,
        ...(source.kind === 'shipped' && checkpoint !== undefined ? await figuresBeside(checkpoint) : []),
      ],
      origin: source.kind,
      state: isReady ? 'ready' : source.kind === 'shipped' ? 'missing' : partBytes > 0 ? 'partial' : 'absent',
      bytes: size !== undefined && isReady ? size : source.kind === 'download' ? source.bytes : null,
      partBytes,
      fileName: checkpoint === undefined ? '' : basename(checkpoint),
      host: source.kind === 'shipped' ? '' : new URL(source.url).host,
      hasPage: page !== undefined,
      isDefault: id === this.defaultId,
    };
  }
}

/** An ID for a checkpoint of the person's own: the same path has the same one at every start. */
export function ownModelId(path: string): string {
  return `file-${createHash('sha256').update(resolve(path)).digest('hex').slice(0, 12)}`;
}

async function describeOwn({ path, name, kind, copies, license, parameters }: OwnModel): Promise<ModelInfo> {
  const size = await sizeOf(path);
  return {
    id: ownModelId(path),
    name,
    kind,
    copies,
    license,
    parameters,
    summary: 'A checkpoint of your own.',
    figures: [],
    origin: 'own',
    state: size === undefined ? 'missing' : 'ready',
    bytes: size ?? null,
    partBytes: 0,
    fileName: basename(path),
    host: '',
    hasPage: false,
    isDefault: false,
  };
}

/** Whether a file of this size can be the model: a fetched one has the published size. */
function isWhole({ source }: CatalogueModel, size: number): boolean {
  return source.kind !== 'download' || Math.abs(size - source.bytes) <= source.bytesWithin;
}

function notHere({ name, source }: CatalogueModel): SplatError {
  if (source.kind === 'download')
    return new SplatError('io', `${name} is not installed.`, 'Get it in the app, under Model > Models.');
  if (source.kind === 'page')
    return new SplatError(
      'io',
      `${name} has to be fetched by you.`,
      `Get its .pth file from ${source.url} and give the file.`,
    );
  return new SplatError('io', `The shipped model ${name} is missing.`, 'Install the app again.');
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const info = await stat(path);
    return info.isFile() ? info.size : undefined;
  } catch {
    // Not there, or behind a folder that may not be entered: either way there is no model here to use.
    return undefined;
  }
}

function stem(path: string): string {
  return basename(path, extname(path));
}

function sidecarPathOf(checkpoint: string): string {
  return join(dirname(checkpoint), `${stem(checkpoint)}.json`);
}

/** NAME.json beside NAME.pth, where there is one. */
async function besides(checkpoint: string): Promise<string | undefined> {
  const path = sidecarPathOf(checkpoint);
  return (await sizeOf(path)) === undefined ? undefined : path;
}

const shownFiguresSchema = z.object({
  figures: z.object({ shown: listOf(z.object({ label: z.string(), value: z.string() })) }),
});

/** The figures that a shipped model's description file wants shown. */
async function figuresBeside(checkpoint: string): Promise<readonly ModelFigure[]> {
  const path = await besides(checkpoint);
  if (path === undefined) return [];
  try {
    return shownFiguresSchema.safeParse(JSON.parse(await readFile(path, 'utf8'))).data?.figures.shown ?? [];
  } catch {
    // A damaged description is reported when the model is used; here it only means no figures.
    return [];
  }
}
