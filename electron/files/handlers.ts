import { dirname, extname } from 'node:path';
import type { FILE_MESSAGES } from '../../renderer/bridge/files.ts';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import { MODEL_FILTERS, SCENE_FILTERS } from './dialogs.ts';
import type { Dialogs } from './dialogs.ts';
import type { FileTable } from './files.ts';
import type { SceneStore } from './scene-store.ts';
import { withEnding } from './with-ending.ts';

const SAVE_FILTERS = [
  { name: 'PLY (full precision)', extensions: ['ply'] },
  { name: 'SPZ (compressed)', extensions: ['spz'] },
];

export interface FileHandlerParts {
  readonly files: FileTable;
  readonly dialogs: Dialogs;
  /** What a person chose for each scene. */
  readonly memory: SceneStore;
  /** A scene was opened or saved at this path. */
  readonly rememberScene: (path: string) => void;
}

/** Answers to the page's messages about files. */
export function fileHandlers({
  files,
  dialogs,
  memory,
  rememberScene,
}: FileHandlerParts): HandlersOf<typeof FILE_MESSAGES> {
  return {
    showOpenScene: async () => {
      const path = await dialogs.openFile({ title: 'Open a scene', filters: SCENE_FILTERS });
      return path === undefined ? undefined : files.admitScene(path);
    },
    showOpenModel: async () => {
      const path = await dialogs.openFile({ title: 'Open a checkpoint', filters: MODEL_FILTERS });
      return path === undefined ? undefined : files.admitModel(path);
    },
    openDropped: (path) => files.admitScene(path),
    openDroppedModel: (path) => files.admitModel(path),
    readChunk: (id, offset, length) => files.read(id, offset, length),
    closeFile: (id) => files.close(id),
    showSave: async (suggestedName, inputId) => {
      const path = await dialogs.saveFile({
        title: 'Save the scene',
        suggestedName,
        filters: suggestedName.endsWith('.spz') ? [...SAVE_FILTERS].reverse() : SAVE_FILTERS,
        folder: inputId === undefined ? undefined : dirname(files.pathOf(inputId)),
      });
      if (path === undefined) return undefined;
      return files.beginSave(extname(path) === '' ? await withEnding(path, extname(suggestedName)) : path, inputId);
    },
    writeChunk: (id, bytes) => files.write(id, bytes),
    writeChunkAt: (id, bytes, position) => files.writeAt(id, bytes, position),
    finishSave: async (id) => rememberScene(await files.finishSave(id)),
    abandonSave: (id) => files.abandonSave(id),
    rememberScene: (id) => rememberScene(files.pathOf(id)),
    readSceneMemory: (id) => memory.read(files.pathOf(id)),
    writeSceneMemory: (id, text) => memory.write(files.pathOf(id), text),
  };
}
