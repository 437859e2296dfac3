import type { AttributeArrays } from './attributes.ts';
import { splatWidth } from './attributes.ts';
import { addResiduals } from './features.ts';
import type { RenderedView } from './fragment-rasteriser.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';
import { ringCamera, viewsPerRing } from './ring-cameras.ts';

/** Pixels a side of a view: holes that are finer are none. */
const viewSize = 64;
/** Weight in pixels against which a splat's weight over lost coverage counts. */
const priorWeight = 0.01;
/** Coverage from which a pixel counts as solid at all, and wholly. */
const solidCoverage = [0.9, 0.98] as const;
/** Share of all solid coverage that is lost from which it was floaters, not a surface, and may go. */
const floaterShare = [0.4, 0.6] as const;
/** Share of a splat's weight over lost coverage from which its shrinking is held back, and wholly. */
const heldShare = [0.1, 0.3] as const;

const ramp = (x: number, [from, to]: readonly [number, number]) => Math.min(1, Math.max(0, (x - from) / (to - from)));

/**
 * Computes how far each splat's shrinking must be held back, (splats) 0..1, so that what was solid from above stays
 * solid: a network that removes floaters now and then takes a surface for one.
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
  // Per splat: its weight, and its weight over lost coverage.
  const sums = new Float32Array(splats * 2);
  let [solid, lost] = [0, 0];
  const [rasteriserBefore, rasteriserAfter] = [
    new FragmentRasteriser(before, stride),
    new FragmentRasteriser(after, stride),
  ];
  for (let view = 0; view < viewsPerRing; view++) {
    await beforeView(view);
    const camera = ringCamera('high', view, viewSize);
    const coverageAfter = rasteriserAfter.coverage(camera);
    const lostCoverage = ({ transmittance }: RenderedView): Float32Array => {
      const coverage = transmittance.map((light) => 1 - light);
      const losses = new Float32Array(coverage.length);
      for (let pixel = 0; pixel < coverage.length; pixel++) {
        const solidity = ramp(coverage[pixel], solidCoverage);
        losses[pixel] = Math.max(0, coverage[pixel] - coverageAfter[pixel]) * solidity;
        solid += solidity;
        lost += losses[pixel];
      }
      return losses;
    };
    rasteriserBefore.accumulateWeighted(camera, lostCoverage, sums);
  }
  const surface = 1 - ramp(lost / Math.max(1, solid), floaterShare);
  return Float32Array.from(
    { length: splats },
    (_, i) => surface * ramp(sums[2 * i + 1] / (sums[2 * i] + priorWeight), heldShare),
  );
}

/**
 * Holds back, in place, the shrinking log-scales and falling opacities of splats whose going would open a hole in what
 * was solid.
 * @param features (rows, splatWidth) before the residuals
 */
export async function applyCoverageGuard(
  features: Float32Array,
  residuals: AttributeArrays,
  shDegree: number,
  beforeView: (done: number) => Promise<void>,
): Promise<void> {
  const after = addResiduals(features, residuals, shDegree);
  const weights = await coverageGuardWeights(features, after, splatWidth(shDegree), beforeView);
  for (const [values, width] of [
    [residuals.scales, 3],
    [residuals.opacities, 1],
  ] as const) {
    for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] *= 1 - weights[Math.floor(i / width)];
  }
}
