import { Color, GridHelper, LinearSRGBColorSpace, Quaternion, Vector3 } from 'three';
import type { BufferGeometry, Object3D } from 'three';
import { UP_DIRECTIONS, type UpAxis } from '../core/up-axes.ts';
import { add, dot, scale, subtract, type Rgb, type Vec3 } from '../core/vector.ts';
import type { SceneBounds } from './scene-bounds.ts';

/** Where the guides stand: the scene's place and up direction, world units. */
export interface GuidesFrame {
  readonly centre: Vec3;
  readonly radius: number;
  readonly up: Vec3;
  /** How far below the middle the scene's lowest splats lie, and the grid with them. */
  readonly depth: number;
  /** Side of a square of the grid: 1, 2 or 5 by a power of ten. */
  readonly square: number;
}

/** Where the guides of a scene stand. */
export function guidesFrame({ centre, radius, low, high }: SceneBounds, upAxis: UpAxis): GuidesFrame {
  const up = UP_DIRECTIONS[upAxis];
  const isLow = up.some((component) => component > 0);
  const depth = dot(subtract(centre, isLow ? low : high), up);
  return { centre, radius, up, depth, square: roundSquare(radius * SQUARE_RADII) };
}

/** The largest of 1, 2 and 5 by a power of ten that is no more than a length. */
function roundSquare(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  return ([5, 2].find((factor) => factor * power <= length) ?? 1) * power;
}

/** Line segments in world space: (2M, 3) ends and (2M, 3) rgb. */
export interface Segments {
  readonly positions: Float32Array;
  readonly colours: Float32Array;
}

const AXIS_NAMES = ['x', 'y', 'z'] as const;
export type AxisName = (typeof AXIS_NAMES)[number];
/** Squares are at most this large, and the grid reaches so far from its middle, both in scene radii. */
const SQUARE_RADII = 0.35;
const GRID_RADII = 1.5;
/** Of the axes from the scene's middle, in scene radii. */
const AXIS_RADII = 0.75;
/** The colours that theme.css has for them. */
const AXIS_COLOURS: Readonly<Record<AxisName, Rgb>> = {
  x: rgb(0xff7a7a),
  y: rgb(0x7ddc7d),
  z: rgb(0x7ab4ff),
};
const GRID_MIDDLE = screenColour(0xa9b3c2);
const GRID_LINE = screenColour(0x6d7787);

/** A grid below the scene, across its up axis. */
export function gridSegments({ centre, radius, up, depth, square }: GuidesFrame): Segments {
  const squares = 2 * Math.ceil((radius * GRID_RADII) / square);
  const grid = new GridHelper(squares * square, squares, GRID_MIDDLE, GRID_LINE);
  const direction = new Vector3(...up);
  grid.quaternion.copy(new Quaternion().setFromUnitVectors(new Vector3(0, 1, 0), direction));
  grid.position.set(...centre).addScaledVector(direction, -depth);
  return worldSegments(grid, grid.geometry);
}

/** The file's own axes through the scene's middle, in the colours of the view gizmo. */
export function axesSegments(frame: GuidesFrame): Segments {
  const ends = axisEnds(frame);
  const positions = Float32Array.from(ends.flatMap(({ at }) => [...frame.centre, ...at]));
  const colours = Float32Array.from(ends.flatMap(({ axis }) => [...AXIS_COLOURS[axis], ...AXIS_COLOURS[axis]]));
  return { positions, colours };
}

/** Where the axes end, which is where their names stand. */
export function axisEnds({ centre, radius }: GuidesFrame): readonly { readonly axis: AxisName; readonly at: Vec3 }[] {
  return AXIS_NAMES.map((axis) => ({ axis, at: add(centre, scale(UP_DIRECTIONS[axis], radius * AXIS_RADII)) }));
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

/** Components from 0 to 1. */
function rgb(hex: number): Rgb {
  return [(hex >> 16) / 255, ((hex >> 8) & 255) / 255, (hex & 255) / 255];
}
