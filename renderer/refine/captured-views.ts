import type { CameraParameters } from '../core/camera-parameters.ts';
import { rigidWorldToView } from '../core/camera-parameters.ts';
import type { Vec3 } from '../core/vector.ts';
import { add, cross, normalise, scale } from '../core/vector.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';
import { fibonacciDirection } from '../core/directions.ts';
import type { Ball } from '../core/subject.ts';

/** Directions that are tried, spread over the whole sphere. */
const candidateViews = 64;
/** Height of the lowest of them over the subject's middle, as a sine: nobody's camera stands under the ground. */
const lowestDirection = -0.5;
/** Directions from which the space around the subject is looked at. */
const surroundingViews = 12;
/** Pixels a side of a view that is tried, and of one that is given back. */
const candidateSize = 48;
const viewSize = 112;
/** From the subject's centre, in its radii. */
export const viewDistance = 2.3;
/** Focal lengths in widths of the picture: what is tried shows what stands around the subject, too. */
const candidateFocal = 0.8;
const viewFocal = 1;
/** A view counts as captured up to this many times the sharpest views' angular size. */
const blurred = 1.4;
/** The sharpest views' angular size is that of this many from the best: one may be an accident. */
const sharpestRank = 3;
/** Of the best covered view's cover that a captured view has at least. */
const leastCover = 0.95;
/** The part of the picture beyond the subject, in subject radii from the line to its centre. */
const beyond = 1.15;
/** A splat counts as at most this large, and at least this far away, in radians and in world units of the features. */
const largestAngle = 1;

/** What a view from one direction shows. */
export interface TriedView {
  readonly direction: Vec3;
  /** Mean angular size of what is seen, in radians of its largest axis: small where photos held what is seen. */
  readonly angularSize: number;
  /** Mean coverage of all pixels, 0..1. */
  readonly cover: number;
}

/**
 * Looks at a scene's subject from all sides where cameras can stand, z up: from under the ground, what lies on it is as
 * fine as from above, and nothing is in the way. A fit makes whatever photos saw of splats that are fine in those
 * photos, and leaves the space in front of their cameras free; from elsewhere coarse and near splats stand before the
 * subject. So the angular size of what is seen is least where cameras stood.
 * @param features (splats, stride) the whole scene as for `visibilityFeatures`
 * @param subject in the features' units
 * @param beforeView awaited before each view, with the share that is done
 */
export async function tryViews(
  features: Float32Array,
  stride: number,
  subject: Ball,
  beforeView: (share: number) => Promise<void>,
): Promise<TriedView[]> {
  const rasteriser = new FragmentRasteriser(features, stride);
  const lengths = largestAxes(features, stride);
  const sums = new Float32Array(2 * lengths.length);
  const tried: TriedView[] = [];
  const directions = directionsAround(candidateViews).filter(([, , z]) => z >= lowestDirection);
  for (const [i, direction] of directions.entries()) {
    await beforeView(i / directions.length);
    const camera = viewFrom(subject, direction, candidateSize, candidateFocal);
    let coverage: Float32Array = new Float32Array(0);
    sums.fill(0);
    rasteriser.accumulateWeighted(
      camera,
      ({ transmittance }) => (coverage = transmittance.map((light) => 1 - light)),
      sums,
    );
    const cover = coverage.reduce((sum, value) => sum + value, 0) / coverage.length;
    tried.push({ direction, angularSize: angularSizeOf(features, stride, lengths, camera, sums), cover });
  }
  return tried;
}

/**
 * Mean coverage of what stands beyond the subject, over views from all sides: 0 around a lone object in empty space.
 * @param beforeView awaited before each view, with the share that is done
 */
export async function surroundingCover(
  features: Float32Array,
  stride: number,
  subject: Ball,
  beforeView: (share: number) => Promise<void>,
): Promise<number> {
  const rasteriser = new FragmentRasteriser(features, stride);
  let sum = 0;
  for (let i = 0; i < surroundingViews; i++) {
    await beforeView(i / surroundingViews);
    const camera = viewFrom(subject, fibonacciDirection(i, surroundingViews), candidateSize, candidateFocal);
    sum += coverBeyond(rasteriser.coverage(camera));
  }
  return sum / surroundingViews;
}

/**
 * The directions from which a scene was captured, as far as its own sharpness tells: at least one. Where no sharp view
 * is covered as well as some blurred one, all sharp views count, as a scene without views could not be proved.
 */
export function capturedDirections(tried: readonly TriedView[]): Vec3[] {
  const sizes = tried.map(({ angularSize }) => angularSize).sort((a, b) => a - b);
  const sharp = blurred * sizes[Math.min(sharpestRank, sizes.length - 1)];
  const covered = leastCover * Math.max(...tried.map(({ cover }) => cover));
  const sharpViews = tried.filter(({ angularSize }) => angularSize <= sharp);
  const wholeViews = sharpViews.filter(({ cover }) => cover >= covered);
  return (wholeViews.length > 0 ? wholeViews : sharpViews).map(({ direction }) => direction);
}

/** A camera that looks at the subject's centre from a direction. */
export function viewFrom(
  { centre, radius }: Ball,
  direction: Vec3,
  size = viewSize,
  focal = viewFocal,
): CameraParameters {
  const forward = scale(direction, -1);
  const aside: Vec3 = Math.abs(direction[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const right = normalise(cross(forward, aside));
  const down = cross(forward, right);
  const position = add(centre, scale(direction, viewDistance * radius));
  return {
    worldToView: rigidWorldToView([right, down, forward], position),
    fx: focal * size,
    fy: focal * size,
    cx: size / 2,
    cy: size / 2,
    width: size,
    height: size,
  };
}

/** Directions all around, of equal density over the sphere. */
export function directionsAround(count: number): Vec3[] {
  return Array.from({ length: count }, (_, i) => fibonacciDirection(i, count));
}

function largestAxes(features: Float32Array, stride: number): Float32Array {
  return Float32Array.from({ length: features.length / stride }, (_, i) =>
    Math.exp(Math.max(features[i * stride + 3], features[i * stride + 4], features[i * stride + 5])),
  );
}

/** @param sums (splats, 2) of which the first number is a splat's weight in the view */
function angularSizeOf(
  features: Float32Array,
  stride: number,
  lengths: Float32Array,
  { worldToView: v }: CameraParameters,
  sums: Float32Array,
): number {
  let [total, sized] = [0, 0];
  for (let i = 0; i < lengths.length; i++) {
    const weight = sums[2 * i];
    if (weight === 0) continue;
    const at = i * stride;
    const depth = v[8] * features[at] + v[9] * features[at + 1] + v[10] * features[at + 2] + v[11];
    total += weight;
    sized += weight * Math.min(largestAngle, lengths[i] / depth);
  }
  return total === 0 ? Infinity : sized / total;
}

/** Mean coverage of a view's pixels whose rays pass by the subject. */
function coverBeyond(coverage: Float32Array): number {
  let [sum, pixels] = [0, 0];
  for (let pixel = 0; pixel < coverage.length; pixel++) {
    const dx = (pixel % candidateSize) + 0.5 - candidateSize / 2;
    const dy = Math.floor(pixel / candidateSize) + 0.5 - candidateSize / 2;
    const slope = Math.hypot(dx, dy) / (candidateFocal * candidateSize);
    if ((viewDistance * slope) / Math.sqrt(1 + slope * slope) < beyond) continue;
    sum += coverage[pixel];
    pixels++;
  }
  return sum / pixels;
}
