import type { CameraParameters } from '../core/camera-parameters.ts';
import type { Vec3 } from '../core/vector.ts';
import { dot, vec3 } from '../core/vector.ts';
import type { UpAxis } from '../core/up-axes.ts';
import { toCanonical } from './canonical-frame.ts';
import type { Normalization } from './features.ts';

/** Longest side in pixels at which a captured view is drawn as evidence. */
const longestSide = 128;
/** Views of a capture that are drawn as evidence, spread over all that there are. */
const mostViews = 16;

/** Of a region's splats, those whose centres are looked for in a picture, and how many of these it must show. */
const mostSamples = 1000;
const shownShare = 0.1;
/** How wide or high they must stand in it, in longest sides: a few pixels tell nothing. */
const shownExtent = 1 / 32;

/** How many cameras were given with a scene, and how many of them show what was refined. */
export interface CameraCounts {
  readonly given: number;
  readonly showing: number;
}

/** Tells whoever gave cameras that none of them shows what was refined; undefined where some do, or none were given. */
export function noteOnCameras(counts: CameraCounts | null): string | undefined {
  if (counts === null || counts.showing > 0) return undefined;
  const which =
    counts.given === 1 ? 'The camera that was given does not show' : `None of the ${counts.given} cameras shows`;
  return (
    `${which} what was refined, so nothing was proved by them: ` +
    'they may belong to another scene, or lie in other axes.'
  );
}

/**
 * The cameras that tell of some splats, as a fair part of them stands in their frame and is more than a speck there:
 * others, such as those of another scene, prove nothing. All is in the scene's own axes and world units.
 * @param positions (splats, 3)
 */
export function camerasShowing(
  cameras: readonly CameraParameters[],
  positions: Float32Array,
  rows: Int32Array,
): CameraParameters[] {
  const step = Math.max(1, Math.ceil(rows.length / mostSamples));
  const places = Array.from(
    rows.filter((_, i) => i % step === 0),
    (row) => vec3((axis) => positions[3 * row + axis]),
  );
  return cameras.filter((camera) => {
    const pixels = pixelsInFrame(camera, places);
    if (pixels.length < shownShare * places.length) return false;
    const extents = [0, 1].map((axis) => {
      const along = pixels.map((pixel) => pixel[axis]);
      return Math.max(...along) - Math.min(...along);
    });
    return Math.max(...extents) >= shownExtent * Math.max(camera.width, camera.height);
  });
}

/** Where those of some places that stand in a camera's frame are seen, in pixels. */
function pixelsInFrame(
  { worldToView: m, fx, fy, cx, cy, width, height }: CameraParameters,
  places: readonly Vec3[],
): [number, number][] {
  const pixels: [number, number][] = [];
  for (const place of places) {
    const [x, y, depth] = vec3((k) => dot([m[4 * k], m[4 * k + 1], m[4 * k + 2]], place) + m[4 * k + 3]);
    const [column, line] = [(fx * x) / depth + cx, (fy * y) / depth + cy];
    if (depth > 0 && column >= 0 && column <= width && line >= 0 && line <= height) pixels.push([column, line]);
  }
  return pixels;
}

/** Thins views of a capture out evenly, to as many as are drawn as evidence if nothing else is said. */
export function thinnedOut<T>(views: readonly T[], most = mostViews): T[] {
  const count = Math.min(most, views.length);
  return Array.from({ length: count }, (_, i) => views[Math.floor((i * views.length) / count)]);
}

/**
 * The cameras of a capture as the network's units have them, evenly thinned out and made small.
 * @param cameras in the scene's own axes and world units, without lens distortion
 * @param up the axis that the canonical frame takes to z
 * @param near distance of cameras that name none, world units
 * @param most how many are left
 */
export function canonicalCameras(
  cameras: readonly CameraParameters[],
  up: UpAxis,
  normalization: Normalization,
  near: number,
  most = mostViews,
): CameraParameters[] {
  return thinnedOut(cameras, most).map((camera) => canonicalCamera({ near, ...camera }, up, normalization));
}

/**
 * A point p of the scene is q = scale T p + shift in the network's units; so R p + t times the scale, which moves no
 * pixel, is (R T') q + (scale t - R T' shift).
 */
function canonicalCamera(
  camera: CameraParameters & { readonly near: number },
  up: UpAxis,
  { scale, shift }: Normalization,
): CameraParameters {
  const worldToView = new Float64Array(16);
  for (let row = 0; row < 3; row++) {
    const m = camera.worldToView;
    const axis: Vec3 = toCanonical(
      vec3((k) => m[4 * row + k]),
      up,
    );
    worldToView.set([...axis, scale * m[4 * row + 3] - dot(axis, shift)], 4 * row);
  }
  worldToView[15] = 1;
  const factor = Math.min(1, longestSide / Math.max(camera.width, camera.height));
  const [width, height] = [camera.width, camera.height].map((side) => Math.max(1, Math.round(side * factor)));
  const [x, y] = [width / camera.width, height / camera.height];
  return {
    worldToView,
    fx: camera.fx * x,
    fy: camera.fy * y,
    cx: camera.cx * x,
    cy: camera.cy * y,
    width,
    height,
    near: scale * camera.near,
  };
}
