import type { CameraParameters } from '../core/camera-parameters.ts';
import { nearDistanceFor } from '../core/near-distance.ts';
import type { AttributeArrays } from './attributes.ts';
import { attributesOf } from './attributes.ts';
import { canonicalCameras, thinnedOut } from './captured-cameras.ts';
import { directionsAround, viewFrom } from './captured-views.ts';
import type { Evidence } from './evidence.ts';
import type { RefineManifest } from './manifest.ts';
import { pictureSizeFor } from './picture-size.ts';
import type { ProofBounds } from './proof.ts';
import { proveAnswer } from './proof.ts';
import type { RefineInput } from './refine-input.ts';
import { placesAmong } from './refine-input.ts';
import type { DrawnScene, RefinedRegion } from './region.ts';
import { drawnScene } from './region.ts';
import { ringCamera, viewsPerRing } from './ring-cameras.ts';
import type { Ball } from '../core/subject.ts';

/**
 * How near the answer must come to the scene. Among surroundings views that are known bind more than views that are
 * guessed. Views of a lone object are to change where they are wrong, and what they hardly show is what is repaired;
 * but a wrong axis misleads the network, and then nothing may change that shows.
 */
const bounds = {
  known: { tolerance: 0.001, psnrDb: 60, faint: 0.03 },
  guessed: { tolerance: 0.002, psnrDb: 57, faint: 0.03 },
  alone: { tolerance: 0.016, psnrDb: 40, faint: 1 },
} as const satisfies Record<string, ProofBounds>;

function boundsFor({ kind }: Evidence, { isSurrounded }: RefinedRegion): ProofBounds {
  if (kind === 'around' || kind === 'sharpness') return bounds.guessed;
  return isSurrounded ? bounds.known : bounds.alone;
}

/** Views from all sides, and the ball around the unit cube's middle that they show. */
const viewsAround = 16;
const cubeBall: Ball = { centre: [0.5, 0.5, 0.5], radius: 0.6 };
/** Size of such a view in sizes of a ring's view, as it shows more around the cube. */
const aroundSize = 0.875;

/** By which evidence an answer was proved, and what of it is kept. */
export interface ProofReport {
  readonly evidence: Evidence['kind'];
  readonly views: number;
  /** Mean share of the network's change that is kept, 0..1. */
  readonly kept: number;
  /** PSNR of the captured views after against before, dB; null where they are the same. */
  readonly psnrDb: number | null;
}

/** Whether a model's answers can be proved: one splat for each, in colours that views can draw. */
export function canProve({ copies, colour }: Pick<RefineManifest, 'copies' | 'colour'>): boolean {
  return copies === 1 && colour !== 'sigmoid';
}

/**
 * Proves an answer against the views that a scene was captured from, and lowers its residuals, in place, until they
 * hold (see `proveAnswer`).
 * @param values residuals of the region's splats, one copy each, in the network's units and the canonical frame
 * @param strength factor on the residuals at which they are applied, where it is above 1: what holds there holds below
 */
export async function proveResiduals(
  input: RefineInput,
  values: AttributeArrays,
  manifest: RefineManifest,
  strength: number,
  evidence: Evidence,
  beforeView: (share: number) => Promise<void>,
): Promise<ProofReport> {
  const { canonical, drawnRows, region, rows, normalization } = input;
  const drawn = drawnScene(canonical, drawnRows, normalization, manifest);
  const views = viewsOf(evidence, input, drawn);
  const claim = {
    before: drawn.features,
    stride: drawn.stride,
    changed: placesAmong(drawnRows, rows),
    residuals: rowsOf(values, rows.length, drawn.stride, manifest).map((value) => value * Math.max(1, strength)),
  };
  const { strengths, psnrDb } = await proveAnswer(claim, views, boundsFor(evidence, region), beforeView);
  for (const { name, width } of attributesOf(manifest.shDegree)) {
    const residuals = values[name];
    for (let i = 0; i < residuals.length; i++) residuals[i] *= strengths[Math.floor(i / width)];
  }
  return {
    evidence: evidence.kind,
    views: views.length,
    kept: strengths.reduce((sum, strength) => sum + strength, 0) / strengths.length,
    psnrDb: Number.isFinite(psnrDb) ? psnrDb : null,
  };
}

/** The views of the evidence in the network's units and the canonical frame. */
function viewsOf(evidence: Evidence, input: RefineInput, drawn: DrawnScene): CameraParameters[] {
  const size = () => pictureSizeFor(drawn.features, drawn.stride);
  switch (evidence.kind) {
    case 'cameras':
      return canonicalCameras(evidence.cameras, input.up ?? 'z', input.normalization, nearDistanceFor(input.scene));
    case 'sharpness':
      return thinnedOut(evidence.directions).map((direction) => viewFrom(evidence.subject, direction));
    case 'around':
      return directionsAround(viewsAround).map((way) => viewFrom(cubeBall, way, Math.round(aroundSize * size())));
    case 'lowViews':
      return lowViews(size());
  }
}

/** The low ring, in an order in which every second view looks from one elevation as often as from the other. */
function lowViews(size: number): CameraParameters[] {
  return Array.from({ length: viewsPerRing }, (_, i) => ringCamera('low', i % 4 < 2 ? i : i ^ 1, size));
}

/** (count, stride) residuals side by side, harmonics up to what views draw. */
function rowsOf(values: AttributeArrays, count: number, stride: number, { shDegree }: RefineManifest): Float32Array {
  const rows = new Float32Array(count * stride);
  for (const { name, column, width } of attributesOf(shDegree)) {
    const drawn = Math.min(width, stride - column);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < drawn; k++) rows[i * stride + column + k] = values[name][i * width + k];
  }
  return rows;
}
