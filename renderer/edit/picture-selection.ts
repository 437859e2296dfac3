import type { CameraParameters } from '../core/camera-parameters.ts';
import { visitCentres } from '../core/picture-centres.ts';
import { splatSeenAt } from '../core/seen-splat.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { SplatMask } from './selection.ts';

/** A point of the picture, in pixels from its top left. */
export type PicturePoint = readonly [x: number, y: number];

/**
 * Splats whose centre is seen within a closed outline, however deep in the scene they lie; by the even-odd rule where
 * it crosses itself. An outline of fewer than three points holds none.
 */
export function selectByOutline(
  scene: SplatScene,
  camera: CameraParameters,
  outline: readonly PicturePoint[],
): SplatMask {
  const mask = new Uint8Array(scene.count);
  if (outline.length < 3) return mask;
  visitCentres(scene, camera, (index, x, y) => {
    if (isWithin(outline, x, y)) mask[index] = 1;
  });
  return mask;
}

/** Splats whose centre is seen within `radius` pixels of a stroke, however deep they lie. */
export function selectByStroke(
  scene: SplatScene,
  camera: CameraParameters,
  stroke: readonly PicturePoint[],
  radius: number,
): SplatMask {
  const mask = new Uint8Array(scene.count);
  if (stroke.length === 0) return mask;
  const [left, right, top, bottom] = boxOf(stroke, radius);
  visitCentres(scene, camera, (index, x, y) => {
    if (x < left || x > right || y < top || y > bottom) return;
    const isNear = stroke.some((point, k) => distanceToLine(stroke[Math.max(0, k - 1)], point, x, y) <= radius);
    if (isNear) mask[index] = 1;
  });
  return mask;
}

/** The splat that is seen at a point of the picture; none where there is nothing. */
export function selectByPick(scene: SplatScene, camera: CameraParameters, [x, y]: PicturePoint): SplatMask {
  const mask = new Uint8Array(scene.count);
  const seen = splatSeenAt(scene, camera, x, y);
  if (seen !== undefined) mask[seen.index] = 1;
  return mask;
}

function isWithin(outline: readonly PicturePoint[], x: number, y: number): boolean {
  let isInside = false;
  let [fromX, fromY] = outline[outline.length - 1];
  for (const [toX, toY] of outline) {
    if (fromY > y !== toY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) isInside = !isInside;
    [fromX, fromY] = [toX, toY];
  }
  return isInside;
}

function boxOf(points: readonly PicturePoint[], margin: number): readonly [number, number, number, number] {
  const along = (axis: 0 | 1, pick: (a: number, b: number) => number): number =>
    points.map((point) => point[axis]).reduce((a, b) => pick(a, b));
  return [
    along(0, Math.min) - margin,
    along(0, Math.max) + margin,
    along(1, Math.min) - margin,
    along(1, Math.max) + margin,
  ];
}

function distanceToLine([ax, ay]: PicturePoint, [bx, by]: PicturePoint, x: number, y: number): number {
  const squared = (bx - ax) ** 2 + (by - ay) ** 2;
  const along = squared === 0 ? 0 : ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / squared;
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}
