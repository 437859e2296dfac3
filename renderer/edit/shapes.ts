import type { CameraParameters } from '../core/camera-parameters.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import {
  add,
  cross,
  distance,
  dot,
  mapVec3,
  norm,
  normalise,
  scale,
  subtract,
  vec3,
  type Rgb,
  type Vec3,
} from '../core/vector.ts';

/** Box in world units. */
export interface Box {
  readonly kind: 'box';
  readonly centre: Vec3;
  readonly halfSize: Vec3;
  /** How far it is turned about the scene's x axis, then y, then z, in degrees; none: it lies along them. */
  readonly turnDegrees?: Vec3;
}

export interface Sphere {
  readonly kind: 'sphere';
  readonly centre: Vec3;
  readonly radius: number;
}

/** Of a ball's radius, by so much a box goes beyond the splats in it: rounding must leave none of them outside. */
const ROOM = 1e-3;

/** The smallest box along the scene's axes around a ball's middle and the splats that have theirs in the ball. */
export function boxAround({ positions, count }: Pick<SplatScene, 'positions' | 'count'>, ball: Sphere): Box {
  const { centre, radius } = ball;
  const [min, max] = [[...centre], [...centre]];
  for (let i = 0; i < count; i++) {
    const at = vec3((k) => positions[3 * i + k]);
    if (!(distance(at, centre) <= radius * (1 + ROOM))) continue;
    for (let k = 0; k < 3; k++) {
      min[k] = Math.min(min[k], at[k]);
      max[k] = Math.max(max[k], at[k]);
    }
  }
  return {
    kind: 'box',
    centre: vec3((k) => (min[k] + max[k]) / 2),
    halfSize: vec3((k) => (max[k] - min[k]) / 2 + radius * ROOM),
  };
}

/** What splats are chosen with in the view. */
export type Shape = Box | Sphere;

/** A point of a shape that can be dragged: its centre, or the middle of a side. */
export interface Handle {
  /** `centre`, or axis and side: `x+`, `x-`, `y+`, ... */
  readonly id: string;
  readonly position: Vec3;
  /** Direction in which the handle moves; undefined: in the picture's plane. */
  readonly axis?: Vec3;
}

/** Line segments in world space: (2M, 3) ends and (2M, 3) rgb. */
export interface ShapeLines {
  readonly positions: Float32Array;
  readonly colours: Float32Array;
}

const AXES: readonly (readonly [string, Vec3])[] = [
  ['x', [1, 0, 0]],
  ['y', [0, 1, 0]],
  ['z', [0, 0, 1]],
];
const CIRCLE_SEGMENTS = 96;
/** A drag makes a shape no smaller than this share of what it was: a knob must stay to make it larger again. */
const LEAST_SHARE = 1e-3;

/** A shape's own axes in the scene's: three unit vectors at right angles. */
export function axesOf(shape: Shape): readonly [Vec3, Vec3, Vec3] {
  const turn = shape.kind === 'box' ? (shape.turnDegrees ?? [0, 0, 0]) : [0, 0, 0];
  const turned = ([x, y, z]: Vec3): Vec3 => {
    const [[sx, cx], [sy, cy], [sz, cz]] = turn.map((degrees) => sineAndCosine(degrees));
    const [y1, z1] = [cx * y - sx * z, sx * y + cx * z];
    const [x2, z2] = [cy * x + sy * z1, cy * z1 - sy * x];
    return [cz * x2 - sz * y1, sz * x2 + cz * y1, z2];
  };
  return [turned(AXES[0][1]), turned(AXES[1][1]), turned(AXES[2][1])];
}

function sineAndCosine(degrees: number): readonly [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [Math.sin(radians), Math.cos(radians)];
}

function reach(shape: Shape, axis: number): number {
  return shape.kind === 'box' ? shape.halfSize[axis] : shape.radius;
}

/** The centre, then both ends of every axis. */
export function handlesOf(shape: Shape): Handle[] {
  const handles: Handle[] = [{ id: 'centre', position: shape.centre }];
  const axes = axesOf(shape);
  for (const [index, [name]] of AXES.entries()) {
    const axis = axes[index];
    for (const side of [1, -1]) {
      const position = add(shape.centre, scale(axis, side * reach(shape, index)));
      handles.push({ id: `${name}${side > 0 ? '+' : '-'}`, position, axis });
    }
  }
  return handles;
}

/**
 * Where a point lies in the picture: pixels from the top left, and depth in world units; undefined behind the camera.
 */
export function projectPoint(
  camera: CameraParameters,
  [x, y, z]: Vec3,
): { readonly x: number; readonly y: number; readonly depth: number } | undefined {
  const m = camera.worldToView;
  const depth = m[8] * x + m[9] * y + m[10] * z + m[11];
  if (!(depth > 0)) return undefined;
  return {
    x: (camera.fx * (m[0] * x + m[1] * y + m[2] * z + m[3])) / depth + camera.cx,
    y: (camera.fy * (m[4] * x + m[5] * y + m[6] * z + m[7])) / depth + camera.cy,
    depth,
  };
}

/**
 * The shape after one of its handles was dragged by (dx, dy) pixels: a side follows the pointer along its axis while
 * the opposite side of a box stays, a sphere grows about its centre, and the centre moves in the plane of the picture
 * at its own depth.
 */
export function dragHandle(shape: Shape, id: string, camera: CameraParameters, dx: number, dy: number): Shape {
  const handle = handlesOf(shape).find((candidate) => candidate.id === id);
  const at = handle === undefined ? undefined : projectPoint(camera, handle.position);
  if (handle === undefined || at === undefined) return shape;
  if (handle.axis === undefined)
    return {
      ...shape,
      centre: movedInPlane(shape.centre, camera, (dx * at.depth) / camera.fx, (dy * at.depth) / camera.fy),
    };
  return moveSide(shape, id, alongAxis(handle.position, handle.axis, camera, at, dx, dy));
}

/** The shape with a side moved outwards by `distance`, or its centre along the axis that `id` names, for keys. */
export function moveSide(shape: Shape, id: string, distance: number): Shape {
  const index = AXES.findIndex(([name]) => name === id[0]);
  if (index < 0) return shape;
  const outwards = id[1] === '-' ? -distance : distance;
  if (shape.kind === 'sphere')
    return { ...shape, radius: Math.max(LEAST_SHARE * shape.radius, shape.radius + outwards) };
  const half = Math.max(LEAST_SHARE * shape.halfSize[index], shape.halfSize[index] + outwards / 2);
  const grown = half - shape.halfSize[index];
  const halfSize = mapVec3(shape.halfSize, (h, k) => (k === index ? half : h));
  const centre = add(shape.centre, scale(axesOf(shape)[index], id[1] === '-' ? -grown : grown));
  return { ...shape, centre, halfSize };
}

/**
 * How far along `axis` (world units) a point, which is seen `at` a pixel, goes when its picture follows the pointer by
 * (dx, dy) pixels as well as it can.
 */
export function alongAxis(
  position: Vec3,
  axis: Vec3,
  camera: CameraParameters,
  at: { readonly x: number; readonly y: number; readonly depth: number },
  dx: number,
  dy: number,
): number {
  // The picture of a step along the axis, small beside the depth so that perspective does not bend it.
  const step = at.depth * 1e-3;
  const next = projectPoint(camera, add(position, scale(axis, step)));
  if (next === undefined) return 0;
  const px = (next.x - at.x) / step;
  const py = (next.y - at.y) / step;
  const squared = px * px + py * py;
  // An axis that points at the camera has no picture to follow.
  const pixelsPerUnit = camera.fx / at.depth;
  if (squared < (0.05 * pixelsPerUnit) ** 2) return 0;
  return (dx * px + dy * py) / squared;
}

/** A point moved right and down of the picture, world units: by the first two rows of the world-to-view matrix. */
export function movedInPlane(point: Vec3, { worldToView: m }: CameraParameters, right: number, down: number): Vec3 {
  return [
    point[0] + m[0] * right + m[4] * down,
    point[1] + m[1] * right + m[5] * down,
    point[2] + m[2] * right + m[6] * down,
  ];
}

/** The shape as lines: a box's edges, a sphere's three great circles. */
export function shapeLines(shape: Shape, rgb: Rgb): ShapeLines {
  return inColour(shape.kind === 'box' ? boxEnds(shape) : sphereEnds(shape), rgb);
}

function inColour(positions: Float32Array, rgb: Rgb): ShapeLines {
  return { positions, colours: positions.map((_, i) => rgb[i % 3]) };
}

/**
 * A sphere's lines as they are seen from a point: its outline and the near halves of its great circles, and apart from
 * them the far halves, which it hides. From within, all of it is near.
 * @param eye world units
 */
export function sphereLinesFrom(
  sphere: Sphere,
  eye: Vec3,
  rgb: Rgb,
): { readonly near: ShapeLines; readonly far: ShapeLines } {
  const ends = sphereEnds(sphere);
  const toEye = subtract(eye, sphere.centre);
  const distance = norm(toEye);
  const isInside = distance <= sphere.radius;
  const [near, far]: [number[], number[]] = [isInside ? [] : outlineEnds(sphere, toEye, distance), []];
  for (let i = 0; i < ends.length; i += 6) {
    const middle = vec3((k) => (ends[i + k] + ends[i + 3 + k]) / 2 - sphere.centre[k]);
    (isInside || dot(middle, toEye) > sphere.radius ** 2 ? near : far).push(...ends.subarray(i, i + 6));
  }
  return { near: inColour(Float32Array.from(near), rgb), far: inColour(Float32Array.from(far), rgb) };
}

/** The circle in which rays from the eye touch a sphere, as segments. */
function outlineEnds({ centre, radius }: Sphere, toEye: Vec3, distance: number): number[] {
  const axis = scale(toEye, 1 / distance);
  const least = axis.map(Math.abs).indexOf(Math.min(...axis.map(Math.abs)));
  const first = normalise(
    cross(
      axis,
      vec3((k) => (k === least ? 1 : 0)),
    ),
  );
  const second = cross(axis, first);
  const share = radius / distance;
  const middle = add(centre, scale(axis, radius * share));
  const reach = radius * Math.sqrt(1 - share * share);
  const point = (i: number): Vec3 => {
    const angle = (2 * Math.PI * i) / CIRCLE_SEGMENTS;
    return add(middle, add(scale(first, reach * Math.cos(angle)), scale(second, reach * Math.sin(angle))));
  };
  return Array.from({ length: CIRCLE_SEGMENTS }, (_, i) => [...point(i), ...point(i + 1)]).flat();
}

function boxEnds(box: Box): Float32Array {
  const { centre, halfSize } = box;
  const axes = axesOf(box);
  const ends: number[] = [];
  const corner = (bits: number): Vec3 =>
    axes.reduce((at, axis, k) => add(at, scale(axis, (bits >> k) & 1 ? halfSize[k] : -halfSize[k])), centre);
  for (let bits = 0; bits < 8; bits++) {
    for (let k = 0; k < 3; k++) if (((bits >> k) & 1) === 0) ends.push(...corner(bits), ...corner(bits | (1 << k)));
  }
  return Float32Array.from(ends);
}

function sphereEnds({ centre, radius }: Sphere): Float32Array {
  const ends: number[] = [];
  for (let axis = 0; axis < 3; axis++) {
    const point = (i: number): number[] => {
      const angle = (2 * Math.PI * i) / CIRCLE_SEGMENTS;
      const out = [...centre];
      out[(axis + 1) % 3] += radius * Math.cos(angle);
      out[(axis + 2) % 3] += radius * Math.sin(angle);
      return out;
    };
    for (let i = 0; i < CIRCLE_SEGMENTS; i++) ends.push(...point(i), ...point(i + 1));
  }
  return Float32Array.from(ends);
}
