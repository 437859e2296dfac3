import { sceneBody } from '../core/body.ts';
import { SplatError } from '../core/errors.ts';
import { quantile } from '../core/quantile.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { Vec3 } from '../core/vector.ts';
import type { HeldScene } from './held-scene.ts';
import { originNotes, splats } from './held-scene.ts';
import { SPZ_FRACTIONAL_BITS, SPZ_LOG_SCALES, spzLimit } from './write-spz.ts';

/** Places are kept to this share of the median splat's size. */
const PLACE_SHARE = 1 / 16;
/** And to this share at the least, where the scene lies so far from the origin that finer steps don't fit. */
const COARSEST_SHARE = 1;
const MOST_FRACTIONAL_BITS = 23;
/** This share of the splats sets the range; the rest are too few to make all others less exact. */
const RANGE_SHARE = 0.95;
/** Just within the range, so that no rounding leaves it. */
const WITHIN = 1 - 2 ** -20;

/** How SPZ holds a scene: how fine its fixed point is, and what that and its byte for sizes can't hold. */
export interface HeldInSpz extends HeldScene {
  readonly fractionalBits: number;
}

/**
 * Fits a scene of drawable splats to SPZ: 24 bits for a coordinate and one byte for a size. The fixed point follows the
 * size of the splats, so that scenes of thousandths keep their places; few splats beyond its range are brought nearer
 * along the line from the middle of the scene, and made smaller by as much, so that from there they look as they did.
 * @throws SplatError `unsupported-feature` where places or sizes would be lost for most splats
 */
export function holdInSpz(scene: SplatScene): HeldInSpz {
  const { splatSize, centre } = sceneBody(scene) ?? { splatSize: 1, centre: [0, 0, 0] };
  assertSizes(scene, splatSize);
  const fractionalBits = fractionalBitsFor(scene, splatSize);
  const near = bringNear(scene, spzLimit(fractionalBits) * WITHIN, centre);
  const notes = [...near.notes, ...sizeNotes(scene), ...originNotes(scene, 'SPZ')];
  return { fractionalBits, scene: near.scene, notes };
}

function fractionalBitsFor(scene: SplatScene, size: number): number {
  const wanted = Math.ceil(Math.log2(1 / (PLACE_SHARE * size)));
  let bits = Math.min(MOST_FRACTIONAL_BITS, Math.max(SPZ_FRACTIONAL_BITS, wanted));
  const reaches = Float64Array.from({ length: scene.count }, (_, row) => reachOf(scene, row));
  const reach = quantile(reaches, RANGE_SHARE);
  while (bits > 0 && reach >= spzLimit(bits) * WITHIN) bits--;
  if (reach >= spzLimit(bits) * WITHIN || 2 ** -bits > COARSEST_SHARE * size)
    throw new SplatError(
      'unsupported-feature',
      `SPZ can't hold ${scene.meta.name}: its splats are too small for how far they lie from the origin.`,
      'Move the scene to the origin, or save as PLY instead.',
    );
  return bits;
}

/** Largest of a splat's coordinates, without sign. */
function reachOf({ positions }: SplatScene, row: number): number {
  return Math.max(Math.abs(positions[3 * row]), Math.abs(positions[3 * row + 1]), Math.abs(positions[3 * row + 2]));
}

function bringNear(scene: SplatScene, limit: number, centre: Vec3): HeldScene {
  const far: number[] = [];
  for (let row = 0; row < scene.count; row++) if (reachOf(scene, row) > limit) far.push(row);
  if (far.length === 0) return { scene, notes: [] };
  const positions = scene.positions.slice();
  const logScales = scene.logScales.slice();
  for (const row of far) {
    // Where the line from the centre leaves the range.
    let share = 1;
    for (let k = 0; k < 3; k++) {
      const way = positions[3 * row + k] - centre[k];
      if (Math.abs(positions[3 * row + k]) > limit) share = Math.min(share, (Math.sign(way) * limit - centre[k]) / way);
    }
    for (let k = 0; k < 3; k++) {
      const moved = centre[k] + share * (positions[3 * row + k] - centre[k]);
      positions[3 * row + k] = Math.max(-limit, Math.min(limit, moved));
      logScales[3 * row + k] += Math.log(share);
    }
  }
  return {
    scene: { ...scene, positions, logScales },
    notes: [
      `${splats(far.length)} beyond ${inDigits(limit, 4)} units, where SPZ ends for this scene, ` +
        (far.length === 1
          ? 'stands nearer and is smaller, so that it looks the same from the middle of the scene.'
          : 'stand nearer and are smaller, so that they look the same from the middle of the scene.'),
    ],
  };
}

function assertSizes(scene: SplatScene, size: number): void {
  const [smallest, largest] = SPZ_LOG_SCALES;
  const isSmall = size < Math.exp(smallest);
  if (!isSmall && size <= Math.exp(largest)) return;
  const limit = isSmall ? `smaller than ${unitsOf(smallest)}` : `larger than ${unitsOf(largest)}`;
  throw new SplatError(
    'unsupported-feature',
    `SPZ can't hold ${scene.meta.name}: most of its splats are ${limit} units.`,
    `Scale the scene ${isSmall ? 'up' : 'down'}, or save as PLY instead.`,
  );
}

function sizeNotes({ logScales, count }: SplatScene): string[] {
  const [smallest, largest] = SPZ_LOG_SCALES;
  let [small, large] = [0, 0];
  for (let row = 0; row < count; row++) {
    const size = Math.max(logScales[3 * row], logScales[3 * row + 1], logScales[3 * row + 2]);
    if (size < smallest) small++;
    if (size > largest) large++;
  }
  return [
    ...(small > 0 ? [`${splats(small)} smaller than SPZ holds became ${unitsOf(smallest)} units large.`] : []),
    ...(large > 0 ? [`${splats(large)} larger than SPZ holds became ${unitsOf(largest)} units large.`] : []),
  ];
}

function unitsOf(logScale: number): string {
  return inDigits(Math.exp(logScale), 2);
}

/** A number of so many digits as people write it: without a power of ten. */
function inDigits(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
