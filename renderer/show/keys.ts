import type { Viewpoint } from '../core/camera-file.ts';
import type { CameraKey, CameraPath } from './path.ts';

export const EMPTY_PATH: CameraPath = { keys: [], timing: 'keys', ease: true };
export const MAX_KEYS = 1000;
/** Time from the last key to one that is added, where nothing else is asked for. */
export const KEY_SECONDS = 2;
/** Longest path, and longest turn of a turntable. */
export const MAX_SECONDS = 3600;
/** Two keys can't be closer than this in time. */
export const LEAST_SECONDS = 0.05;

/** Whether the path has room for one more key, in number and in time. */
export function canAddKey({ keys }: CameraPath): boolean {
  return keys.length < MAX_KEYS && (keys.at(-1)?.timeSeconds ?? 0) + KEY_SECONDS <= MAX_SECONDS;
}

/** Adds a view as a key two seconds after the last; the first is at 0. */
export function addKey(path: CameraPath, view: Viewpoint): CameraPath {
  const last = path.keys.at(-1);
  return {
    ...path,
    keys: [
      ...path.keys,
      { ...view, timeSeconds: last === undefined ? 0 : last.timeSeconds + KEY_SECONDS, stop: false },
    ],
  };
}

/** Removes a key; the times then begin at 0 again. */
export function removeKey(path: CameraPath, index: number): CameraPath {
  return fromZero({ ...path, keys: path.keys.filter((_, place) => place !== index) });
}

/** Changes a key in place. A time is kept between those of the neighbours, and the first key's time is always 0. */
export function changeKey(path: CameraPath, index: number, patch: Partial<CameraKey>): CameraPath {
  const keys = path.keys.map((key, place) => (place === index ? { ...key, ...patch } : key));
  const changed = keys[index];
  if (changed === undefined || patch.timeSeconds === undefined) return { ...path, keys };
  if (index === 0) return { ...path, keys: keys.map((key, place) => (place === 0 ? { ...key, timeSeconds: 0 } : key)) };
  const [before, after] = [keys[index - 1], keys[index + 1]];
  const earliest = (before?.timeSeconds ?? 0) + LEAST_SECONDS;
  const latest = after === undefined ? Infinity : after.timeSeconds - LEAST_SECONDS;
  const timeSeconds = Math.max(earliest, Math.min(latest, patch.timeSeconds));
  return { ...path, keys: keys.map((key, place) => (place === index ? { ...key, timeSeconds } : key)) };
}

/** Moves a key one place towards the start (-1) or the end (1): the views change places, the times stay. */
export function moveKey(path: CameraPath, index: number, by: -1 | 1): CameraPath {
  const [one, other] = [path.keys[index], path.keys[index + by]];
  if (one === undefined || other === undefined) return path;
  const keys = [...path.keys];
  keys[index] = { ...other, timeSeconds: one.timeSeconds };
  keys[index + by] = { ...one, timeSeconds: other.timeSeconds };
  return { ...path, keys };
}

function fromZero(path: CameraPath): CameraPath {
  const start = path.keys[0]?.timeSeconds ?? 0;
  return start === 0
    ? path
    : { ...path, keys: path.keys.map((key) => ({ ...key, timeSeconds: key.timeSeconds - start })) };
}
