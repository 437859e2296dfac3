import { basename, dirname } from 'node:path';
import { SplatError, throwIfAborted } from '../../renderer/core/errors.ts';
import type { JobOptions } from '../../renderer/core/progress.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import type { FileStage } from '../../renderer/core/stages.ts';
import { withUp } from '../../renderer/core/up-axis.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import type { HistoryRecord } from '../../renderer/project/history-record.ts';
import { parseProject } from '../../renderer/project/project-schema.ts';
import type { Places } from '../../renderer/project/project-schema.ts';
import { unpackPresentScene } from '../../renderer/project/unpack-history.ts';
import { applyResiduals } from '../../renderer/refine/residual-blend.ts';
import { isProjectPath } from './project-path.ts';
import { identityOf, pathsOf } from './places.ts';
import { readProjectDescription, readProjectPart, readProjectZip } from './project-zip.ts';
import type { ReadProject } from './project-zip.ts';

/**
 * The scene of a project as Save As would write it: its file, edited and refined as the project says, standing by the
 * axis that was chosen in it.
 * @throws SplatError as `readProjectZip` and `readScene` do; `io` where the scene's file is gone or another one now
 */
export async function readProjectScene(path: string, options: JobOptions<FileStage> = {}): Promise<SplatScene> {
  const name = basename(path);
  const zip = await readProjectZip(path);
  const project = parseProject(zip.description, name);
  const { history: record, up } = project.state;
  const source = (): Promise<SplatScene> => readPlace(project.places.scene, path, options);
  const scene = record === undefined ? await source() : await present(path, zip, record, options.signal, source);
  return up === undefined ? scene : withUp(scene, { axis: up, source: 'chosen' });
}

/** The paths where the scene of a project may lie, there or not. Throws as `readProjectZip`. */
export async function sceneFilesOfProject(path: string): Promise<readonly string[]> {
  const { places } = parseProject(await readProjectDescription(path), basename(path));
  return pathsOf(places.scene, dirname(path));
}

function present(
  path: string,
  zip: ReadProject,
  record: HistoryRecord,
  signal: AbortSignal | undefined,
  source: () => Promise<SplatScene>,
): Promise<SplatScene> {
  return unpackPresentScene(record, {
    name: basename(path),
    source,
    read: (id) => {
      throwIfAborted(signal, `Reading ${basename(path)}`);
      return readProjectPart(path, zip, id);
    },
    blend: (scene, residuals, { strength, switches, mask }) =>
      Promise.resolve(applyResiduals(scene, residuals, strength, switches, mask)),
  });
}

/** Reads a scene from a scene file, or from a project. @throws SplatError as `readScene` and `readProjectScene` do */
export function readSceneAt(path: string, options: JobOptions<FileStage> = {}): Promise<SplatScene> {
  return isProjectPath(path) ? readProjectScene(path, options) : readSceneFile(path, options);
}

async function readSceneFile(path: string, options: JobOptions<FileStage>): Promise<SplatScene> {
  const source = await openFileSource(path);
  try {
    return await readScene(source, options);
  } finally {
    await source.close();
  }
}

/** Reads the scene's file where it is found unchanged. */
async function readPlace(place: Places['scene'], project: string, options: JobOptions<FileStage>): Promise<SplatScene> {
  const { identity } = place;
  let isThere = false;
  for (const path of pathsOf(place, dirname(project))) {
    const found = await identityOf(path);
    isThere ||= found !== undefined;
    if (identity !== undefined && (found?.size !== identity.size || found.digest !== identity.digest)) continue;
    return readSceneFile(path, options);
  }
  const scene = basename(place.absolute);
  throw new SplatError(
    'io',
    `${basename(project)} is a project about ${scene}, which ${isThere ? 'changed since' : 'was not found'}.`,
    `Put ${scene} as it was beside the project, or open the project in the app, which asks for it.`,
  );
}
