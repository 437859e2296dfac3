import type { CameraParameters, PixelRectangle } from '../core/camera-parameters.ts';
import type { Rgb } from '../core/vector.ts';

/** Which way the line between before and after runs; before is left or above. */
export type DividerDirection = 'vertical' | 'horizontal';

/** A line drawn between before and after. */
export interface Divider {
  readonly widthPixels: number;
  /** Display-referred rgb 0..1. */
  readonly colour: Rgb;
}

/** One picture of which a part shows before and the rest after. */
export interface SplitView {
  readonly mode: 'split';
  readonly direction: DividerDirection;
  /** Share of the picture that shows before, 0..1: a pixel does whose centre lies short of it. */
  readonly position: number;
  readonly divider?: Divider;
}

/** Two whole pictures from one camera beside each other, or above each other where the line is horizontal. */
export interface SideBySideView {
  readonly mode: 'sideBySide';
  readonly direction: DividerDirection;
  readonly divider?: Divider;
}

/** What a heat map makes of after - before, the difference of luma (Rec. 709 weights, display-referred, -1..1). */
export type HeatMeasure = 'absolute' | 'decibel' | 'signed';

/** The difference of the two pictures as colours. */
export interface HeatView {
  readonly mode: 'heat';
  readonly measure: HeatMeasure;
  /** Luma difference at the end of the colour map, above 0 and at most 1. */
  readonly largest: number;
}

/** What a picture of two scenes shows. */
export type CompareView = SplitView | SideBySideView | HeatView;

/** Decibels that a `decibel` heat map spans below its largest difference. */
export const HEAT_DECIBELS = 40;

/** Where the two pictures of a side-by-side view lie: before first. Of an odd number of pixels after has one more. */
export function panes(
  width: number,
  height: number,
  direction: DividerDirection,
): readonly [PixelRectangle, PixelRectangle] {
  if (direction === 'vertical') {
    const first = Math.max(1, width >> 1);
    return [
      { x: 0, y: 0, width: first, height },
      { x: first, y: 0, width: Math.max(1, width - first), height },
    ];
  }
  const first = Math.max(1, height >> 1);
  return [
    { x: 0, y: 0, width, height: first },
    { x: 0, y: first, width, height: Math.max(1, height - first) },
  ];
}

/**
 * The camera of one pane: the same place and direction with the pane's own aspect. What fills the smaller side of the
 * whole picture fills the smaller side of the pane, so a scene that was framed stays framed.
 */
export function paneCamera(camera: CameraParameters, pane: Pick<PixelRectangle, 'width' | 'height'>): CameraParameters {
  const scale = Math.min(pane.width, pane.height) / Math.min(camera.width, camera.height);
  return {
    ...camera,
    fx: camera.fx * scale,
    fy: camera.fy * scale,
    cx: (camera.cx - camera.width / 2) * scale + pane.width / 2,
    cy: (camera.cy - camera.height / 2) * scale + pane.height / 2,
    width: pane.width,
    height: pane.height,
  };
}
