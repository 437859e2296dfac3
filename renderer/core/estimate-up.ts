import type { SplatScene } from './splat-scene.ts';
import type { UpAxis } from './up-axes.ts';
import { UP_AXES, UP_DIRECTIONS } from './up-axes.ts';
import type { UpColours } from './up-colours.ts';
import { upColours } from './up-colours.ts';
import type { UpSample } from './up-sample.ts';
import { sampleForUp, weightedQuantiles } from './up-sample.ts';
import type { Vec3 } from './vector.ts';

/** What a scene's splats tell of its up axis. */
export interface UpEstimate {
  readonly axis: UpAxis;
  /** How likely that is among the six, 0..1, as measured on made captures. */
  readonly likelihood: number;
  /** The same of each axis; together 1. */
  readonly likelihoods: Readonly<Record<UpAxis, number>>;
  /** `colours`: harmonics tell from where the scene was looked at; `shape`: its places and sizes alone. */
  readonly evidence: 'colours' | 'shape';
}

/** What speaks for an axis being up. */
interface Evidence {
  /** How much farther things reach upwards from the middle splat than downwards, -1..1. */
  readonly skew: number;
  /** The same of the outermost splats: what stands on something ends sharply below. */
  readonly edge: number;
  /** Share of flat splats in the one level that has most of them: the ground. */
  readonly slab: number;
  readonly colours: UpColours;
}

/**
 * Weights of the evidence, of a softmax over the six axes. They were fitted to 138 made captures (rings, arcs, spirals,
 * lone objects and places) that were turned, tilted by up to 20 degrees and robbed of their harmonics.
 */
const WEIGHTS = { skew: 1.76, slab: 17.7, edge: 1.57, lean: 0.77, spread: 2.36, trade: 2.68, tradeLog: 0.085 };

/** What was estimated: scenes never change. */
const estimates = new WeakMap<SplatScene, { readonly estimate: UpEstimate | undefined }>();

/** Height of a level, in radii. */
const LEVEL = 0.03;
/** Splats below which nothing is told. */
const FEWEST = 100;

/**
 * Estimates which axis of a scene is up; undefined where there are too few splats to tell. A scene's few strays do not
 * count, whatever their place, size or opacity.
 */
export function estimateUp(scene: SplatScene): UpEstimate | undefined {
  const known = estimates.get(scene);
  if (known !== undefined) return known.estimate;
  const estimate = estimateAnew(scene);
  estimates.set(scene, { estimate });
  return estimate;
}

function estimateAnew(scene: SplatScene): UpEstimate | undefined {
  const sample = sampleForUp(scene);
  if (sample === undefined || sample.count < FEWEST) return undefined;
  const colours = upColours(sample);
  const scores = ([0, 1, 2] as const).flatMap((axis) => evidenceAlong(sample, axis, colours)).map(scoreOf);
  const highest = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  const likelihoods = Object.fromEntries(
    UP_AXES.map((axis, i) => [axis, Math.exp(scores[i] - highest) / total]),
  ) as Record<UpAxis, number>;
  return {
    axis: UP_AXES[scores.indexOf(highest)],
    likelihood: 1 / total,
    likelihoods,
    evidence: colours === undefined ? 'shape' : 'colours',
  };
}

function scoreOf({ skew, edge, slab, colours: { lean, spread, trade, tradeLog } }: Evidence): number {
  const { skew: a, slab: b, edge: c, lean: d, spread: e, trade: f, tradeLog: g } = WEIGHTS;
  return a * skew + b * slab + c * edge + d * lean + e * spread + f * trade + g * tradeLog;
}

/** The evidence for an axis and for its opposite: what speaks for one speaks against the other, but for the ground. */
function evidenceAlong(
  sample: UpSample,
  axis: 0 | 1 | 2,
  colours: ((direction: Vec3) => UpColours) | undefined,
): [Evidence, Evidence] {
  const { count, positions, weights } = sample;
  const heights = Float64Array.from({ length: count }, (_, i) => positions[3 * i + axis]);
  const [lowest, low, middle, high, highest] = weightedQuantiles(heights, weights, [0.02, 0.1, 0.5, 0.9, 0.98]);
  const [above, below] = [highest - high, low - lowest];
  const skew = highest > lowest ? (highest + lowest - 2 * middle) / (highest - lowest) : 0;
  const edge = above + below > 0 ? (above - below) / (above + below) : 0;
  const slab = slabAlong(sample, heights, axis);
  const none = { lean: 0, spread: 0, trade: 0, tradeLog: 0 };
  const told = (up: UpAxis): UpColours => colours?.(UP_DIRECTIONS[up]) ?? none;
  return [
    { skew, edge, slab, colours: told(UP_AXES[2 * axis]) },
    { skew: -skew, edge: -edge, slab, colours: told(UP_AXES[2 * axis + 1]) },
  ];
}

/** The largest share of flat splats, by area, that face along a direction and lie in two levels side by side. */
function slabAlong({ flatAreas, normals }: UpSample, heights: Float64Array, axis: number): number {
  const lowest = heights.reduce((least, height) => Math.min(least, height), Infinity);
  const highest = heights.reduce((most, height) => Math.max(most, height), -Infinity);
  const levels = new Float64Array(Math.floor((highest - lowest) / LEVEL) + 2);
  let total = 0;
  for (let i = 0; i < heights.length; i++) {
    levels[Math.floor((heights[i] - lowest) / LEVEL)] += flatAreas[i] * normals[3 * i + axis] ** 4;
    total += flatAreas[i];
  }
  let most = 0;
  for (let k = 1; k < levels.length; k++) most = Math.max(most, levels[k - 1] + levels[k]);
  return total > 0 ? most / total : 0;
}
