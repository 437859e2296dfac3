import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape } from '../core/splat-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
import type { ResolvedUp } from '../core/up-axis.ts';
import { resolveUp } from '../core/up-axis.ts';
import { splatWidth } from './attributes.ts';
import type { Block } from './blocks.ts';
import { toCanonicalFrame } from './canonical-frame.ts';
import type { Normalization } from './features.ts';
import { normalizationOf, normalizedPositions, refinableRows, writeFeatures } from './features.ts';
import type { JobControl } from './job-control.ts';
import { inMemory } from './job-control.ts';
import type { RefineManifest } from './manifest.ts';
import type { Region } from './region-choice.ts';
import type { RefinedRegion } from './region.ts';
import { chooseRegion, drawnScene } from './region.ts';
import { visibilityFeatures, visibilityWidth } from './visibility.ts';

/** A scene as a network takes it, normalised as a whole. */
export interface RefineInput {
  /** As it was given. */
  readonly scene: SplatScene;
  /** With z up, for a model that looks at it from around its vertical. */
  readonly canonical: SplatScene;
  /** The axis that was taken for up; null where it makes no difference. */
  readonly up: UpAxis | null;
  /** How that axis came about. */
  readonly resolvedUp: ResolvedUp | null;
  /** Rows that are drawn, ascending: what views around the region show. */
  readonly drawnRows: Int32Array;
  /** What of the scene is refined. */
  readonly region: RefinedRegion;
  /** Rows that go through the network, ascending: the region's. */
  readonly rows: Int32Array;
  readonly normalization: Normalization;
  /** (rows, 3) positions in network units. */
  readonly normalized: Float32Array;
}

export interface InputOptions {
  /** The axis that a person chose as up, for a network that looks at the scene from around its vertical. */
  readonly up?: UpAxis | undefined;
  /** What of the scene is refined, `auto` by default; a ball is in the scene's own axes. */
  readonly region?: Region | undefined;
  /**
   * The capture's cameras in the scene's own axes, without lens distortion: what they held upright is up, and the views
   * of those that show the region prove the answer.
   */
  readonly cameras?: readonly CameraParameters[] | undefined;
}

/** What views around a scene see of it. */
export interface Observations {
  /** (rows, splatWidth) features without visibility. */
  readonly features: Float32Array;
  /** (rows, visibilityWidth) */
  readonly visibility: Float32Array;
}

/** Chooses the rows that are refined, resolves the up axis and normalises. Throws `empty-scene`. */
export async function prepareInput(
  scene: SplatScene,
  manifest: RefineManifest,
  { up: chosen, region: wanted = 'auto', cameras }: InputOptions,
  control: JobControl,
): Promise<RefineInput> {
  assertSceneShape(scene);
  const drawnRows = refinableRows(scene);
  if (drawnRows.length === 0)
    throw new SplatError(
      'empty-scene',
      `The scene can't be refined: ${scene.count === 0 ? 'it has no splats' : 'none of its splats can be drawn'}.`,
    );
  const region = await control.timed('sight', () =>
    inMemory(drawnRows.length, () =>
      chooseRegion(scene, drawnRows, wanted, manifest, (share) => control.checkpoint('region', share)),
    ),
  );
  const { rows } = region;
  const resolvedUp = manifest.sight ? resolveUp(scene, { chosen, cameras }) : null;
  const up = resolvedUp === null ? null : resolvedUp.axis;
  const canonical = up === null ? scene : await inMemory(scene.count, () => toCanonicalFrame(scene, up));
  const normalization = normalizationOf(canonical.positions, rows, manifest);
  const normalized = normalizedPositions(canonical.positions, rows, normalization);
  return { scene, canonical, up, resolvedUp, drawnRows, region, rows, normalization, normalized };
}

/**
 * Computes the visibility features of every row, for the whole scene at once, as its blocks occlude each other.
 * @param lowViews of the capture, in the unit cube, instead of the low ring
 */
export async function computeVisibility(
  input: RefineInput,
  manifest: RefineManifest,
  lowViews: readonly CameraParameters[] | null,
  beforeView: (share: number) => Promise<void>,
): Promise<Observations> {
  const { canonical, drawnRows, rows, normalized, normalization } = input;
  const stride = splatWidth(manifest.shDegree);
  const all = Int32Array.from({ length: rows.length }, (_, i) => i);
  const features = writeFeatures(canonical, rows, normalized, all, normalization, manifest, stride);
  const capture = lowViews && {
    cameras: lowViews,
    ...drawnScene(canonical, drawnRows, normalization, manifest),
    places: placesAmong(drawnRows, rows),
  };
  return { features, visibility: await visibilityFeatures(features, stride, capture, beforeView) };
}

/** Where rows stand among all that are drawn; both ascending. */
export function placesAmong(drawnRows: Int32Array, rows: Int32Array): Int32Array {
  let place = 0;
  return rows.map((row) => {
    while (drawnRows[place] !== row) place++;
    return place;
  });
}

/** Writes the network's input for a block, (block rows, manifest.inputs), visibility last. */
export function blockFeatures(
  { canonical, rows, normalized, normalization }: RefineInput,
  observations: Observations | null,
  block: Block,
  manifest: RefineManifest,
): Float32Array {
  const { inputs } = manifest;
  const features = writeFeatures(canonical, rows, normalized, block.rows, normalization, manifest, inputs);
  if (observations === null) return features;
  for (const [i, row] of block.rows.entries()) {
    const visibility = observations.visibility.subarray(row * visibilityWidth, (row + 1) * visibilityWidth);
    features.set(visibility, (i + 1) * inputs - visibilityWidth);
  }
  return features;
}
