import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';

/** Looks along +z from 10 units away, x right and y down as in the world: a unit is 10 pixels. */
export const straightCamera: CameraParameters = {
  worldToView: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 10, 0, 0, 0, 1),
  fx: 100,
  fy: 100,
  cx: 200,
  cy: 150,
  width: 400,
  height: 300,
};
