import { FragmentRasteriser } from './fragment-rasteriser.ts';
import { ringCamera, viewsPerRing } from './ring-cameras.ts';

/** Weight in pixels against which a splat's weight over lost cover counts. */
const faint = 0.01;
/** Coverage from which a pixel counts as solid at all, and wholly. */
const solid = [0.9, 0.98] as const;
/** Share of all solid cover that is lost from which it was fog, not a surface, and may go. */
const fog = [0.4, 0.6] as const;
/** Share of a splat's weight over lost cover from which its shrinking is held back, and wholly. */
const opened = [0.1, 0.3] as const;

const ramp = (x: number, [from, to]: readonly [number, number]) => Math.min(1, Math.max(0, (x - from) / (to - from)));

/**
 * Looks at the finished picture from above, before and after: (splats) 0..1, how far each splat's shrinking must be
 * held back so that what was
 * solid stays solid. A network that takes floaters away now and then takes a surface for murk.
 * models/training/holes.py's twin.
 * @param before,after (splats, stride) features as for `visibilityFeatures`
 * @param beforeView awaited before each view, with how many are done
 */
export async function coverageGuardWeights(
  before: Float32Array,
  after: Float32Array,
  stride: number,
  beforeView: (done: number) => Promise<void>,
): Promise<Float32Array> {
  const splats = before.length / stride;
  const sums = new Float32Array(splats * 2);
  let [allSolid, allLost] = [0, 0];
  const [first, second] = [new FragmentRasteriser(before, stride), new FragmentRasteriser(after, stride)];
  for (let view = 0; view < viewsPerRing; view++) {
    await beforeView(view);
    const camera = ringCamera('high', view);
    const kept = second.coverage(camera);
    const lostOf = (cover: Float32Array): Float32Array => {
      const lost = new Float32Array(cover.length);
      for (let pixel = 0; pixel < cover.length; pixel++) {
        const weight = ramp(cover[pixel], solid);
        lost[pixel] = Math.max(0, cover[pixel] - kept[pixel]) * weight;
        allSolid += weight;
        allLost += lost[pixel];
      }
      return lost;
    };
    first.accumulateWeighted(camera, lostOf, sums);
  }
  const surface = 1 - ramp(allLost / Math.max(1, allSolid), fog);
  return Float32Array.from(
    { length: splats },
    (_, i) => surface * ramp(sums[2 * i + 1] / (sums[2 * i] + faint), opened),
  );
}
