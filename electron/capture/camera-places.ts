import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { meantPath } from '../../renderer/io/node-source.ts';

/** Names that camera files go by. */
export const CAMERA_FILES = ['cameras.json', 'transforms.json', 'images.bin', 'images.txt'];
/** Where they lie in a capture's folder: COLMAP keeps its models below it. */
const CAMERA_FOLDERS = ['.', 'sparse/0', 'sparse'];

/** The camera file of a capture's folder, whatever its name's case; undefined where there is none. */
export async function cameraFileBelow(folder: string): Promise<string | undefined> {
  const places = CAMERA_FOLDERS.flatMap((below) => CAMERA_FILES.map((name) => meantPath(join(folder, below), name)));
  return (await Promise.all(places)).find((file) => existsSync(file));
}

/**
 * The camera file that seems to belong to a scene: in its folder, or, where INRIA's program wrote both, above
 * `point_cloud/iteration_30000`. Undefined where there is none.
 */
export async function cameraFileBeside(scene: string): Promise<string | undefined> {
  const folder = dirname(scene);
  const beside = await cameraFileBelow(folder);
  const isIteration = basename(folder).startsWith('iteration_') && basename(dirname(folder)) === 'point_cloud';
  return beside ?? (isIteration ? cameraFileBelow(dirname(dirname(folder))) : undefined);
}
