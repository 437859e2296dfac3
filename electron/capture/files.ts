import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ReadableFile, SceneFile } from '../../renderer/bridge/files.ts';
import type { PhotoFile } from '../../renderer/bridge/capture.ts';
import {
  isPhotoName,
  isUnreadablePhotoName,
  matchPhotos,
  unreadablePhotos,
} from '../../renderer/judge/match-photos.ts';
import { meantPath } from '../../renderer/io/node-source.ts';
import { DATAPARSER_FILE } from '../../renderer/judge/read-transforms.ts';
import type { FileTable } from '../files/files.ts';
import { photosIn } from './photo-folder.ts';

/**
 * The files that a COLMAP model is made of, each needing one of the others beside it, and what nerfstudio has beside a
 * model.
 */
export const FILES_BESIDE = ['cameras.bin', 'images.bin', 'cameras.txt', 'images.txt', DATAPARSER_FILE];
/**
 * Where photos lie as seen from the folder of the camera file: INRIA, nerfstudio, instant-ngp and COLMAP's sparse/0.
 */
const PHOTO_PLACES = ['.', 'images', 'input', '../images', '../../images', '..', '../..'];

/** Lets the page read a camera file and the files beside it that belong to it. */
export async function admitCameras(path: string, files: FileTable): Promise<SceneFile> {
  const file = await files.admitKept(path);
  const beside = FILES_BESIDE.map((name) => meantPath(dirname(path), name)).map(async (found) => {
    const besidePath = await found;
    return besidePath === resolve(path) ? undefined : files.admitKept(besidePath).catch(() => undefined);
  });
  return { ...file, neighbours: (await Promise.all(beside)).filter((neighbour) => neighbour !== undefined) };
}

/**
 * The photos of these names near `folder`, null where there is none. Names come out of a file that may be anyone's:
 * what points outside of the place that is searched, or to something that is no photo, is not found.
 * @throws SplatError `unsupported-feature` where they are there, but none can be decoded
 */
export async function findPhotos(
  folder: string,
  names: readonly string[],
  files: FileTable,
): Promise<(ReadableFile | null)[]> {
  const listing = listFolders();
  const bases = await Promise.all(
    PHOTO_PLACES.map((place) => meantPath(resolve(folder, dirname(place)), basename(place))),
  );
  const some = someOf(names);
  const foundAt = async (base: string, isWanted: (name: string) => boolean): Promise<string[]> => {
    const paths = await Promise.all(some.map((name) => photoAt(base, name, listing, isWanted)));
    return paths.filter((path) => path !== undefined);
  };
  const counts: number[] = [];
  for (const base of bases) counts.push((await foundAt(base, isPhotoName)).length);
  const most = Math.max(...counts);
  if (most > 0) {
    const base = bases[counts.indexOf(most)];
    const photos: (ReadableFile | null)[] = [];
    for (const name of names) {
      const path = await photoAt(base, name, listing, isPhotoName);
      photos.push(path === undefined ? null : await files.admitFile(path));
    }
    return photos;
  }
  const unreadable: string[] = [];
  for (const base of bases) unreadable.push(...(await foundAt(base, isUnreadablePhotoName)));
  if (unreadable.length > 0) throw unreadablePhotos(unreadable);
  return names.map(() => null);
}

/** A place is known by so many of its photos: the first ones alone are often those that people left out. */
const MOST_TRIED = 32;

/** Names from all of the list. */
function someOf(names: readonly string[]): readonly string[] {
  const step = Math.ceil(names.length / MOST_TRIED);
  return names.filter((_, index) => index % step === 0);
}

/** Lists folders, each one once. */
function listFolders(): (folder: string) => Promise<readonly string[]> {
  const known = new Map<string, Promise<readonly string[]>>();
  return (folder) => {
    const list = known.get(folder) ?? readdir(folder).catch(() => []);
    known.set(folder, list);
    return list;
  };
}

/**
 * The path of a photo below `base` by its name, which may have another ending, other case, the slashes of Windows or
 * accents of its own kind; undefined where there is none.
 */
async function photoAt(
  base: string,
  name: string,
  listing: (folder: string) => Promise<readonly string[]>,
  isWanted: (name: string) => boolean,
): Promise<string | undefined> {
  const path = resolve(base, name.replaceAll('\\', '/'));
  if (!path.startsWith(base.endsWith(sep) ? base : base + sep)) return undefined;
  const folder = await meantPath(base, relative(base, dirname(path)));
  const photos = (await listing(folder)).filter(isWanted);
  const [match] = matchPhotos([basename(path)], photos);
  const found = match === undefined ? undefined : join(folder, photos[match]);
  const info = found === undefined ? undefined : await stat(found).catch(() => undefined);
  return info?.isFile() === true ? found : undefined;
}

/** Lets the page read every photo in a folder and below it. @throws SplatError `io` */
export async function listPhotos(folder: string, files: FileTable): Promise<PhotoFile[]> {
  const photos: PhotoFile[] = [];
  for (const path of await photosIn(folder)) {
    // A file that vanished meanwhile is no photo.
    const file = await files.admitKept(join(folder, path)).catch(() => undefined);
    if (file !== undefined) photos.push({ ...file, path });
  }
  return photos;
}
