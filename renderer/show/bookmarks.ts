import type { Viewpoint } from '../core/camera-file.ts';

/** A view worth coming back to. */
export interface Bookmark extends Viewpoint {
  readonly name: string;
}

/** The first nine have keys of their own. */
export const BOOKMARKS_WITH_KEYS = 9;
export const MAX_BOOKMARKS = 500;
export const MAX_NAME_LENGTH = 100;

/** Adds a view under the first free name `View n`. */
export function addBookmark(list: readonly Bookmark[], view: Viewpoint): readonly Bookmark[] {
  const taken = new Set(list.map(({ name }) => name));
  let number = list.length + 1;
  while (taken.has(`View ${number}`)) number += 1;
  return [...list, { name: `View ${number}`, ...view }];
}

/** Names a bookmark anew; an empty name changes nothing. */
export function renameBookmark(list: readonly Bookmark[], index: number, name: string): readonly Bookmark[] {
  const wanted = name.trim().slice(0, MAX_NAME_LENGTH);
  return wanted === ''
    ? list
    : list.map((bookmark, place) => (place === index ? { ...bookmark, name: wanted } : bookmark));
}

export function removeBookmark(list: readonly Bookmark[], index: number): readonly Bookmark[] {
  return list.filter((_, place) => place !== index);
}
