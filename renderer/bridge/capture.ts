import { z } from 'zod';
import { listOf } from '../core/list-of.ts';
import type { ReadableFile, SaveTarget, SceneFile } from './files.ts';
import { fileId, suggestedFileName } from './files.ts';
import { droppedFile, message } from './message.ts';

/** A photo in a chosen folder, with its path relative to that folder. */
export interface PhotoFile extends ReadableFile {
  readonly path: string;
}

/** More photos than any capture has; a folder with more is a mistake. */
export const MAX_PHOTOS = 100_000;

/** What the page may ask about the capture's cameras and photos. */
export const CAPTURE_MESSAGES = {
  /** Asks for a camera file; COLMAP's other files in its folder come as neighbours. */
  showOpenCameras: message<() => SceneFile | undefined>(),
  openDroppedCameras: droppedFile<SceneFile>(),
  /** The camera file beside a scene, or above it as INRIA's program writes both; undefined where there is none. */
  camerasBeside: message<(sceneId: string) => SceneFile | undefined>(fileId),
  /** The cameras that the sample was captured by; undefined where another scene stands for it. */
  openSampleCameras: message<() => SceneFile | undefined>(),
  /**
   * Finds photos by the names that a camera file has for them, in the usual places near it.
   * @returns the photo of each name, null where there is none
   */
  photosBeside: message<(camerasId: string, names: readonly string[]) => readonly (ReadableFile | null)[]>(
    fileId,
    listOf(z.string().max(4096), { max: MAX_PHOTOS }),
  ),
  /** Asks for a folder and lists the photos in it and below it. */
  showOpenPhotos: message<() => readonly PhotoFile[] | undefined>(),
  /**
   * Asks where to save a table of measurements and writes it; resolves with the file, or undefined where it was
   * cancelled.
   */
  saveMeasurements: message<(suggestedName: string, csv: string) => SaveTarget | undefined>(
    suggestedFileName,
    z.string().max(64 << 20),
  ),
};
