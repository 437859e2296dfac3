import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CameraParameters } from '../../renderer/core/camera-parameters.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import type { CaptureCameras } from '../../renderer/judge/capture-cameras.ts';
import { readCaptureCameras } from '../../renderer/judge/read-capture-cameras.ts';
import { CAMERA_FILES, cameraFileBelow } from '../capture/camera-places.ts';
import { FILES_BESIDE } from '../capture/files.ts';
import { terminal } from './terminal.ts';

/**
 * Reads a capture's cameras from a file, or from the folder that holds one.
 * @throws SplatError as `readCaptureCameras`, and `io`
 */
export async function readCamerasAt(path: string): Promise<CaptureCameras> {
  const source = await openFileSource(await cameraFileIn(path));
  try {
    return await readCaptureCameras(source);
  } finally {
    await source.close();
  }
}

/**
 * Reads cameras as the evidence by which answers are proved; what their file holds and is left out is said on standard
 * error. Throws as `readCamerasAt`.
 */
export async function readEvidenceAt(path: string): Promise<CameraParameters[]> {
  const { cameras, warnings } = await readCamerasAt(path);
  for (const warning of warnings) terminal.note(warning);
  return cameras.map(({ parameters }) => parameters);
}

/** The files that reading the cameras at `path` may read, there or not. Throws as `readCamerasAt`. */
export async function cameraFilesAt(path: string): Promise<readonly string[]> {
  const file = await cameraFileIn(path);
  return [file, ...FILES_BESIDE.map((name) => join(dirname(file), name))];
}

/** The camera file that `path` names, itself or as the folder it lies in. */
async function cameraFileIn(path: string): Promise<string> {
  if (!(await isFolder(path))) return path;
  const found = await cameraFileBelow(path);
  if (found === undefined)
    throw new SplatError('io', `The folder ${path} holds no camera file.`, `Name one of ${CAMERA_FILES.join(', ')}.`);
  return found;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
