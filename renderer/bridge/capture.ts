import type { Answer, ReadableFile, SceneFile } from './desktop.ts';

/** A photo in a chosen folder, with its path relative to that folder. */
export interface PhotoFile extends ReadableFile {
  readonly path: string;
}

/** What the page asks of main about the capture's cameras and photos. */
export interface CaptureBridge {
  /** Asks for a camera file; COLMAP's other files in its folder come as neighbours. */
  showOpenCameras(): Promise<Answer<SceneFile | undefined>>;
  openDroppedCameras(file: File): Promise<Answer<SceneFile>>;
  /**
   * Finds photos by the names that a camera file has for them, in the usual places near it.
   * @returns the photo of each name, null where there is none
   */
  photosBeside(camerasId: string, names: readonly string[]): Promise<Answer<readonly (ReadableFile | null)[]>>;
  /** Asks for a folder and lists the photos in it and below it. */
  showOpenPhotos(): Promise<Answer<readonly PhotoFile[] | undefined>>;
  /**
   * Asks where to save a table of measurements and writes it; resolves with its name, or undefined where it was
   * cancelled.
   */
  saveMeasurements(suggestedName: string, csv: string): Promise<Answer<string | undefined>>;
}
