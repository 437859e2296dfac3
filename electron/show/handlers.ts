import { dirname, extname, join } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { z } from 'zod';
import { SplatError } from '../../renderer/core/errors.ts';
import type { FileTable } from '../files/files.ts';
import type { Handlers } from '../ipc.ts';
import type { RenderJob } from '../render-job-schema.ts';
import { withEnding } from '../files/with-ending.ts';
import type { SHOW_CHANNEL_ARGUMENTS, showSaveKind } from './channels.ts';
import type { SceneStore } from './scene-store.ts';

type SaveKind = z.infer<typeof showSaveKind>;

const MP4 = { name: 'MP4 video', extensions: ['mp4'] };
const WEBM = { name: 'WebM video', extensions: ['webm'] };
const JSON_FILES = { name: 'Bookmarks and camera paths', extensions: ['json'] };

const TITLES: Record<SaveKind, string> = {
  picture: 'Save the picture',
  video: 'Save the video',
  camera: 'Save the camera',
};

export interface ShowHandlerParts {
  readonly files: FileTable;
  readonly scenes: SceneStore;
  readonly window: () => BrowserWindow;
  readonly renderJob: RenderJob | undefined;
  /** Where dialogs open: the folder of the last scene. */
  readonly lastFolder: () => string | undefined;
}

/** Answers to the page's messages about pictures, videos, bookmarks and camera paths. */
export function showHandlers({
  files,
  scenes,
  window,
  renderJob,
  lastFolder,
}: ShowHandlerParts): Pick<Handlers, keyof typeof SHOW_CHANNEL_ARGUMENTS> {
  // What is saved here is no scene, so it does not join the recent ones; its folder is kept for the next dialog.
  let lastSaveFolder: string | undefined;
  const folder = (): string | undefined => lastSaveFolder ?? lastFolder();
  return {
    showSaveShow: async (kind, suggestedName) => {
      const place = folder();
      const { filePath, canceled } = await dialog.showSaveDialog(window(), {
        title: TITLES[kind],
        defaultPath: place === undefined ? suggestedName : join(place, suggestedName),
        filters: filtersFor(kind, suggestedName),
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      if (canceled || filePath === '') return undefined;
      lastSaveFolder = dirname(filePath);
      return files.beginSave(await withEnding(filePath, extname(suggestedName)), undefined);
    },
    writeChunkAt: async (id, bytes, position) => {
      await files.writeAt(id, bytes, position);
      return undefined;
    },
    finishShowSave: async (id) => {
      await files.finishSave(id);
      return undefined;
    },
    showOpenShow: async () => {
      const place = folder();
      const { filePaths } = await dialog.showOpenDialog(window(), {
        title: 'Open bookmarks, a camera path or a turntable',
        filters: [JSON_FILES],
        properties: ['openFile'],
        ...(place === undefined ? {} : { defaultPath: place }),
      });
      return filePaths[0] === undefined ? undefined : files.admitFile(filePaths[0]);
    },
    readSceneShow: (id) => scenes.read(files.pathOf(id)),
    writeSceneShow: async (id, text) => {
      await scenes.write(files.pathOf(id), text);
      return undefined;
    },
    beginVideoOutput: () => {
      if (renderJob?.kind !== 'video') throw new SplatError('usage', 'The page wrote a video that nobody asked for.');
      return files.beginSave(renderJob.out, undefined);
    },
  };
}

function filtersFor(kind: SaveKind, suggestedName: string): Electron.FileFilter[] {
  switch (kind) {
    case 'picture':
      return [{ name: 'PNG picture', extensions: ['png'] }];
    case 'video':
      return [suggestedName.endsWith('.webm') ? WEBM : MP4];
    case 'camera':
      return [JSON_FILES];
  }
}
