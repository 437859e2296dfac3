import { cameraCentre, type CameraParameters } from './camera-parameters.ts';
import { isDrawable, opacityOfLogit } from './drawable.ts';
import { nearDistanceFor } from './near-distance.ts';
import { rotationMatrix } from './quaternion.ts';
import { LARGEST_ALPHA, LOW_PASS, SMALLEST_ALPHA } from './reference-render.ts';
import type { SplatScene } from './splat-scene.ts';
import { dot, subtract, vec3, type Vec3 } from './vector.ts';

/** A pixel that the scene covers less than this can't be told from nothing. */
const LEAST_COVER = 0.1;
/** A pointer misses what it is meant for by so many pixels. */
const POINTER_DEVIATION = 3;
/** Beyond so many standard deviations even an opaque splat is fainter than the least alpha that is drawn. */
const REACH_DEVIATIONS = 3.4;

/** A splat that is seen at a pixel. */
export interface SeenSplat {
  readonly index: number;
  /** Where on the pixel's ray the splat is densest, world units. */
  readonly point: Vec3;
}

interface Met {
  readonly index: number;
  readonly depth: number;
  readonly alpha: number;
  /** Depth of the point where the splat is densest. */
  readonly densest: number;
}

/**
 * The splat that adds most to a pixel of the picture, beyond the camera's near distance; where next to nothing is drawn
 * there, one that a pointer may have missed by a little. Splats count by their density along the pixel's ray, which is
 * their picture but for perspective.
 */
export function splatSeenAt(
  scene: SplatScene,
  camera: CameraParameters,
  pixelX: number,
  pixelY: number,
): SeenSplat | undefined {
  const seenWith = (deviation: number) => mostSeen(scene, camera, pixelX, pixelY, deviation);
  return seenWith(Math.sqrt(LOW_PASS)) ?? seenWith(POINTER_DEVIATION);
}

/** @param deviation by which splats are blurred, in pixels */
function mostSeen(
  scene: SplatScene,
  camera: CameraParameters,
  pixelX: number,
  pixelY: number,
  deviation: number,
): SeenSplat | undefined {
  const { worldToView: m, fx, fy, cx, cy } = camera;
  const eye = cameraCentre(m);
  const [right, down] = [(pixelX - cx) / fx, (pixelY - cy) / fy];
  // A step along it goes one unit deeper.
  const ray = vec3((k) => m[k] * right + m[4 + k] * down + m[8 + k]);
  let through = 1;
  let best: Met | undefined;
  let mostAdded = 0;
  for (const met of splatsOnRay(scene, camera, eye, ray, deviation / fx)) {
    const added = through * met.alpha;
    through -= added;
    if (added <= mostAdded) continue;
    mostAdded = added;
    best = met;
  }
  if (best === undefined || 1 - through < LEAST_COVER) return undefined;
  const { index, densest } = best;
  return { index, point: vec3((k) => eye[k] + densest * ray[k]) };
}

/**
 * The splats that a ray goes through, nearest centre first.
 * @param wideningPerDepth deviation that is added to each of theirs, a unit away from the eye
 */
function splatsOnRay(
  scene: SplatScene,
  camera: CameraParameters,
  eye: Vec3,
  ray: Vec3,
  wideningPerDepth: number,
): Met[] {
  const { count, positions, logScales } = scene;
  const { worldToView: m, near = nearDistanceFor(scene) } = camera;
  const raySquared = dot(ray, ray);
  const met: Met[] = [];
  for (let i = 0; i < count; i++) {
    const [x, y, z] = [positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]];
    const depth = m[8] * x + m[9] * y + m[10] * z + m[11];
    // A NaN compares false, so a splat without a place is never met.
    if (!(depth > near)) continue;
    const [ox, oy, oz] = [x - eye[0], y - eye[1], z - eye[2]];
    const along = ox * ray[0] + oy * ray[1] + oz * ray[2];
    const offSquared = ox * ox + oy * oy + oz * oz - (along * along) / raySquared;
    const largest = Math.exp(Math.max(logScales[3 * i], logScales[3 * i + 1], logScales[3 * i + 2]));
    const widening = wideningPerDepth * depth;
    if (offSquared > (REACH_DEVIATIONS * (largest + widening)) ** 2 || !isDrawable(scene, i)) continue;
    const { distanceSquared, densest } = nearestOnRay(scene, i, eye, ray, widening);
    const opacity = opacityOfLogit(scene.logitOpacities[i]);
    const alpha = Math.min(LARGEST_ALPHA, opacity * Math.exp(-0.5 * distanceSquared));
    if (alpha >= SMALLEST_ALPHA && densest > 0) met.push({ index: i, depth, alpha, densest });
  }
  return met.sort((a, b) => a.depth - b.depth);
}

/** Where a ray comes nearest to a splat's centre, by the splat's own deviations, each of which the pixel widens. */
function nearestOnRay(
  { positions, quats, logScales }: SplatScene,
  index: number,
  eye: Vec3,
  ray: Vec3,
  widening: number,
): { readonly distanceSquared: number; readonly densest: number } {
  const [w, x, y, z] = quats.subarray(4 * index, 4 * index + 4);
  const length = Math.hypot(w, x, y, z);
  const r = rotationMatrix([w / length, x / length, y / length, z / length]);
  const offset = subtract(eye, [positions[3 * index], positions[3 * index + 1], positions[3 * index + 2]]);
  const inDeviations = (v: Vec3): Vec3 =>
    vec3(
      (k) =>
        (r[k] * v[0] + r[3 + k] * v[1] + r[6 + k] * v[2]) / Math.hypot(Math.exp(logScales[3 * index + k]), widening),
    );
  const [from, step] = [inDeviations(offset), inDeviations(ray)];
  const densest = -dot(from, step) / dot(step, step);
  const nearest = vec3((k) => from[k] + densest * step[k]);
  return { distanceSquared: dot(nearest, nearest), densest };
}
