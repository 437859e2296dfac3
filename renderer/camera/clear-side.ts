import { opacityOfLogit } from '../core/drawable.ts';
import { quantile } from '../core/quantile.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { add, cross, dot, norm, normalise, scale, subtract, vec3, type Vec3 } from '../core/vector.ts';
import { LOOKED_AT_FROM_RADII, type SceneBounds } from './scene-bounds.ts';
import { FIRST_ELEVATION_DEGREES } from './view-parameters.ts';

const SIDES = 24;
/** Enough splats to tell what stands in the way. */
const SAMPLES = 5000;
/** A splat hides about the ellipse of so many standard deviations. */
const HIDDEN_DEVIATIONS = 2;
/** A view shows what lies within this angle of its middle. */
const SEEN_COSINE = Math.cos((30 * Math.PI) / 180);

/**
 * The side across up from which a scene shows itself best, where that is not all the same. Unit direction from what is
 * looked at to the camera.
 */
export function clearSide(scene: SplatScene, bounds: SceneBounds, up: Vec3): Vec3 | undefined {
  if (bounds.standpoint !== undefined) return longestWay(scene, bounds.standpoint.centre, sidesAcross(up));
  return bounds.isSurrounded ? leastHidden(scene, bounds, up) : undefined;
}

function sidesAcross(up: Vec3): Vec3[] {
  const first = normalise(cross(up, Math.abs(up[2]) > 0.5 ? [1, 0, 0] : [0, 0, 1]));
  const second = cross(up, first);
  return Array.from({ length: SIDES }, (_, i) => {
    const azimuth = (2 * Math.PI * i) / SIDES;
    return add(scale(first, Math.cos(azimuth)), scale(second, Math.sin(azimuth)));
  });
}

/** In a room, with the back to the nearest wall: the side opposite to which most lies far away. */
function longestWay({ count, positions }: SplatScene, centre: Vec3, sides: readonly Vec3[]): Vec3 {
  const step = Math.max(1, Math.ceil(count / SAMPLES));
  const ways = sides.map((): number[] => []);
  for (let row = 0; row < count; row += step) {
    const offset = subtract([positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]], centre);
    const far = norm(offset);
    sides.forEach((side, i) => {
      if (-dot(side, offset) > SEEN_COSINE * far) ways[i].push(far);
    });
  }
  return sides[indexOfLeast(ways.map((some) => -quantile(Float64Array.from(some), 0.5) || 0))];
}

/**
 * The side from which least stands before a scene's ball: what was photographed in a corner of a room is seen from the
 * room.
 */
function leastHidden(scene: SplatScene, { centre, radius }: SceneBounds, up: Vec3): Vec3 {
  const step = Math.max(1, Math.ceil(scene.count / SAMPLES));
  const elevation = (FIRST_ELEVATION_DEGREES * Math.PI) / 180;
  const sides = sidesAcross(up);
  const hidden = sides.map((side) => {
    const towards = add(scale(side, Math.cos(elevation)), scale(up, Math.sin(elevation)));
    return hiddenFrom(scene, step, { centre, radius }, towards, LOOKED_AT_FROM_RADII * radius);
  });
  const clearest = indexOfLeast(
    sides.map((side) => sides.reduce((sum, other, i) => sum + near(side, other) * hidden[i], 0)),
  );
  return sides[clearest];
}

/** Sides beside one count too, the less the farther they are: the view will be turned. */
function near(side: Vec3, other: Vec3): number {
  return Math.max(0, dot(side, other));
}

function indexOfLeast(values: readonly number[]): number {
  return values.indexOf(values.reduce((a, b) => Math.min(a, b)));
}

/** How much of a ball splats before it hide from an eye, as the sum of their shares of it. */
function hiddenFrom(
  { count, positions, logScales, logitOpacities }: SplatScene,
  step: number,
  { centre, radius }: Pick<SceneBounds, 'centre' | 'radius'>,
  towards: Vec3,
  distance: number,
): number {
  const eye = add(centre, scale(towards, distance));
  const widest = radius / distance;
  let sum = 0;
  for (let row = 0; row < count; row += step) {
    const offset = subtract(eye, [positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]]);
    const depth = dot(offset, towards);
    if (!(depth > 0 && depth < distance - radius)) continue;
    const aside = norm(subtract(offset, scale(towards, depth))) / depth;
    const [, middle, longest] = Float64Array.from(vec3((k) => logScales[3 * row + k])).sort();
    const share = (HIDDEN_DEVIATIONS ** 2 * Math.exp(middle + longest)) / (depth * widest) ** 2;
    const reach = Math.sqrt(share) * widest;
    if (aside < widest + reach) sum += Math.min(1, share) * opacityOfLogit(logitOpacities[row]);
  }
  return sum;
}
