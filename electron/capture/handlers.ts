import { dirname } from 'node:path';
import type { CAPTURE_MESSAGES } from '../../renderer/bridge/capture.ts';
import type { SceneFile } from '../../renderer/bridge/files.ts';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import { CAMERA_FILTERS } from '../files/dialogs.ts';
import type { Dialogs } from '../files/dialogs.ts';
import type { FileTable } from '../files/files.ts';
import { requireCameras } from '../files/named-content.ts';
import { cameraFileBeside } from './camera-places.ts';
import { admitCameras, findPhotos, listPhotos } from './files.ts';

export interface CaptureHandlerParts {
  readonly files: FileTable;
  /** They open where the last camera file or photo was. */
  readonly dialogs: Dialogs;
  /** Path of the sample's cameras; undefined where another scene stands for it. */
  readonly sampleCameras: string | undefined;
}

/** Answers to the page's messages about cameras and photos of a capture. */
export function captureHandlers({
  files,
  dialogs,
  sampleCameras,
}: CaptureHandlerParts): HandlersOf<typeof CAPTURE_MESSAGES> {
  const openCameras = (path: string): Promise<SceneFile> => {
    dialogs.remember(dirname(path));
    return admitCameras(path, files);
  };
  return {
    showOpenCameras: async () => {
      const path = await dialogs.openFile({ title: 'Open the cameras of the capture', filters: CAMERA_FILTERS });
      return path === undefined ? undefined : openCameras(path);
    },
    openDroppedCameras: async (path) => {
      await requireCameras(path);
      return openCameras(path);
    },
    camerasBeside: async (id) => {
      const path = await cameraFileBeside(files.pathOf(id));
      if (path === undefined) return undefined;
      // A file of such a name may be anything: nobody asked for it, so nobody is told.
      const isOfCameras = await requireCameras(path).then(
        () => true,
        () => false,
      );
      return isOfCameras ? admitCameras(path, files) : undefined;
    },
    openSampleCameras: async () => (sampleCameras === undefined ? undefined : admitCameras(sampleCameras, files)),
    photosBeside: (id, names) => findPhotos(dirname(files.pathOf(id)), names, files),
    showOpenPhotos: async () => {
      const folder = await dialogs.openFolder({ title: 'Choose the folder of the photos', buttonLabel: 'Use Folder' });
      if (folder === undefined) return undefined;
      dialogs.remember(folder);
      return listPhotos(folder, files);
    },
    saveMeasurements: async (suggestedName, csv) => {
      const path = await dialogs.saveFile({
        title: 'Save the measurements',
        suggestedName,
        filters: [{ name: 'Table (CSV)', extensions: ['csv'] }],
      });
      if (path === undefined) return undefined;
      await writeFileAtomically(path, new TextEncoder().encode(csv), { overwrite: true });
      return files.admitSaved(path);
    },
  };
}
