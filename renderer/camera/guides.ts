import { AxesHelper, Color, GridHelper, LinearSRGBColorSpace, Quaternion, Vector3 } from 'three';
import type { BufferGeometry, Object3D } from 'three';
import type { Vec3 } from '../core/vector.ts';

/** Where the guides stand: the scene's place and up direction, world units. */
export interface GuidesFrame {
  readonly centre: Vec3;
  readonly radius: number;
  readonly up: Vec3;
}

/** Line segments in world space: (2M, 3) ends and (2M, 3) rgb. */
export interface Segments {
  readonly positions: Float32Array;
  readonly colours: Float32Array;
}

const GRID_DIVISIONS = 10;
const GRID_MIDDLE = screenColour(0xa9b3c2);
const GRID_LINE = screenColour(0x6d7787);

/** A grid below the scene, across its up axis. */
export function gridSegments({ centre, radius, up }: GuidesFrame): Segments {
  const grid = new GridHelper(radius * 3, GRID_DIVISIONS, GRID_MIDDLE, GRID_LINE);
  const direction = new Vector3(...up);
  grid.quaternion.copy(new Quaternion().setFromUnitVectors(new Vector3(0, 1, 0), direction));
  grid.position.set(...centre).addScaledVector(direction, -radius);
  return worldSegments(grid, grid.geometry);
}

/** The file's own axes through the scene's middle: x red, y green, z blue. */
export function axesSegments({ centre, radius }: GuidesFrame): Segments {
  const axes = new AxesHelper(radius * 0.75);
  axes.position.set(...centre);
  return worldSegments(axes, axes.geometry);
}

function worldSegments(object: Object3D, geometry: BufferGeometry): Segments {
  object.updateMatrixWorld();
  const positions = geometry.getAttribute('position').clone().applyMatrix4(object.matrixWorld).array as Float32Array;
  const colours = geometry.getAttribute('color').array as Float32Array;
  geometry.dispose();
  return { positions, colours };
}

/** The renderer blends in the screen's own colour values, so three must not turn them linear. */
function screenColour(hex: number): Color {
  return new Color().setHex(hex, LinearSRGBColorSpace);
}
