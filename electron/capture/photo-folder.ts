import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { MAX_PHOTOS } from '../../renderer/bridge/capture.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatCount } from '../../renderer/core/units.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { isPhotoName, isUnreadablePhotoName, unreadablePhotos } from '../../renderer/judge/match-photos.ts';

/**
 * Paths of the photos in a folder and below it, relative to it, with forward slashes, sorted.
 * @throws SplatError `io`, and `unsupported-feature` where there are photos, but none that can be decoded
 */
export async function photosIn(folder: string): Promise<string[]> {
  const name = basename(folder);
  let paths: string[];
  try {
    const all = await readdir(folder, { recursive: true });
    paths = all.filter(isPhotoName);
    const unreadable = all.filter(isUnreadablePhotoName);
    if (paths.length === 0 && unreadable.length > 0) throw unreadablePhotos(unreadable);
  } catch (error) {
    throw fileError(error, 'read', `The folder ${name}`);
  }
  if (paths.length > MAX_PHOTOS)
    throw new SplatError(
      'io',
      `The folder ${name} holds ${formatCount(paths.length)} pictures.`,
      'Choose the folder of one capture.',
    );
  return paths.map((path) => path.replaceAll('\\', '/')).sort();
}
