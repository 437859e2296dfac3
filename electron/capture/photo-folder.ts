import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MAX_PHOTOS } from '../../renderer/bridge/capture.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatCount } from '../../renderer/core/units.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { isPhotoName, isUnreadablePhotoName, unreadablePhotos } from '../../renderer/judge/match-photos.ts';

/** A capture has fewer files: a project of anyone's may name a whole disk as the folder of its photos. */
const MOST_FILES = 500_000;

/** Pictures in a folder and below it: paths relative to it, with forward slashes, sorted. */
export interface PhotoPaths {
  readonly photos: readonly string[];
  /** In formats that are not decoded here. */
  readonly unreadable: readonly string[];
}

/** Lists the pictures in a folder and below it. @throws SplatError `io`, and `unsupported-feature` as `photosIn` */
export async function photoPathsIn(folder: string, mostFiles = MOST_FILES): Promise<PhotoPaths> {
  const name = basename(folder);
  let all: string[];
  try {
    all = await namesBelow(folder, mostFiles);
  } catch (error) {
    throw fileError(error, 'read', `The folder ${name}`);
  }
  const some = (isWanted: (path: string) => boolean): string[] => all.filter(isWanted).sort();
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

/** Paths of all files in a folder and below it. Links are not followed, unreadable folders below are passed over. */
async function namesBelow(folder: string, mostFiles: number): Promise<string[]> {
  const names: string[] = [];
  const folders = [''];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    const isTop = below === '';
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: unknown) => {
      if (isTop) throw error;
      return [];
    });
    for (const entry of entries) {
      const path = isTop ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else names.push(path);
    }
    if (names.length + folders.length > mostFiles)
      throw new SplatError(
        'io',
        `The folder ${basename(folder)} holds more than ${formatCount(mostFiles)} files.`,
        'Choose the folder of one capture.',
      );
  }
  return names;
}
