import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { MAX_PHOTOS } from '../../renderer/bridge/capture.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatCount } from '../../renderer/core/units.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { isPhotoName, isUnreadablePhotoName, unreadablePhotos } from '../../renderer/judge/match-photos.ts';

/** Pictures in a folder and below it: paths relative to it, with forward slashes, sorted. */
export interface PhotoPaths {
  readonly photos: readonly string[];
  /** In formats that are not decoded here. */
  readonly unreadable: readonly string[];
}

/** Lists the pictures in a folder and below it. @throws SplatError `io`, and `unsupported-feature` as `photosIn` */
export async function photoPathsIn(folder: string): Promise<PhotoPaths> {
  const name = basename(folder);
  let all: string[];
  try {
    all = await readdir(folder, { recursive: true });
  } catch (error) {
    throw fileError(error, 'read', `The folder ${name}`);
  }
  const some = (isWanted: (path: string) => boolean): string[] =>
    all
      .filter(isWanted)
      .map((path) => path.replaceAll('\\', '/'))
      .sort();
  const [photos, unreadable] = [some(isPhotoName), some(isUnreadablePhotoName)];
  if (photos.length === 0 && unreadable.length > 0) throw unreadablePhotos(unreadable);
  if (photos.length > MAX_PHOTOS)
    throw new SplatError(
      'io',
      `The folder ${name} holds ${formatCount(photos.length)} pictures.`,
      'Choose the folder of one capture.',
    );
  return { photos, unreadable };
}

/**
 * The pictures in a folder and below it that can be decoded.
 * @throws SplatError `io`, and `unsupported-feature` where there are photos, but none that can be decoded
 */
export async function photosIn(folder: string): Promise<readonly string[]> {
  return (await photoPathsIn(folder)).photos;
}
