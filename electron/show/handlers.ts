import { dirname, extname } from 'node:path';
import type { FileFilter } from 'electron';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import type { SHOW_MESSAGES, ShowSaveKind } from '../../renderer/bridge/show.ts';
import type { Dialogs } from '../files/dialogs.ts';
import type { FileTable } from '../files/files.ts';
import type { SceneStore } from '../files/scene-store.ts';
import { withEnding } from '../files/with-ending.ts';

const MP4 = { name: 'MP4 video', extensions: ['mp4'] };
const WEBM = { name: 'WebM video', extensions: ['webm'] };
const JSON_FILES = { name: 'Bookmarks and camera paths', extensions: ['json'] };

const TITLES: Record<ShowSaveKind, string> = {
  picture: 'Save the picture',
  video: 'Save the video',
  camera: 'Save the camera',
};

export interface ShowHandlerParts {
  readonly files: FileTable;
  readonly scenes: SceneStore;
  /** They open where the last picture, video or camera was saved: what is saved here is no scene. */
  readonly dialogs: Dialogs;
}

/** Answers to the page's messages about pictures, videos, bookmarks and camera paths. */
export function showHandlers({ files, scenes, dialogs }: ShowHandlerParts): HandlersOf<typeof SHOW_MESSAGES> {
  return {
    showSaveShow: async (kind, suggestedName) => {
      const path = await dialogs.saveFile({
        title: TITLES[kind],
        suggestedName,
        filters: filtersFor(kind, suggestedName),
      });
      if (path === undefined) return undefined;
      dialogs.remember(dirname(path));
      return files.beginSave(await withEnding(path, extname(suggestedName)), undefined);
    },
    finishShowSave: async (id) => {
      await files.finishSave(id);
    },
    showOpenShow: async () => {
      const path = await dialogs.openFile({
        title: 'Open bookmarks, a camera path or a turntable',
        filters: [JSON_FILES],
      });
      return path === undefined ? undefined : files.admitFile(path);
    },
    readSceneShow: (id) => scenes.read(files.pathOf(id)),
    writeSceneShow: (id, text) => scenes.write(files.pathOf(id), text),
  };
}

function filtersFor(kind: ShowSaveKind, suggestedName: string): FileFilter[] {
  switch (kind) {
    case 'picture':
      return [{ name: 'PNG picture', extensions: ['png'] }];
    case 'video':
      return [suggestedName.endsWith('.webm') ? WEBM : MP4];
    case 'camera':
      return [JSON_FILES];
  }
}
