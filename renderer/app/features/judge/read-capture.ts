import type { JobOptions } from '../../../core/progress.ts';
import { SplatError } from '../../../core/errors.ts';
import { meantName } from '../../../io/meant-name.ts';
import type { SceneSource } from '../../../io/source.ts';
import { sourceFromBytes } from '../../../io/source.ts';
import type { CaptureCameras } from '../../../judge/capture-cameras.ts';
import { readCaptureCameras } from '../../../judge/read-capture-cameras.ts';
import type { SceneFile } from '../../../bridge/files.ts';
import { readFile } from '../../desktop.ts';

/** Names that camera files go by: a drop of one of these is no scene. SOG scenes are .json too, under other names. */
const CAMERA_FILE = /^(cameras\.(json|txt|bin)|images\.(txt|bin)|transforms.*\.json)$/i;

export function isCameraFileName(name: string): boolean {
  return CAMERA_FILE.test(name);
}

/** Reads a camera file and what belongs to it beside it. Throws as `readCaptureCameras` does, and `cancelled`. */
export async function readCapture(file: SceneFile, options: JobOptions): Promise<CaptureCameras> {
  const open = async (name: string): Promise<SceneSource> => {
    const meant = meantName(
      name,
      file.neighbours.map((candidate) => candidate.name),
    );
    const neighbour = file.neighbours.find((candidate) => candidate.name === meant);
    if (neighbour === undefined) throw new SplatError('io', `There is no ${name} beside ${file.name}.`);
    return sourceFromBytes(name, new Uint8Array(await readFile(neighbour, options)));
  };
  const bytes = new Uint8Array(await readFile(file, options));
  return readCaptureCameras({ ...sourceFromBytes(file.name, bytes), sibling: open });
}
