import type { ColourMapName } from '../../core/colour-map.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { CompareView } from '../../gpu/compare-view.ts';

/** A scene as it is. */
export interface ScenePicture {
  readonly kind: 'scene';
  readonly scene: SplatScene | undefined;
  /** It is the preview of something that is being opened: nothing that belongs to another scene is seen with it. */
  readonly isPreview?: boolean;
}

/** Two scenes in one picture. */
export interface ComparePicture {
  readonly kind: 'compare';
  readonly before: SplatScene;
  readonly after: SplatScene;
  readonly view: CompareView;
}

/** A scene whose splats each have one colour of a map. */
export interface OverlayPicture {
  readonly kind: 'overlay';
  readonly scene: SplatScene;
  /**
   * (N) value of each splat on the map, 0 its beginning and 1 its end, NaN for none. Another array for other values: it
   * is sent when the object changes.
   */
  readonly mapValues: Float32Array;
  readonly map: ColourMapName;
}

/** What the canvas shows. */
export type Picture = ScenePicture | ComparePicture | OverlayPicture;

/** The scenes that a picture is drawn from. */
export function scenesOf(picture: Picture): readonly SplatScene[] {
  if (picture.kind === 'compare') return [picture.before, picture.after];
  return picture.scene === undefined ? [] : [picture.scene];
}

/** Whether the scene of a picture is that of something that is being opened. */
export function isPreview(picture: Picture): boolean {
  return picture.kind === 'scene' && picture.isPreview === true;
}
