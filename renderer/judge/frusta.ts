import { cameraCentre } from '../core/camera-parameters.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { distance, vec3, type Rgb, type Vec3 } from '../core/vector.ts';

/** Line segments in world space: (2M, 3) ends and (2M, 3) rgb 0..1. */
export interface FrustumSegments {
  readonly positions: Float32Array;
  readonly colours: Float32Array;
}

/** Four edges from the eye, four round the picture, two for a mark above its top. */
const SEGMENTS = 10;
/** Share of the cameras' typical distance from the scene, so that frusta can be told apart and hit with a pointer. */
const SHARE_OF_DISTANCE = 0.09;
const MARK_HEIGHT = 0.35;

/** Length of a frustum for these cameras about `centre`, in world units. */
export function frustumDepth(cameras: readonly CameraParameters[], centre: Vec3): number {
  const distances = cameras.map((camera) => distance(centre, cameraCentre(camera.worldToView))).sort((a, b) => a - b);
  const median = distances[distances.length >> 1];
  return median > 0 ? median * SHARE_OF_DISTANCE : 1;
}

/** Each camera as a small pyramid with its eye at the top and its picture at `depth`. */
export function frustumSegments(
  cameras: readonly CameraParameters[],
  depth: number,
  colourOf: (index: number) => Rgb,
): FrustumSegments {
  const positions = new Float32Array(cameras.length * SEGMENTS * 6);
  const colours = new Float32Array(positions.length);
  cameras.forEach((camera, index) => {
    const eye = cameraCentre(camera.worldToView);
    const [a, b, c, d] = pictureCorners(camera, depth);
    // The mark tells which side of the picture is up.
    const mark = worldPoint(camera, camera.width / 2, -camera.height * MARK_HEIGHT, depth);
    const ends = [eye, a, eye, b, eye, c, eye, d, a, b, b, c, c, d, d, a, a, mark, mark, b];
    const colour = colourOf(index);
    ends.forEach((point, i) => {
      const at = (index * SEGMENTS * 2 + i) * 3;
      positions.set(point, at);
      colours.set(colour, at);
    });
  });
  return { positions, colours };
}

/**
 * The frustum under a point of the picture: the nearest to the eye whose picture's outline holds it.
 * @param view the camera that shows the frusta
 * @param column, row in pixels of that camera
 */
export function pickFrustum(
  cameras: readonly CameraParameters[],
  depth: number,
  view: CameraParameters,
  column: number,
  row: number,
): number | undefined {
  let picked: number | undefined;
  let nearest = Infinity;
  cameras.forEach((camera, index) => {
    const outline = [cameraCentre(camera.worldToView), ...pictureCorners(camera, depth)].map((point) =>
      seen(view, point),
    );
    // Behind the eye a projection means nothing.
    if (outline.some(({ z }) => z <= 0)) return;
    const [eye, a, b, c, d] = outline;
    const faces = [
      [a, b, c, d],
      [eye, a, b],
      [eye, b, c],
      [eye, c, d],
      [eye, d, a],
    ];
    if (eye.z < nearest && faces.some((face) => holds(face, column, row))) {
      picked = index;
      nearest = eye.z;
    }
  });
  return picked;
}

/** The picture's corners at `depth`: top left, top right, bottom right, bottom left. World units. */
function pictureCorners(camera: CameraParameters, depth: number): Vec3[] {
  const { width, height } = camera;
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ].map(([column, row]) => worldPoint(camera, column, row, depth));
}

function worldPoint(
  { worldToView: m, fx, fy, cx, cy }: CameraParameters,
  column: number,
  row: number,
  depth: number,
): Vec3 {
  const view: Vec3 = [((column - cx) / fx) * depth - m[3], ((row - cy) / fy) * depth - m[7], depth - m[11]];
  return vec3((axis) => m[axis] * view[0] + m[4 + axis] * view[1] + m[8 + axis] * view[2]);
}

interface Seen {
  readonly x: number;
  readonly y: number;
  /** Depth; not positive behind the eye. */
  readonly z: number;
}

function seen({ worldToView: m, fx, fy, cx, cy }: CameraParameters, [px, py, pz]: Vec3): Seen {
  const [x, y, z] = [0, 4, 8].map((r) => m[r] * px + m[r + 1] * py + m[r + 2] * pz + m[r + 3]);
  return { x: (fx * x) / z + cx, y: (fy * y) / z + cy, z };
}

/** Whether a convex outline, wound either way, holds a point. */
function holds(outline: readonly Seen[], x: number, y: number): boolean {
  const sides = outline.map((a, i) => {
    const b = outline[(i + 1) % outline.length];
    return Math.sign((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x));
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}
