import type { CameraParameters } from '../../core/camera-parameters.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { paneCamera, panes } from '../../gpu/compare-view.ts';
import type { Picture } from './picture.ts';

/** A scene, by which camera it is drawn, and a point of that camera's picture. */
export interface PictureAt {
  readonly scene: SplatScene | undefined;
  readonly camera: CameraParameters;
  readonly x: number;
  readonly y: number;
}

/**
 * Tells which scene is drawn at a point of a picture.
 * @param camera of the whole picture, whose pixels the point counts in
 */
export function pictureAt(picture: Picture, camera: CameraParameters, x: number, y: number): PictureAt {
  if (picture.kind !== 'compare') return { scene: picture.scene, camera, x, y };
  const { before, after, view } = picture;
  if (view.mode === 'heat') return { scene: after, camera, x, y };
  const { width, height } = camera;
  const isVertical = view.direction === 'vertical';
  if (view.mode === 'split') {
    const along = isVertical ? x / width : y / height;
    return { scene: along < view.position ? before : after, camera, x, y };
  }
  const [first, second] = panes(width, height, view.direction);
  const isBefore = isVertical ? x < second.x : y < second.y;
  const pane = isBefore ? first : second;
  return { scene: isBefore ? before : after, camera: paneCamera(camera, pane), x: x - pane.x, y: y - pane.y };
}
