import { SplatError, throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape } from '../core/splat-scene.ts';
import type { AttributeName } from './attributes.ts';
import { attributes, attributesOf, splatWidth } from './attributes.ts';
import type { InferenceBackend, InferenceSession } from './backend.ts';
import type { Block } from './blocks.ts';
import { cutBlocks } from './blocks.ts';
import type { Normalization } from './features.ts';
import {
  cellsOf,
  refinableRows,
  gridResolutionFor,
  normalizationOf,
  normalizedPositions,
  writeFeatures,
} from './features.ts';
import { feedsOf } from './feeds.ts';
import type { RefineManifest } from './manifest.ts';
import type { RefineModel } from './model.ts';
import { depthOfCells } from './plan/codes.ts';
import { softThreshold } from './soft-threshold.ts';
import { coverageGuardWeights } from './coverage-guard.ts';
import { planPass } from './plan/plan.ts';
import type { RefineResiduals } from './residuals.ts';
import { applyResiduals } from './residual-blend.ts';
import { enforceDataConsistency } from './data-consistency.ts';
import { fromCanonicalFrame, resolveUp, toCanonicalFrame } from './canonical-frame.ts';
import type { Up } from './canonical-frame.ts';
import { accumulateInverse, augment, maxAugmentedSplats, augmentations } from './test-time-augmentation.ts';
import { observationWeights, visibilityFeatures, visibilityViewCount, visibilityWidth } from './visibility.ts';
import { viewsPerRing } from './ring-cameras.ts';

export interface RefineOptions extends JobOptions {
  /** Factor on every residual, 1 by default. */
  readonly strength?: number;
  /** What is up, for a network that looks at the scene from around its vertical; see `resolveUp`. */
  readonly up?: Up | undefined;
  /** Splats in one pass instead of the model's own figure; larger scenes go in overlapping blocks. */
  readonly maxSplats?: number;
  /** Soft thresholds of the residuals instead of the model's own. */
  readonly noiseFloor?: RefineManifest['noiseFloor'] | undefined;
  /** Awaited between stages and blocks: holding it pauses the job. */
  readonly gate?: () => Promise<void>;
}

export interface ResidualStatistics {
  readonly meanAbsolute: number;
  readonly maxAbsolute: number;
}

export interface RefineReport {
  /** Splats of the input scene. */
  readonly splats: number;
  /** Splats of the input that went through the network. */
  readonly refined: number;
  /** Splats with a NaN or infinity, and those that the viewer does not draw (see `isDrawable`), copied untouched. */
  readonly invalidPassedThrough: number;
  /** Splats of the answer. */
  readonly outputSplats: number;
  readonly blocks: number;
  readonly gridResolution: number;
  /** What was taken for up; null where it makes no difference. */
  readonly up: Up | null;
  /** Neither the caller nor the file told that axis. */
  readonly upIsAssumed: boolean;
  readonly model: string;
  readonly backend: InferenceBackend['kind'];
  /** Wall-clock time by stage. `load` is 0 when the backend already held the model. */
  readonly milliseconds: {
    readonly load: number;
    readonly sight: number;
    readonly plan: number;
    readonly network: number;
    readonly check: number;
    readonly finish: number;
    readonly total: number;
  };
  /** Size of the residuals at strength 1, world units for means, by attribute. */
  readonly residuals: Readonly<Partial<Record<AttributeName, ResidualStatistics>>>;
}

export interface RefineResult {
  readonly scene: SplatScene;
  readonly report: RefineReport;
  readonly residuals: RefineResiduals;
}

/** Networks that a backend has loaded, by model: making a session takes seconds at the published widths. */
const sessions = new WeakMap<InferenceBackend, WeakMap<RefineModel, Promise<InferenceSession>>>();

function sessionFor(backend: InferenceBackend, model: RefineModel): Promise<InferenceSession> {
  const held = sessions.get(backend) ?? new WeakMap<RefineModel, Promise<InferenceSession>>();
  sessions.set(backend, held);
  let session = held.get(model);
  if (session === undefined) {
    session = backend.createSession(model.onnx, model.weights);
    held.set(model, session);
    session.catch(() => held.delete(model));
  }
  return session;
}

/** Gives back what a backend holds for a model; refining with it again loads it anew. No job may be using it. */
export async function releaseModel(backend: InferenceBackend, model: RefineModel): Promise<void> {
  const session = sessions.get(backend)?.get(model);
  sessions.get(backend)?.delete(model);
  await (await session)?.release();
}

/** Work this long is done before messages and signals are let in: a timer may cost a browser 4 ms. */
const BREATH_MS = 30;

/** Lets messages and signals in before the next stretch of work. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Refines a scene with a model: SplatFormer's one pass (Chen et al., ICLR 2025), or AnchorSplat's. Returns a new scene.
 *
 * The whole scene is normalised once, also when it goes in blocks, so a splat means the same to the network in every
 * block.
 * Cancelling takes effect between stages and blocks; a run of ONNX Runtime itself can't be interrupted (the page's
 * client ends the worker for that).
 * Throws `empty-scene`, `cancelled`, `out-of-memory`, `gpu-error`, `model-invalid`.
 */
export async function refineScene(
  scene: SplatScene,
  model: RefineModel,
  backend: InferenceBackend,
  options: RefineOptions = {},
): Promise<RefineResult> {
  const { manifest } = model;
  const started = performance.now();
  const time = { load: 0, sight: 0, plan: 0, network: 0, check: 0, finish: 0 };
  let breathedMs = -Infinity;
  const progress = async (stage: string, fraction: number): Promise<void> => {
    options.onProgress?.({ stage, fraction });
    if (performance.now() - breathedMs >= BREATH_MS) {
      await breathe();
      breathedMs = performance.now();
    }
    await options.gate?.();
    throwIfAborted(options.signal, 'Refining');
  };
  const clock = async <T>(stage: keyof typeof time, job: () => T | Promise<T>): Promise<T> => {
    const from = performance.now();
    try {
      return await job();
    } finally {
      time[stage] += performance.now() - from;
    }
  };

  throwIfAborted(options.signal, 'Refining');
  assertSceneShape(scene);
  const rows = refinableRows(scene);
  if (rows.length === 0)
    throw new SplatError(
      'empty-scene',
      `The scene can't be refined: ${scene.count === 0 ? 'it has no splats' : 'none of its splats can be drawn'}.`,
    );
  const up = manifest.sight ? resolveUp(scene, options.up) : null;
  const standing = up === null ? scene : await inMemory(scene.count, () => toCanonicalFrame(scene, up));
  const normalization = normalizationOf(standing.positions, rows, manifest.normalization);
  const normalized = normalizedPositions(standing.positions, rows, normalization);
  const sight = manifest.sight
    ? await clock('sight', () =>
        inMemory(rows.length, () => look(standing, rows, normalized, normalization, manifest, progress)),
      )
    : null;
  await progress('plan', 0);
  const prepared = await clock('plan', () => {
    const gridResolution = gridResolutionFor(rows.length, manifest);
    const cells = cellsOf(normalized, gridResolution);
    return {
      gridResolution,
      cells,
      depth: depthOfCells(cells),
      blocks: cutBlocks(normalized, options.maxSplats ?? manifest.maxSplats),
    };
  });
  const values = await inMemory(rows.length * manifest.copies, () => allocate(manifest, rows.length));
  const session = await clock('load', () => sessionFor(backend, model));

  const { blocks } = prepared;
  const ask = async (
    features: Float32Array,
    cells: Int32Array,
    depth: number,
    done: number,
  ): Promise<Record<AttributeName, Float32Array>> => {
    await progress('plan', done);
    const feeds = await clock('plan', () => feedsOf(planPass(cells, depth, manifest), features, manifest));
    await progress('network', done);
    return clock('network', () => session.run(feeds));
  };
  const forms =
    blocks.length === 1 && rows.length <= maxAugmentedSplats
      ? augmentations.slice(0, manifest.symmetries)
      : [augmentations[0]];
  for (const [index, block] of blocks.entries()) {
    const features = writeFeatures(standing, rows, normalized, block.rows, normalization, manifest, manifest.inputs);
    if (sight !== null)
      for (const [i, row] of block.rows.entries())
        features.set(
          sight.seen.subarray(row * visibilityWidth, (row + 1) * visibilityWidth),
          (i + 1) * manifest.inputs - visibilityWidth,
        );
    if (forms.length === 1) {
      const answer = await ask(
        features,
        gatherCells(prepared.cells, block.rows),
        prepared.depth,
        index / blocks.length,
      );
      await clock('finish', () => keepCore(answer, block, values, manifest));
      continue;
    }
    for (const [form, augmentation] of forms.entries()) {
      const turned = augment(features, manifest.inputs, augmentation);
      const positions = Float32Array.from(
        { length: 3 * block.rows.length },
        (_, i) => turned.features[Math.floor(i / 3) * manifest.inputs + (i % 3)],
      );
      const cells = cellsOf(positions, prepared.gridResolution);
      const answer = await ask(turned.features, cells, depthOfCells(cells), form / forms.length);
      await clock('finish', () => accumulateInverse(answer, turned.signs, augmentation, 1 / forms.length, values));
    }
  }
  const residuals: RefineResiduals = {
    rows,
    copies: manifest.copies,
    shDegree: manifest.shDegree,
    values,
    logScale: normalization.logScale,
    quaternions: manifest.quaternions,
    colour: manifest.colour,
    clamps: manifest.clamps,
    dropNonFinite: manifest.dropNonFinite,
  };
  if (!manifest.dropNonFinite) refuseNonFinite(values, manifest);
  const { noiseFloor = manifest.noiseFloor } = options;
  softThreshold(values, { ...manifest, noiseFloor }, sight === null ? null : observationWeights(sight.seen));
  if (sight !== null) {
    await clock('check', () =>
      inMemory(rows.length, () => applyCoverageGuard(sight.features, values, manifest, progress)),
    );
    await clock('check', () =>
      inMemory(rows.length, () => applyDataConsistency(sight.features, values, manifest, progress)),
    );
  }
  if (up !== null) fromCanonicalFrame(values, scene, rows, up, manifest.quaternions);
  await progress('finish', 0);
  const finished = await clock('finish', async () => {
    for (let i = 0; i < values.means.length; i++) values.means[i] /= normalization.scale;
    const statistics = measure(values, manifest);
    const apply = () => applyResiduals(scene, residuals, options.strength ?? 1);
    return { statistics, scene: await inMemory(scene.count + rows.length * (manifest.copies - 1), apply) };
  });
  await progress('finish', 1);
  return {
    scene: finished.scene,
    residuals,
    report: {
      splats: scene.count,
      refined: rows.length,
      invalidPassedThrough: scene.count - rows.length,
      outputSplats: finished.scene.count,
      blocks: blocks.length,
      gridResolution: prepared.gridResolution,
      up,
      upIsAssumed: up !== null && options.up === undefined && scene.meta.upIsGuessed === true,
      model: manifest.name,
      backend: backend.kind,
      milliseconds: { ...time, total: performance.now() - started },
      residuals: finished.statistics,
    },
  };
}

/**
 * Runs what allocates arrays for an answer of `splats`; JavaScript's own complaint about too large ones says nothing to
 * people.
 */
async function inMemory<T>(splats: number, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SplatError(
      'out-of-memory',
      `An answer of ${splats.toLocaleString('en')} splats needs more memory than there is.`,
      'Close other programs, or refine a smaller scene.',
      { cause: error },
    );
  }
}

function allocate(manifest: RefineManifest, count: number): Record<AttributeName, Float32Array> {
  const widths = new Map(attributesOf(manifest.shDegree).map(({ name, width }) => [name, width]));
  const values = Object.fromEntries(
    attributes.map(({ name }) => [name, new Float32Array(count * manifest.copies * (widths.get(name) ?? 0))]),
  );
  return values as Record<AttributeName, Float32Array>;
}

type Report = (stage: string, fraction: number) => Promise<void>;

/**
 * What is seen of every row's splat, for the whole scene at once, as blocks hide each other; and the splats' own
 * features.
 */
async function look(
  scene: SplatScene,
  rows: Int32Array,
  normalized: Float32Array,
  normalization: Normalization,
  manifest: RefineManifest,
  progress: Report,
): Promise<{ features: Float32Array; seen: Float32Array }> {
  const stride = splatWidth(manifest.shDegree);
  const all = Int32Array.from({ length: rows.length }, (_, i) => i);
  const features = writeFeatures(scene, rows, normalized, all, normalization, manifest, stride);
  return {
    features,
    seen: await visibilityFeatures(features, stride, (done) => progress('sight', done / visibilityViewCount)),
  };
}

/**
 * Holds back what would open a hole, in place: shrinking log-scales and falling opacities of the splats that `coverageGuardWeights`
 * names.
 */
async function applyCoverageGuard(
  features: Float32Array,
  values: Readonly<Record<AttributeName, Float32Array>>,
  manifest: RefineManifest,
  progress: Report,
): Promise<void> {
  const holes = await coverageGuardWeights(
    features,
    changed(features, values, manifest),
    splatWidth(manifest.shDegree),
    (done) => progress('check', done / viewsPerRing),
  );
  for (const [shrinking, width] of [
    [values.scales, 3],
    [values.opacities, 1],
  ] as const) {
    for (let i = 0; i < shrinking.length; i++) if (shrinking[i] < 0) shrinking[i] *= 1 - holes[Math.floor(i / width)];
  }
}

/**
 * Moves the residuals of base colours and opacities, in place, so that the low views look as they did, see `enforceDataConsistency`.
 */
async function applyDataConsistency(
  features: Float32Array,
  values: Readonly<Record<AttributeName, Float32Array>>,
  manifest: RefineManifest,
  progress: Report,
): Promise<void> {
  const stride = splatWidth(manifest.shDegree);
  const after = changed(features, values, manifest);
  await enforceDataConsistency(features, after, stride, (done) => progress('reconcile', done));
  for (const { name, width, from } of columnsOf(manifest)) {
    if (name !== 'opacities' && name !== 'features_dc') continue;
    const residuals = values[name];
    for (let i = 0; i < residuals.length; i++) {
      const place = Math.floor(i / width) * stride + from + (i % width);
      residuals[i] = after[place] - features[place];
    }
  }
}

/** (splats, stride) features with the residuals of every attribute added. */
function changed(
  features: Float32Array,
  values: Readonly<Record<AttributeName, Float32Array>>,
  manifest: RefineManifest,
): Float32Array {
  const stride = splatWidth(manifest.shDegree);
  const after = features.slice();
  for (const { name, width, from } of columnsOf(manifest)) {
    const residuals = values[name];
    for (let i = 0; i < residuals.length; i++)
      after[Math.floor(i / width) * stride + from + (i % width)] += residuals[i];
  }
  return after;
}

/** The attributes, and where each begins among a splat's features. */
function columnsOf({ shDegree }: RefineManifest): { name: AttributeName; width: number; from: number }[] {
  let next = 0;
  return attributesOf(shDegree).map(({ name, width }) => ({ name, width, from: (next += width) - width }));
}

function gatherCells(cells: Int32Array, rows: Int32Array): Int32Array {
  if (rows.length * 3 === cells.length) return cells;
  const out = new Int32Array(rows.length * 3);
  for (let i = 0; i < rows.length; i++) out.set(cells.subarray(3 * rows[i], 3 * rows[i] + 3), 3 * i);
  return out;
}

function keepCore(
  outputs: Record<string, Float32Array>,
  block: Block,
  values: Record<AttributeName, Float32Array>,
  manifest: RefineManifest,
): void {
  for (const { name, width } of attributesOf(manifest.shDegree)) {
    const row = width * manifest.copies;
    const output = outputs[name];
    for (const at of block.core) values[name].set(output.subarray(at * row, (at + 1) * row), block.rows[at] * row);
  }
}

function refuseNonFinite(values: Record<AttributeName, Float32Array>, manifest: RefineManifest): void {
  for (const { name } of attributesOf(manifest.shDegree)) {
    if (values[name].every(Number.isFinite)) continue;
    throw new SplatError(
      'model-invalid',
      `The network answered with numbers that are not finite (${name}).`,
      'Try another device; if it stays so, the model or the scene is beyond its range.',
    );
  }
}

/** Sizes of the residuals that are finite. */
function measure(
  values: Record<AttributeName, Float32Array>,
  manifest: RefineManifest,
): Partial<Record<AttributeName, ResidualStatistics>> {
  const statistics: Partial<Record<AttributeName, ResidualStatistics>> = {};
  for (const { name } of attributesOf(manifest.shDegree)) {
    let sum = 0;
    let maxAbsolute = 0;
    let finite = 0;
    for (const value of values[name]) {
      const size = Math.abs(value);
      if (!Number.isFinite(size)) continue;
      finite++;
      sum += size;
      if (size > maxAbsolute) maxAbsolute = size;
    }
    statistics[name] = { meanAbsolute: finite === 0 ? 0 : sum / finite, maxAbsolute };
  }
  return statistics;
}
