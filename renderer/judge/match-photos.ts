import { SplatError } from '../core/errors.ts';
import { nameContent } from '../io/name-content.ts';

/** Endings of pictures that the app decodes. */
export const PHOTO_ENDINGS: readonly string[] = ['png', 'jpg', 'jpeg', 'webp', 'avif', 'bmp'];

/** Endings of pictures that cameras and phones write and the app does not decode. */
const UNREADABLE_ENDINGS: readonly string[] =
  'heic heif exr hdr tif tiff dng cr2 cr3 nef arw raf orf rw2 jxl jp2'.split(' ');

/** Whether a file name has the ending of a picture that the app can't decode. */
export function isUnreadablePhotoName(name: string): boolean {
  return UNREADABLE_ENDINGS.includes(endingOf(name));
}

/** The failure where photos are there, but none in a format that the app decodes. */
export function unreadablePhotos(names: readonly string[]): SplatError {
  const kinds = [...new Set(names.map((name) => endingOf(name).toUpperCase()))].sort().join(', ');
  return new SplatError(
    'unsupported-feature',
    `The photos are there, but can't be read here: they are ${kinds}.`,
    'Convert them to JPEG or PNG under the same names.',
  );
}

/** The failure for a photo that can't be decoded, by its bytes: phones write HEIC under the names of JPEG, too. */
export function undecodablePhoto(name: string, bytes: Uint8Array, cause?: unknown): SplatError {
  const what = nameContent(bytes.subarray(0, NAMED_BYTES))?.what;
  const reason = what === undefined || DECODED.test(what) ? 'or it is damaged' : `but ${what}`;
  return new SplatError(
    'invalid-file',
    `${name} is no picture that can be decoded, ${reason}.`,
    'Copy or export it again as PNG or JPEG.',
    { cause },
  );
}

/** By so many bytes is named what a file is. */
const NAMED_BYTES = 4096;
/** What is decoded, unless it is damaged. */
const DECODED = /^a (PNG|JPEG|GIF|WebP) picture/;

/** Whether a file name has the ending of a picture that the app decodes. */
export function isPhotoName(name: string): boolean {
  return PHOTO_ENDINGS.includes(endingOf(name));
}

/**
 * Finds each camera's photo among the files of a folder.
 * @param images the cameras' names for their photos: with folders and ending or without
 * @param photos paths relative to the folder, with / or \
 * @returns for each image the index of its photo, undefined where there is none or two fit equally well
 */
export function matchPhotos(images: readonly string[], photos: readonly string[]): (number | undefined)[] {
  const byStem = new Map<string, number[]>();
  const keys = photos.map(keyOf);
  keys.forEach(({ stem }, index) => byStem.set(stem, [...(byStem.get(stem) ?? []), index]));
  return images.map((image) => {
    const wanted = keyOf(image);
    const candidates = (byStem.get(wanted.stem) ?? []).filter(
      (index) => wanted.ending === '' || keys[index].ending === wanted.ending,
    );
    // Photos are often converted after the cameras were found: another ending is better than no photo.
    return best(candidates.length > 0 ? candidates : (byStem.get(wanted.stem) ?? []), (index) =>
      commonFolders(wanted.folders, keys[index].folders),
    );
  });
}

interface Key {
  /** Folders from the innermost outwards. */
  readonly folders: readonly string[];
  /** File name without its ending, lower case. */
  readonly stem: string;
  readonly ending: string;
}

function keyOf(path: string): Key {
  const parts = path
    // Letters with accents are one character on some systems and two on others.
    .normalize('NFC')
    .toLowerCase()
    .split(/[/\\]/)
    .filter((part) => part !== '' && part !== '.');
  const name = parts.at(-1) ?? '';
  const ending = isPhotoName(name) || isUnreadablePhotoName(name) ? endingOf(name) : '';
  return {
    folders: parts.slice(0, -1).reverse(),
    stem: ending === '' ? name : name.slice(0, -ending.length - 1),
    ending,
  };
}

function endingOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1].toLowerCase() ?? '';
}

function commonFolders(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count += 1;
  return count;
}

/** The candidate of the highest score; undefined for a tie. */
function best(candidates: readonly number[], score: (candidate: number) => number): number | undefined {
  const scores = candidates.map(score);
  const highest = Math.max(...scores);
  const winners = candidates.filter((_, i) => scores[i] === highest);
  return winners.length === 1 ? winners[0] : undefined;
}
