import type { CameraParameters } from '../core/camera-parameters.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { AttributeArrays, AttributeName } from './attributes.ts';
import type { InferenceBackend } from './backend.ts';
import { fromCanonicalFrame } from './canonical-frame.ts';
import type { UpAxis } from '../core/up-axes.ts';
import type { UpSource } from '../core/up-axis.ts';
import { isAssumed, isDoubted } from '../core/up-axis.ts';
import type { CameraCounts } from './captured-cameras.ts';
import { camerasShowing } from './captured-cameras.ts';
import { applyCoverageGuard } from './coverage-guard.ts';
import type { Evidence } from './evidence.ts';
import { captureLowViews, evidenceKind, gatherEvidence } from './evidence.ts';
import type { JobControlOptions, RefineTimes } from './job-control.ts';
import { inMemory, JobControl } from './job-control.ts';
import type { RefineManifest } from './manifest.ts';
import { sessionFor } from './model-sessions.ts';
import type { RefineModel } from './model.ts';
import type { InputOptions, Observations, RefineInput } from './refine-input.ts';
import { computeVisibility, prepareInput } from './refine-input.ts';
import { applyResiduals } from './residual-blend.ts';
import { boundResiduals } from './residual-bounds.ts';
import type { RefineResiduals, ResidualStatistics } from './residuals.ts';
import { allocateResiduals, requireFinite, residualStatistics } from './residuals.ts';
import { knowsLowViews, restoreLowViews } from './restore-low-views.ts';
import { viewsPerRing } from './ring-cameras.ts';
import { planScene, runNetwork } from './run-network.ts';
import type { ProofReport } from './scene-proof.ts';
import { canProve, proveResiduals } from './scene-proof.ts';
import { softThreshold } from './soft-threshold.ts';
import type { Ball } from '../core/subject.ts';
import { observationWeights } from './visibility.ts';

export interface RefineOptions extends JobControlOptions, InputOptions {
  /** Factor on every residual, 1 by default. */
  readonly strength?: number;
  /** Splats in one pass instead of the model's own figure; larger scenes go in overlapping blocks. */
  readonly maxSplats?: number;
  /** Soft thresholds of the residuals instead of the model's own. */
  readonly noiseFloor?: RefineManifest['noiseFloor'] | undefined;
}

/** What is known of a scene beside its splats, as it travels to whoever refines. */
export type SceneKnowledge = Pick<RefineOptions, 'up' | 'region' | 'cameras'>;

export interface RefineReport {
  /** Splats of the input scene. */
  readonly splats: number;
  /** Splats of the input that went through the network. */
  readonly refined: number;
  /** Splats with a NaN or infinity, and those that the viewer does not draw (see `isDrawable`), copied untouched. */
  readonly invalidPassedThrough: number;
  /** The ball in which splats were refined, in the scene's own axes; null for all of them. */
  readonly region: Ball | null;
  /** Something stands around the region: it passed byte for byte, and took part in every picture. */
  readonly isSurrounded: boolean;
  /** How the answer was proved; null for a lone object as the network knows them, without cameras that show it. */
  readonly proof: ProofReport | null;
  /** The capture's cameras, where some were given to a model whose answers they can prove; null otherwise. */
  readonly cameras: CameraCounts | null;
  /** Splats of the answer. */
  readonly outputSplats: number;
  readonly blocks: number;
  readonly gridResolution: number;
  /** What was taken for up; null where it makes no difference. */
  readonly up: UpAxis | null;
  /** Neither the caller, nor the file, nor its cameras name that axis. */
  readonly upIsAssumed: boolean;
  /** How that axis came about; null where it makes no difference. */
  readonly upFrom: UpSource | null;
  /** Whether it is known or was estimated with confidence. */
  readonly upIsSure: boolean;
  readonly model: string;
  readonly backend: InferenceBackend['kind'];
  readonly milliseconds: RefineTimes & { readonly total: number };
  /** Size of the residuals at strength 1, world units for means, by attribute. */
  readonly residuals: Readonly<Partial<Record<AttributeName, ResidualStatistics>>>;
}

export interface RefineResult {
  readonly scene: SplatScene;
  readonly report: RefineReport;
  readonly residuals: RefineResiduals;
  /** At which the residuals were applied: the one that was asked for, or 0 where there is no shape to repair. */
  readonly strength: number;
}

/**
 * Refines a scene with a model: SplatFormer's one pass (Chen et al., ICLR 2025), or AnchorSplat's. Returns a new scene.
 *
 * The whole scene is normalised once, also when it goes in blocks, so a splat means the same to the network in every
 * block. Cancelling takes effect between stages and blocks; a run of ONNX Runtime itself can't be interrupted (the
 * page's client ends the worker for that).
 * Throws `empty-scene`, `cancelled`, `out-of-memory`, `gpu-error`, `model-invalid`.
 */
export async function refineScene(
  scene: SplatScene,
  model: RefineModel,
  backend: InferenceBackend,
  options: RefineOptions = {},
): Promise<RefineResult> {
  const { manifest } = model;
  const control = new JobControl(options);
  control.throwIfAborted();
  const input = await prepareInput(scene, manifest, options, control);
  const count = input.rows.length;
  const given = canProve(manifest) ? (options.cameras ?? []) : [];
  const showing = camerasShowing(given, scene.positions, input.rows);
  const evidence = await findEvidence(input, manifest, showing, control);
  const observations = manifest.sight
    ? await control.timed('sight', () => inMemory(count, () => observe(input, manifest, evidence, control)))
    : null;
  await control.checkpoint('plan', 0);
  const maxSplats = options.maxSplats ?? manifest.maxSplats;
  const plan = await control.timed('plan', () => planScene(input.normalized, manifest, maxSplats));
  const values = await inMemory(count * manifest.copies, () => allocateResiduals(manifest, count));
  const session = await control.timed('load', () => sessionFor(backend, model));
  const isShape = isShapeOf(input.normalized);
  if (isShape) await runNetwork({ input, observations, plan, manifest, session, taps: backend.taps, control, values });
  const { noiseFloor = manifest.noiseFloor, strength = 1 } = options;
  const regularised = { ...manifest, noiseFloor };
  const proof = await regularise({ input, evidence, observations }, values, regularised, strength, control);
  const applied = isShape ? strength : 0;
  const finished = await finish(input, values, manifest, applied, control);
  return {
    scene: finished.scene,
    residuals: finished.residuals,
    strength: applied,
    report: {
      ...sceneReport(input, finished.scene),
      proof,
      cameras: given.length === 0 ? null : { given: given.length, showing: showing.length },
      blocks: plan.blocks.length,
      gridResolution: plan.gridResolution,
      up: input.up,
      upIsAssumed: input.resolvedUp !== null && isAssumed(input.resolvedUp),
      upFrom: input.resolvedUp?.source ?? null,
      upIsSure: input.resolvedUp?.isSure ?? true,
      model: manifest.name,
      backend: backend.kind,
      milliseconds: control.milliseconds,
      residuals: finished.statistics,
    },
  };
}

/** A scene and what is known of how it was captured. */
interface Seen {
  readonly input: RefineInput;
  readonly evidence: Evidence | null;
  readonly observations: Observations | null;
}

/** Fewer different places than this make no shape that could be repaired. */
const fewestPlaces = 4;

/** Tells whether splats stand in more than a few places: such scenes come out as they went in. */
function isShapeOf(normalized: Float32Array): boolean {
  const places = new Set<string>();
  for (let i = 0; i < normalized.length && places.size < fewestPlaces; i += 3)
    places.add(normalized.subarray(i, i + 3).join());
  return places.size >= fewestPlaces;
}

/** Of the stage that looks at a scene, what guessing its captured views takes. */
const searchShare = 0.4;

/**
 * What tells of the views that a scene was captured from, where the model's answers can be proved by it.
 * @param showing the cameras that show the region
 */
async function findEvidence(
  input: RefineInput,
  manifest: RefineManifest,
  showing: readonly CameraParameters[],
  control: JobControl,
): Promise<Evidence | null> {
  const { scene, drawnRows, resolvedUp, region } = input;
  const trust = resolvedUp === null ? 'unused' : isDoubted(scene, resolvedUp) ? 'doubted' : 'sure';
  const kind = canProve(manifest) ? evidenceKind(showing.length, region, trust) : null;
  if (kind === null) return null;
  const look = (share: number): Promise<void> => control.checkpoint('sight', share * searchShare);
  return control.timed('sight', () =>
    inMemory(drawnRows.length, () => gatherEvidence(kind, showing, input, manifest, look)),
  );
}

/** Computes what views around the scene see of it: of its capture, for a network that knows them. */
function observe(
  input: RefineInput,
  manifest: RefineManifest,
  evidence: Evidence | null,
  control: JobControl,
): Promise<Observations> {
  const lowViews = manifest.captureViews ? captureLowViews(evidence, input) : null;
  const searched = evidence?.kind === 'sharpness' ? searchShare : 0;
  return computeVisibility(input, manifest, lowViews, (share) =>
    control.checkpoint('sight', searched + share * (1 - searched)),
  );
}

/**
 * Keeps a network's answer, in place, from doing harm: shrinks residuals towards zero, guards coverage, restores what
 * the captured views showed, proves the answer against them where there is evidence of them, and turns the result back
 * to the frame of the given scene.
 */
async function regularise(
  { input, evidence, observations }: Seen,
  values: AttributeArrays,
  manifest: RefineManifest,
  strength: number,
  control: JobControl,
): Promise<ProofReport | null> {
  const { scene, rows, up } = input;
  const { shDegree } = manifest;
  const isRestored = observations !== null && knowsLowViews(input, evidence);
  // Of the last stage, what restoring low views takes where a proof follows it.
  const restored = !isRestored ? 0 : evidence !== null ? 0.5 : 1;
  if (!manifest.dropNonFinite) requireFinite(values, shDegree);
  // Of models without these views other trainings would have to tell the bounds.
  if (observations !== null) boundResiduals(values, shDegree);
  softThreshold(values, manifest, observations === null ? null : observationWeights(observations.visibility));
  if (observations !== null) {
    const { features } = observations;
    const check = (step: () => Promise<void>) => control.timed('check', () => inMemory(rows.length, step));
    await check(() =>
      applyCoverageGuard(features, values, shDegree, (view) => control.checkpoint('check', view / viewsPerRing)),
    );
    if (isRestored)
      await check(() =>
        restoreLowViews(input, observations, evidence, values, manifest, (done) =>
          control.checkpoint('reconcile', done * restored),
        ),
      );
  }
  // Restoring low views may lead far where a splat hardly shows.
  if (observations !== null) boundResiduals(values, shDegree);
  const proof = evidence
    ? await control.timed('check', () =>
        inMemory(input.drawnRows.length, () =>
          proveResiduals(input, values, manifest, strength, evidence, (share) =>
            control.checkpoint('reconcile', restored + share * (1 - restored)),
          ),
        ),
      )
    : null;
  if (up !== null) fromCanonicalFrame(values, scene, rows, up, manifest.quaternions);
  return proof;
}

/** Brings the residuals to world units, measures them and applies them to the scene. */
async function finish(
  { scene, rows, normalization }: RefineInput,
  values: AttributeArrays,
  manifest: RefineManifest,
  strength: number,
  control: JobControl,
): Promise<Pick<RefineResult, 'scene' | 'residuals'> & { readonly statistics: RefineReport['residuals'] }> {
  const { copies, shDegree, quaternions, colour, clamps, dropNonFinite } = manifest;
  const { logScale } = normalization;
  const residuals = { rows, copies, shDegree, values, logScale, quaternions, colour, clamps, dropNonFinite };
  await control.checkpoint('finish', 0);
  const finished = await control.timed('finish', async () => {
    for (let i = 0; i < values.means.length; i++) values.means[i] /= normalization.scale;
    const statistics = residualStatistics(values, shDegree);
    const apply = () => applyResiduals(scene, residuals, strength);
    return { statistics, scene: await inMemory(scene.count + rows.length * (copies - 1), apply) };
  });
  await control.checkpoint('finish', 1);
  return { ...finished, residuals };
}

/** Counts what became of the splats, and says which of them were refined. */
function sceneReport(
  { scene, drawnRows, rows, region }: RefineInput,
  answer: SplatScene,
): Pick<RefineReport, 'splats' | 'refined' | 'invalidPassedThrough' | 'region' | 'isSurrounded' | 'outputSplats'> {
  return {
    splats: scene.count,
    refined: rows.length,
    invalidPassedThrough: scene.count - drawnRows.length,
    region: region.ball,
    isSurrounded: region.isSurrounded,
    outputSplats: answer.count,
  };
}
