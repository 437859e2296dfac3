import type { CameraParameters } from '../core/camera-parameters.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import type { AttributeArrays } from './attributes.ts';
import { attributesOf, column } from './attributes.ts';
import type { RenderedView } from './fragment-rasteriser.ts';
import { FragmentRasteriser } from './fragment-rasteriser.ts';
import type { RenderTarget } from './fragment-renderer.ts';
import { channels, FragmentRenderer, grey, parameter } from './fragment-renderer.ts';
import { ringCamera, viewSize, viewsPerRing } from './ring-cameras.ts';

/** Gradient steps, and the subsets of the views that they take by turns (ordered subsets, Hudson and Larkin 1994). */
const steps = 10;
const usualSubsets = 3;
/** Low views of a subset, where there are more: steps towards fewer lead away from the others. */
const fewestInSubset = 4;
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

/** A scene before and after, of which some splats may be moved. All arrays are in the network's units. */
export interface Restoration {
  /** (splats, stride) features of all that is drawn, as for `visibilityFeatures`. */
  readonly before: Float32Array;
  /** The same after the network. */
  readonly after: Float32Array;
  readonly stride: number;
  /** Rows of both that may move. */
  readonly changed: Int32Array;
  /** Square views of `viewSize` in which the scene was right before; together they count as much as a ring. */
  readonly lowViews: readonly CameraParameters[];
}

/**
 * Takes the data-consistency step of a learnt solver of an inverse problem: moves base colours and opacity logits of
 * `after`, in place, until the low views look as those of `before`, while the high views stay as those of `after`. What
 * a capture's views show was right before the network, and nothing else is known to be.
 *
 * Minimises the weighted squared error of the renderings by gradient steps with Nesterov's momentum, preconditioned by
 * the diagonal of `FragmentRenderer.addCurvature`. Geometry stays, so fragments are found once.
 * @param beforeView awaited before each view of each step, with the share that is done
 * @param subsets of the views, of which each step takes one: all of them where it is 1
 */
export async function enforceDataConsistency(
  { before, after, stride, changed, lowViews }: Restoration,
  beforeView: (done: number) => Promise<void>,
  subsets = usualSubsets,
): Promise<void> {
  // Fragments and curvature take all views, the steps together so many times all views.
  const passes = 2 + steps / subsets;
  const report = (pass: number, share: number): Promise<void> => beforeView(Math.min(1, (pass + share) / passes));
  const initial = readParameters(after, stride);
  const renderer = new FragmentRenderer(initial, pixels);
  const views = viewsToCompare(lowViews);
  const targets = await renderTargets({ before, after, stride }, views, renderer, (share) => report(0, share));
  const stepSizes = await stepSizesOf(renderer, targets, initial, changed, (share) => report(1, share));
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
 * @param scene before the residuals; what of it is not changed takes part in the views as it is
 */
export async function applyDataConsistency(
  { before, stride, changed, lowViews }: Omit<Restoration, 'after'>,
  residuals: AttributeArrays,
  shDegree: number,
  beforeView: (done: number) => Promise<void>,
): Promise<void> {
  const after = before.slice();
  for (const { name, column, width } of attributesOf(shDegree)) {
    const drawn = Math.min(width, stride - column);
    for (let i = 0; i < changed.length; i++)
      for (let k = 0; k < drawn; k++) after[changed[i] * stride + column + k] += residuals[name][i * width + k];
  }
  await enforceDataConsistency({ before, after, stride, changed, lowViews }, beforeView);
  for (const { name, column, width } of attributesOf(shDegree)) {
    if (name !== 'opacities' && name !== 'features_dc') continue;
    for (let i = 0; i < changed.length; i++) {
      const at = changed[i] * stride + column;
      for (let k = 0; k < width; k++) residuals[name][i * width + k] = after[at + k] - before[at + k];
    }
  }
}

/** Views of each kind as they are compared. */
interface Targets {
  readonly low: RenderTarget[];
  readonly high: RenderTarget[];
}

interface ComparedView {
  readonly camera: CameraParameters;
  /** Whether it is to look as before; else as after. */
  readonly isLow: boolean;
  readonly weight: number;
}

/**
 * Views in the order in which they are taken: low and high ones by turns, and round each kind in steps of five (no
 * divisor of a ring's views), so that a few of them look from all sides.
 */
function viewsToCompare(low: readonly CameraParameters[]): ComparedView[] {
  return Array.from({ length: viewsPerRing }, (_, i) => (i * 5) % viewsPerRing).flatMap((view) => [
    ...(view < low.length ? [{ camera: low[view], isLow: true, weight: viewsPerRing / low.length }] : []),
    { camera: ringCamera('high', view), isLow: false, weight: highWeight },
  ]);
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
  { before, after, stride }: Pick<Restoration, 'before' | 'after' | 'stride'>,
  views: readonly ComparedView[],
  renderer: FragmentRenderer,
  beforeView: (done: number) => Promise<void>,
): Promise<Targets> {
  const [original, changed] = [new FragmentRasteriser(before, stride), new FragmentRasteriser(after, stride)];
  const targets: Targets = { low: [], high: [] };
  let total = 0;
  for (const [done, { camera, isLow, weight }] of views.entries()) {
    await beforeView(done / views.length);
    const fragments = changed.listFragments(camera, smallestWeight);
    total += fragments.fragments.length / 2;
    if (total > mostFragments && targets.low.length > 0) break;
    const held = renderer.hold(fragments);
    // Fragments that were left out are in neither picture, so the target starts from what the list renders.
    const target = renderer.renderInitial(held);
    if (isLow) addDifference(target, original.render(camera), fragments.image);
    targets[isLow ? 'low' : 'high'].push(renderer.aim(held, target, weight));
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

/** Computes the step size of each parameter, 1 / (curvature + damping), and 0 for what may not change. */
async function stepSizesOf(
  renderer: FragmentRenderer,
  { low, high }: Targets,
  values: Float32Array,
  changed: Int32Array,
  beforeView: (done: number) => Promise<void>,
): Promise<Float32Array> {
  const curvature = new Float32Array(values.length);
  const targets = [...low, ...high];
  for (const [index, target] of targets.entries()) {
    await beforeView(index / targets.length);
    renderer.addCurvature(target, values, curvature);
  }
  const sizes = new Float32Array(values.length);
  for (const splat of changed)
    for (let k = 0; k < parameter.count; k++) {
      const at = splat * parameter.count + k;
      sizes[at] = 1 / (curvature[at] + (k === parameter.opacity ? damping.opacity : damping.dc));
    }
  return sizes;
}

/** Deals the views out, each kind by itself, so that each subset looks from all sides. */
function inSubsets({ low, high }: Targets, subsets: number): RenderTarget[][] {
  const count = Math.max(1, Math.min(subsets, Math.floor(low.length / fewestInSubset)));
  return Array.from({ length: count }, (_, subset) =>
    [low, high].flatMap((targets) => targets.filter((_target, i) => i % count === subset)),
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
