import { freemem, totalmem } from 'node:os';
import { SplatError } from '../../renderer/core/errors.ts';
import type { ModelFile } from '../../renderer/bridge/desktop.ts';
import type { ModelInfo } from '../../renderer/bridge/models.ts';
import type { FileTable } from '../files/files.ts';
import type { Handlers } from '../ipc.ts';
import type { SettingsStore } from '../settings.ts';
import type { ModelDownloads } from './downloads.ts';
import { ownModelId } from './registry.ts';
import type { ModelRegistry } from './registry.ts';

export interface ModelHandlerParts {
  readonly registry: ModelRegistry;
  readonly downloads: ModelDownloads;
  readonly files: FileTable;
  readonly settings: SettingsStore;
  /** Opens a page in the person's browser. */
  readonly openPage: (url: string) => Promise<void>;
}

type ModelChannel =
  | 'listModels'
  | 'openModel'
  | 'chooseModel'
  | 'rememberModel'
  | 'forgetModel'
  | 'downloadModel'
  | 'cancelModelDownload'
  | 'removeModel'
  | 'openModelPage'
  | 'memory';

/** Answers to the page's messages about models. */
export function modelHandlers(parts: ModelHandlerParts): Pick<Handlers, ModelChannel> {
  const { registry, downloads, files, settings, openPage } = parts;
  return {
    listModels: async () =>
      (await registry.list()).map((info): ModelInfo => ({ ...info, transfer: downloads.transferOf(info.id) })),
    openModel: (id) => admit(parts, id),
    chooseModel: (id) => {
      settings.update({ models: { ...settings.get().models, chosen: id } });
      return undefined;
    },
    rememberModel: (fileId, facts) => {
      const path = files.pathOf(fileId);
      const { own } = settings.get().models;
      settings.update({
        models: { ...settings.get().models, own: [...own.filter((model) => model.path !== path), { path, ...facts }] },
      });
      return admit(parts, ownModelId(path));
    },
    forgetModel: (id) => {
      const { own, chosen } = settings.get().models;
      settings.update({
        models: { own: own.filter(({ path }) => ownModelId(path) !== id), chosen: chosen === id ? undefined : chosen },
      });
      return undefined;
    },
    downloadModel: async (id) => {
      await downloads.start(id);
      return undefined;
    },
    cancelModelDownload: (id) => {
      downloads.cancel(id);
      return undefined;
    },
    removeModel: async (id) => {
      await downloads.remove(id);
      return undefined;
    },
    openModelPage: async (id) => {
      const page = registry.pageOf(id);
      if (page === undefined) throw new SplatError('usage', 'This model has no page.');
      await openPage(page);
      return undefined;
    },
    memory: () => ({ freeBytes: freemem(), totalBytes: totalmem() }),
  };
}

/** Lets the page read a model. @throws SplatError `io` where it is not here */
export async function admit(
  { registry, files }: Pick<ModelHandlerParts, 'registry' | 'files'>,
  id: string,
): Promise<ModelFile> {
  const { checkpoint, name, copies = 1 } = await registry.find(id);
  return { ...(await files.admitModel(checkpoint)), model: { id, name, copies } };
}
