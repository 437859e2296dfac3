import type { AttributeArrays, AttributeName } from './attributes.ts';
import { attributesOf } from './attributes.ts';
import type { InferenceSession } from './backend.ts';
import type { Block } from './blocks.ts';
import { cutBlocks } from './blocks.ts';
import { cellsOf, gridResolutionFor } from './features.ts';
import { feedsOf } from './feeds.ts';
import type { JobControl } from './job-control.ts';
import type { RefineManifest } from './manifest.ts';
import { depthOfCells } from '../core/curve-codes.ts';
import { planPass } from './plan/plan.ts';
import type { Taps } from './plan/taps.ts';
import type { Observations, RefineInput } from './refine-input.ts';
import { blockFeatures } from './refine-input.ts';
import type { Augmentation } from './test-time-augmentation.ts';
import { accumulateInverse, augment, augmentations, maxAugmentedSplats } from './test-time-augmentation.ts';

/** The grid of a whole scene, and the blocks in which it goes through the network. */
export interface ScenePlan {
  readonly gridResolution: number;
  /** (rows, 3) */
  readonly cells: Int32Array;
  /** Bits an axis of the cells. */
  readonly depth: number;
  readonly blocks: readonly Block[];
}

/** Everything that a run of the network over a scene needs. */
export interface NetworkRun {
  readonly input: RefineInput;
  readonly observations: Observations | null;
  readonly plan: ScenePlan;
  readonly manifest: RefineManifest;
  readonly session: InferenceSession;
  /** Of the session's graph. */
  readonly taps: Taps;
  readonly control: JobControl;
  /** (rows, copies, width) residuals by attribute, zero before the run. */
  readonly values: AttributeArrays;
}

/** Plans the grid and the blocks of a scene. @param maxSplats in one block */
export function planScene(normalized: Float32Array, manifest: RefineManifest, maxSplats: number): ScenePlan {
  const gridResolution = gridResolutionFor(normalized.length / 3, manifest);
  const cells = cellsOf(normalized, gridResolution);
  return { gridResolution, cells, depth: depthOfCells(cells), blocks: cutBlocks(normalized, maxSplats) };
}

/** Runs the network over every block, or over every augmentation of a small scene, and writes the residuals. */
export async function runNetwork(run: NetworkRun): Promise<void> {
  const { input, observations, plan, manifest, control, values } = run;
  const { blocks } = plan;
  const isAugmented = blocks.length === 1 && input.rows.length <= maxAugmentedSplats && manifest.symmetries > 1;
  for (const [index, block] of blocks.entries()) {
    const features = blockFeatures(input, observations, block, manifest);
    if (isAugmented) {
      await runAugmented(run, features, augmentations.slice(0, manifest.symmetries));
      continue;
    }
    const cells = gatherCells(plan.cells, block.rows);
    const answer = await evaluate(run, features, cells, plan.depth, index / blocks.length);
    await control.timed('finish', () => keepCore(answer, block, values, manifest));
  }
}

/** Writes the mean of the network's answers to some augmentations, each transformed back. */
async function runAugmented(run: NetworkRun, features: Float32Array, chosen: readonly Augmentation[]): Promise<void> {
  const { plan, manifest, control, values } = run;
  for (const [index, augmentation] of chosen.entries()) {
    const augmented = augment(features, manifest.inputs, augmentation);
    const cells = cellsOf(positionsOf(augmented.features, manifest.inputs), plan.gridResolution);
    const answer = await evaluate(run, augmented.features, cells, depthOfCells(cells), index / chosen.length);
    await control.timed('finish', () =>
      accumulateInverse(answer, augmented.signs, augmentation, 1 / chosen.length, values),
    );
  }
}

/** Plans and runs one pass; returns the residuals of its rows by attribute. @param done share of the passes */
async function evaluate(
  { manifest, session, taps, control }: NetworkRun,
  features: Float32Array,
  cells: Int32Array,
  depth: number,
  done: number,
): Promise<Record<AttributeName, Float32Array>> {
  await control.checkpoint('plan', done);
  const feeds = await control.timed('plan', () => feedsOf(planPass(cells, depth, manifest), features, manifest, taps));
  await control.checkpoint('network', done);
  return control.timed('network', () => session.run(feeds));
}

/** Copies (n, 3) positions out of (n, stride) features. */
function positionsOf(features: Float32Array, stride: number): Float32Array {
  const length = (3 * features.length) / stride;
  return Float32Array.from({ length }, (_, i) => features[Math.floor(i / 3) * stride + (i % 3)]);
}

function gatherCells(cells: Int32Array, rows: Int32Array): Int32Array {
  if (rows.length * 3 === cells.length) return cells;
  const out = new Int32Array(rows.length * 3);
  for (let i = 0; i < rows.length; i++) out.set(cells.subarray(3 * rows[i], 3 * rows[i] + 3), 3 * i);
  return out;
}

/** Copies the answers of a block's core to the rows of the scene. */
function keepCore(answer: AttributeArrays, block: Block, values: AttributeArrays, manifest: RefineManifest): void {
  for (const { name, width } of attributesOf(manifest.shDegree)) {
    const length = width * manifest.copies;
    const from = answer[name];
    for (const at of block.core)
      values[name].set(from.subarray(at * length, (at + 1) * length), block.rows[at] * length);
  }
}
