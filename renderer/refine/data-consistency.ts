import { SH_C0 } from '../core/splat-scene.ts';
import type { AttributeArrays } from './attributes.ts';
import { attributesOf, column, splatWidth } from './attributes.ts';
import { addResiduals } from './features.ts';
import type { RenderedView } from './fragment-rasteriser.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';
import type { RenderTarget } from './fragment-renderer.ts';
import { channels, FragmentRenderer, grey, parameter } from './fragment-renderer.ts';
import { ringCamera, viewSize, viewsPerRing } from './ring-cameras.ts';

/** Gradient steps, and the subsets of the views that they take by turns (ordered subsets, Hudson and Larkin 1994). */
const steps = 10;
const usualSubsets = 3;
/** Weight of the high views' error, that of the low ones' being 1. */
const highWeight = 0.2;
/** Added to the curvature: only splats that weigh more than little more than a pixel move at all. */
const damping = { dc: 1.25 * SH_C0 ** 2, opacity: 0.006 } as const;
/** Fragments kept at once, over all views (8 bytes each); a scene that has more of them is compared in fewer views. */
const mostFragments = 24_000_000;
/** Weight in a pixel below which a fragment is left out: no picture changes by it, and they are more than half. */
const smallestWeight = 0.002;
/** Longest step of an opacity logit. */
const longestOpacityStep = 0.5;

const pixels = viewSize * viewSize;
/** Column of each parameter among the features. */
const columns = [column.features_dc, column.features_dc + 1, column.features_dc + 2, column.opacities] as const;

/**
 * Views in the order in which they are taken: both rings by turns, and round them in steps of five (no divisor of their
 * views), so that a few of them look from all sides.
 */
const viewOrder = Array.from(
  { length: 2 * viewsPerRing },
  (_, i) => ({ ring: i % 2 === 0 ? 'consistency' : 'high', view: (Math.floor(i / 2) * 5) % viewsPerRing }) as const,
);

/**
 * Takes the data-consistency step of a learnt solver of an inverse problem: moves base colours and opacity logits of
 * `after`, in place, until the low views look as those of `before`, while the high views stay as those of `after`. What
 * a capture's views show was right before the network, and nothing else is known to be.
 *
 * Minimises the weighted squared error of the renderings by gradient steps with Nesterov's momentum, preconditioned by
 * the diagonal of `FragmentRenderer.addCurvature`. Geometry stays, so fragments are found once.
 * @param before,after (splats, stride) features as for `visibilityFeatures`
 * @param beforeView awaited before each view of each step, with the share that is done
 * @param subsets of the views, of which each step takes one: all of them where it is 1
 */
export async function enforceDataConsistency(
  before: Float32Array,
  after: Float32Array,
  stride: number,
  beforeView: (done: number) => Promise<void>,
  subsets = usualSubsets,
): Promise<void> {
  // Fragments and curvature take all views, the steps together so many times all views.
  const passes = 2 + steps / subsets;
  const report = (pass: number, share: number): Promise<void> => beforeView(Math.min(1, (pass + share) / passes));
  const initial = readParameters(after, stride);
  const renderer = new FragmentRenderer(initial, pixels);
  const targets = await renderTargets(before, after, stride, renderer, (share) => report(0, share));
  const stepSizes = await stepSizesOf(renderer, targets, initial, (share) => report(1, share));
  writeParameters(
    await descend(renderer, inSubsets(targets, subsets), initial, stepSizes, (share) =>
      report(2, (share * steps) / subsets),
    ),
    after,
    stride,
  );
}

/**
 * Moves the residuals of base colours and opacities, in place, by the data-consistency step.
 * @param features (rows, splatWidth) before the residuals
 */
export async function applyDataConsistency(
  features: Float32Array,
  residuals: AttributeArrays,
  shDegree: number,
  beforeView: (done: number) => Promise<void>,
): Promise<void> {
  const stride = splatWidth(shDegree);
  const after = addResiduals(features, residuals, shDegree);
  await enforceDataConsistency(features, after, stride, beforeView);
  for (const { name, column, width } of attributesOf(shDegree)) {
    if (name !== 'opacities' && name !== 'features_dc') continue;
    const values = residuals[name];
    for (let i = 0; i < values.length; i++) {
      const at = Math.floor(i / width) * stride + column + (i % width);
      values[i] = after[at] - features[at];
    }
  }
}

/** Reads (splats, parameter.count) parameters from features. */
function readParameters(features: Float32Array, stride: number): Float32Array {
  const values = new Float32Array((features.length / stride) * parameter.count);
  for (let i = 0; i < values.length; i++)
    values[i] = features[Math.floor(i / parameter.count) * stride + columns[i % parameter.count]];
  return values;
}

/** Writes parameters back to where `readParameters` took them from. */
function writeParameters(values: Float32Array, features: Float32Array, stride: number): void {
  for (let i = 0; i < values.length; i++)
    features[Math.floor(i / parameter.count) * stride + columns[i % parameter.count]] = values[i];
}

/** Finds the fragments of the changed scene in every view, and what each view should show. */
async function renderTargets(
  before: Float32Array,
  after: Float32Array,
  stride: number,
  renderer: FragmentRenderer,
  beforeView: (done: number) => Promise<void>,
): Promise<RenderTarget[]> {
  const [original, changed] = [new FragmentRasteriser(before, stride), new FragmentRasteriser(after, stride)];
  const targets: RenderTarget[] = [];
  let total = 0;
  for (const [done, { ring, view }] of viewOrder.entries()) {
    await beforeView(done / viewOrder.length);
    const camera = ringCamera(ring, view);
    const fragments = changed.listFragments(camera, smallestWeight);
    total += fragments.fragments.length / 2;
    if (total > mostFragments && targets.length > 0) break;
    const held = renderer.hold(fragments);
    // Fragments that were left out are in neither picture, so the target starts from what the list renders.
    const target = renderer.renderInitial(held);
    if (ring === 'consistency') addDifference(target, original.render(camera), fragments.image);
    targets.push(renderer.aim(held, target, ring === 'consistency' ? 1 : highWeight));
  }
  return targets;
}

/** Adds the difference of two views to a target in place. */
function addDifference(target: Float32Array, to: RenderedView, from: RenderedView): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    const transmittance = to.transmittance[pixel] - from.transmittance[pixel];
    for (let c = 0; c < 3; c++)
      target[pixel * channels + c] += to.colour[3 * pixel + c] - from.colour[3 * pixel + c] + grey * transmittance;
    target[pixel * channels + 3] -= grey * transmittance;
  }
}

/** Computes the step size of each parameter, 1 / (curvature + damping). */
async function stepSizesOf(
  renderer: FragmentRenderer,
  targets: readonly RenderTarget[],
  values: Float32Array,
  beforeView: (done: number) => Promise<void>,
): Promise<Float32Array> {
  const curvature = new Float32Array(values.length);
  for (const [index, target] of targets.entries()) {
    await beforeView(index / targets.length);
    renderer.addCurvature(target, values, curvature);
  }
  return curvature.map(
    (value, i) => 1 / (value + (i % parameter.count === parameter.opacity ? damping.opacity : damping.dc)),
  );
}

/** Deals the views out: pairs of both rings by turns, so that each subset looks from all sides. */
function inSubsets(targets: readonly RenderTarget[], subsets: number): RenderTarget[][] {
  const count = Math.max(1, Math.min(subsets, Math.floor(targets.length / 2)));
  return Array.from({ length: count }, (_, subset) =>
    targets.filter((_target, i) => Math.floor(i / 2) % count === subset),
  );
}

/** Takes the gradient steps, each from the point to which the momentum of the last one leads (Nesterov 1983). */
async function descend(
  renderer: FragmentRenderer,
  subsets: readonly (readonly RenderTarget[])[],
  initial: Float32Array,
  stepSizes: Float32Array,
  beforeView: (done: number) => Promise<void>,
): Promise<Float32Array> {
  const [values, previous] = [initial.slice(), initial.slice()];
  const [lookahead, gradient] = [new Float32Array(values.length), new Float32Array(values.length)];
  const views = subsets.reduce((sum, targets) => sum + targets.length, 0);
  for (let step = 0; step < steps; step++) {
    const targets = subsets[step % subsets.length];
    const momentum = step / (step + 3);
    for (let i = 0; i < values.length; i++) lookahead[i] = values[i] + momentum * (values[i] - previous[i]);
    gradient.fill(0);
    for (const [index, target] of targets.entries()) {
      await beforeView((step + index / targets.length) / steps);
      renderer.addGradient(target, lookahead, gradient);
    }
    previous.set(values);
    for (let i = 0; i < values.length; i++) {
      const change = stepSizes[i] * gradient[i] * (views / targets.length);
      const isOpacity = i % parameter.count === parameter.opacity;
      values[i] =
        lookahead[i] - (isOpacity ? Math.min(longestOpacityStep, Math.max(-longestOpacityStep, change)) : change);
    }
  }
  return values;
}
