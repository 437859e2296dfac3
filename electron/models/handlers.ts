import { freemem, totalmem } from 'node:os';
import { SplatError } from '../../renderer/core/errors.ts';
import type { ModelFile } from '../../renderer/bridge/files.ts';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import type { MODEL_MESSAGES, ModelInfo } from '../../renderer/bridge/models.ts';
import type { FileTable } from '../files/files.ts';
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

/** Answers to the page's messages about models. */
export function modelHandlers(parts: ModelHandlerParts): HandlersOf<typeof MODEL_MESSAGES> {
  const { registry, downloads, files, settings, openPage } = parts;
  return {
    listModels: async () =>
      (await registry.list()).map((info): ModelInfo => ({ ...info, transfer: downloads.transferOf(info.id) })),
    openModel: (id) => admitModel(parts, id),
    chooseModel: (id) => {
      settings.update({ models: { ...settings.get().models, chosen: id } });
    },
    rememberModel: (fileId, facts) => {
      const path = files.pathOf(fileId);
      const { own } = settings.get().models;
      settings.update({
        models: { ...settings.get().models, own: [...own.filter((model) => model.path !== path), { path, ...facts }] },
      });
      return admitModel(parts, ownModelId(path));
    },
    forgetModel: (id) => {
      const { own, chosen } = settings.get().models;
      settings.update({
        models: { own: own.filter(({ path }) => ownModelId(path) !== id), chosen: chosen === id ? undefined : chosen },
      });
    },
    downloadModel: (id) => downloads.start(id),
    cancelModelDownload: (id) => downloads.cancel(id),
    removeModel: (id) => downloads.remove(id),
    openModelPage: async (id) => {
      const page = registry.pageOf(id);
      if (page === undefined) throw new SplatError('usage', 'This model has no page.');
      await openPage(page);
    },
    memory: () => ({ freeBytes: freemem(), totalBytes: totalmem() }),
  };
}

/** Lets the page read a model. @throws SplatError `io` where it is not here */
export async function admitModel(
  { registry, files }: Pick<ModelHandlerParts, 'registry' | 'files'>,
  id: string,
): Promise<ModelFile> {
  const { checkpoint, name, copies = 1 } = await registry.find(id);
  return { ...(await files.admitModel(checkpoint)), model: { id, name, copies } };
}
