import { dirname, extname } from 'node:path';
import type { FileFilter } from 'electron';
import { FILE_EXTENSIONS, FORMAT_WORDS, formatOfName, isFolderFormat } from '../../renderer/core/writable-formats.ts';
import type { WritableFormatId } from '../../renderer/core/writable-formats.ts';
import type { FILE_MESSAGES } from '../../renderer/bridge/files.ts';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import { MODEL_FILTERS } from './dialogs.ts';
import type { Dialogs } from './dialogs.ts';
import type { FileTable } from './files.ts';
import { requireCheckpoint } from './named-content.ts';
import type { SceneStore } from './scene-store.ts';
import { withEnding } from './with-ending.ts';

/** The format that was chosen; the ending of any other may be typed. Folders have none. */
function saveFilters(format: WritableFormatId): FileFilter[] {
  return isFolderFormat(format)
    ? []
    : [{ name: FORMAT_WORDS[format].label, extensions: [extname(FILE_EXTENSIONS[format]).slice(1)] }];
}

/** The path that a dialog gave, with the ending of the format where it has none: a folder's name may have any. */
async function withFormat(path: string, format: WritableFormatId): Promise<string> {
  const isNamed = isFolderFormat(format) ? formatOfName(path) !== undefined : extname(path) !== '';
  return isNamed ? path : withEnding(path, FILE_EXTENSIONS[format]);
}

export interface FileHandlerParts {
  readonly files: FileTable;
  readonly dialogs: Dialogs;
  /** What a person chose for each scene. */
  readonly memory: SceneStore;
  /** Path of the sample. */
  readonly sampleScene: string;
  /** A scene was opened or saved at this path. */
  readonly rememberScene: (path: string) => void;
  /** Shows a file in the system's file manager. */
  readonly reveal: (path: string) => void;
}

/** Answers to the page's messages about files. */
export function fileHandlers({
  files,
  dialogs,
  memory,
  sampleScene,
  rememberScene,
  reveal,
}: FileHandlerParts): HandlersOf<typeof FILE_MESSAGES> {
  return {
    showOpenModel: async () => {
      const path = await dialogs.openFile({ title: 'Open a checkpoint', filters: MODEL_FILTERS });
      return path === undefined ? undefined : files.admitModel(path);
    },
    openSample: () => files.admitScene(sampleScene),
    openDroppedModel: async (path) => {
      await requireCheckpoint(path);
      return files.admitModel(path);
    },
    readChunk: (id, offset, length) => files.read(id, offset, length),
    closeFile: (id) => files.close(id),
    showSave: async (suggestedName, format, inputId) => {
      const path = await dialogs.saveFile({
        title: 'Save the scene',
        suggestedName,
        filters: saveFilters(format),
        folder: inputId === undefined ? undefined : dirname(files.pathOf(inputId)),
      });
      return path === undefined ? undefined : files.beginSave(await withFormat(path, format), inputId);
    },
    saveAgain: (id) => files.saveAgain(id),
    revealSaved: (id) => reveal(files.savedPathOf(id)),
    writeChunk: (id, bytes) => files.write(id, bytes),
    writeChunkAt: (id, bytes, position) => files.writeAt(id, bytes, position),
    writeBeside: (id, path, bytes, isLast) => files.writeBeside(id, path, bytes, isLast),
    finishSave: async (id) => {
      const path = await files.finishSave(id);
      // A page is for browsers: here it can't be opened again.
      if (formatOfName(path) !== 'html') rememberScene(path);
    },
    abandonSave: (id) => files.abandonSave(id),
    rememberScene: (id) => rememberScene(files.pathOf(id)),
    readSceneMemory: (id) => memory.read(files.pathOf(id)),
    writeSceneMemory: (id, text) => memory.write(files.pathOf(id), text),
  };
}
