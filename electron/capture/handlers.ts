import { basename, dirname, join } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import type { SceneFile } from '../../renderer/bridge/desktop.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import type { CAPTURE_CHANNEL_ARGUMENTS } from '../capture-channels.ts';
import { admitCameras, findPhotos, listPhotos } from './files.ts';
import type { FileTable } from '../files/files.ts';
import type { Handlers } from '../ipc.ts';

export interface CaptureHandlerParts {
  readonly files: FileTable;
  readonly window: () => BrowserWindow;
  /** Where dialogs open at first. */
  readonly lastFolder: () => string | undefined;
}

/** Answers to the page's messages about cameras and photos of a capture. */
export function captureHandlers({
  files,
  window,
  lastFolder,
}: CaptureHandlerParts): Pick<Handlers, keyof typeof CAPTURE_CHANNEL_ARGUMENTS> {
  /** Where the last camera file or photo lay: the next dialog opens there. */
  let folder: string | undefined;
  const startAt = (): { defaultPath?: string } => {
    const path = folder ?? lastFolder();
    return path === undefined ? {} : { defaultPath: path };
  };
  const openCameras = (path: string): Promise<SceneFile> => {
    folder = dirname(path);
    return admitCameras(path, files);
  };
  return {
    showOpenCameras: async () => {
      const { filePaths } = await dialog.showOpenDialog(window(), {
        title: 'Open the cameras of the capture',
        filters: [
          { name: 'Camera files', extensions: ['json', 'txt', 'bin'] },
          { name: 'All files', extensions: ['*'] },
        ],
        properties: ['openFile'],
        ...startAt(),
      });
      return filePaths[0] === undefined ? undefined : openCameras(filePaths[0]);
    },
    openDroppedCameras: openCameras,
    photosBeside: (id, names) => findPhotos(dirname(files.pathOf(id)), names, files),
    showOpenPhotos: async () => {
      const { filePaths } = await dialog.showOpenDialog(window(), {
        title: 'Choose the folder of the photos',
        buttonLabel: 'Use Folder',
        properties: ['openDirectory'],
        ...startAt(),
      });
      if (filePaths[0] === undefined) return undefined;
      folder = filePaths[0];
      return listPhotos(folder, files);
    },
    saveMeasurements: async (suggestedName, csv) => {
      const at = folder ?? lastFolder();
      const { filePath, canceled } = await dialog.showSaveDialog(window(), {
        title: 'Save the measurements',
        defaultPath: at === undefined ? suggestedName : join(at, suggestedName),
        filters: [{ name: 'Table (CSV)', extensions: ['csv'] }],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      if (canceled || filePath === '') return undefined;
      await writeFileAtomically(filePath, new TextEncoder().encode(csv), { overwrite: true });
      return basename(filePath);
    },
  };
}
