import type { AttributeArrays } from './attributes.ts';
import { splatWidth } from './attributes.ts';
import type { Restoration } from './data-consistency.ts';
import { applyDataConsistency } from './data-consistency.ts';
import type { Evidence } from './evidence.ts';
import { captureLowViews } from './evidence.ts';
import type { RefineManifest } from './manifest.ts';
import type { Observations, RefineInput } from './refine-input.ts';
import { placesAmong } from './refine-input.ts';
import { drawnScene } from './region.ts';
import { ringCameras } from './ring-cameras.ts';

/**
 * Tells whether anything shows what the captured views of a region were: its evidence, or rings around a lone object.
 * Rings around a subject in a room, or around a wrong axis, are no views of its capture.
 */
export function knowsLowViews({ region }: Pick<RefineInput, 'region'>, evidence: Evidence | null): boolean {
  if (evidence?.kind === 'around') return false;
  return !region.isSurrounded || evidence?.kind === 'cameras' || evidence?.kind === 'sharpness';
}

/**
 * Brings what the captured views showed of a region back, in place, where `knowsLowViews`: views of the capture with
 * all that stands around, else the low ring around the region alone. Where a lone object has few cameras, views of the
 * ring stand for those that are missing: the capture had more.
 * @param values residuals of the region's splats, one copy each, in the network's units and the canonical frame
 */
export async function restoreLowViews(
  input: RefineInput,
  { features }: Observations,
  evidence: Evidence | null,
  values: AttributeArrays,
  manifest: RefineManifest,
  beforeView: (share: number) => Promise<void>,
): Promise<void> {
  const captured = captureLowViews(evidence, input);
  const scene = captured === null ? alone(features, manifest) : amongAll(input, manifest);
  const known = captured ?? [];
  const missing = input.region.isSurrounded ? [] : ringCameras('consistency').slice(known.length);
  const lowViews = [...known, ...missing];
  await applyDataConsistency({ ...scene, lowViews }, values, manifest.shDegree, beforeView);
}

type RestoredScene = Pick<Restoration, 'before' | 'stride' | 'changed'>;

/** @param features (rows, splatWidth) */
function alone(features: Float32Array, { shDegree }: RefineManifest): RestoredScene {
  const stride = splatWidth(shDegree);
  const changed = Int32Array.from({ length: features.length / stride }, (_, i) => i);
  return { before: features, stride, changed };
}

function amongAll({ canonical, drawnRows, rows, normalization }: RefineInput, manifest: RefineManifest): RestoredScene {
  const { features, stride } = drawnScene(canonical, drawnRows, normalization, manifest);
  return { before: features, stride, changed: placesAmong(drawnRows, rows) };
}
