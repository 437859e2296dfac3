import { isDrawable } from '../core/drawable.ts';
import { SplatError } from '../core/errors.ts';
import { invalidSplatMask } from '../core/invalid.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { SH_C0, shRestCount } from '../core/splat-scene.ts';
import type { RefineManifest } from './manifest.ts';
import { LARGEST_GRID } from './manifest.ts';

const f = Math.fround;

/**
 * Map from world to network units: x * scale + shift; log-scales grow by log(scale). All float32, in the published
 * order of operations.
 */
export interface Normalization {
  readonly scale: number;
  readonly shift: readonly [number, number, number];
  readonly logScale: number;
}

/**
 * Rows of a scene that take part in refining, ascending: finite, and drawn by the viewer. The network would make splats
 * that nobody saw visible,
 * and one giant would set the extent of all and stand before every view of `visibilityFeatures`.
 */
export function refinableRows(scene: SplatScene): Int32Array {
  const invalid = invalidSplatMask(scene);
  const rows = new Int32Array(scene.count);
  let n = 0;
  for (let i = 0; i < scene.count; i++) if (invalid[i] === 0 && isDrawable(scene, i)) rows[n++] = i;
  return rows.slice(0, n);
}

/**
 * Normalisation of the given rows by the manifest's rule. Points that all coincide give the scale 1 (it would be
 * infinite upstream).
 */
export function normalizationOf(
  positions: Float32Array,
  rows: Int32Array,
  rule: RefineManifest['normalization'],
): Normalization {
  const lo = [Infinity, Infinity, Infinity];
  const hi = [-Infinity, -Infinity, -Infinity];
  for (const row of rows) {
    for (let axis = 0; axis < 3; axis++) {
      const v = positions[3 * row + axis];
      if (v < lo[axis]) lo[axis] = v;
      if (v > hi[axis]) hi[axis] = v;
    }
  }
  const largest = Math.max(...lo.map(Math.abs), ...hi.map(Math.abs));
  const middle = lo.map((v, axis) => f(f(v + hi[axis]) / 2));
  if (rule === 'centredOrBoundingBox' && largest > 0 && f(Math.max(...middle.map(Math.abs)) / largest) <= f(0.1)) {
    const scale = f(0.5 / largest);
    return checked({ scale, shift: [0.5, 0.5, 0.5], logScale: f(Math.log(scale)) });
  }
  let scale = Math.min(...lo.map((v, axis) => f(1 / f(hi[axis] - v))));
  if (scale === Infinity) scale = 1;
  // The shift is rounded once, from double precision: any other order was found to move some splat that lies on a cell
  // border away from the reference answers.
  const [x, y, z] = lo.map((v, axis) => f(0.5 - ((v + hi[axis]) / 2) * scale));
  return checked({ scale, shift: [x, y, z], logScale: f(Math.log(scale)) });
}

function checked(normalization: Normalization): Normalization {
  if (!Number.isFinite(normalization.logScale))
    throw new SplatError(
      'invalid-file',
      "The scene can't be refined: its extent is beyond the range of 32-bit numbers.",
      'Scale the scene and try again.',
    );
  return normalization;
}

/** Positions of `rows` in network units, (n, 3) float32. */
export function normalizedPositions(
  positions: Float32Array,
  rows: Int32Array,
  { scale, shift }: Normalization,
): Float32Array {
  const out = new Float32Array(rows.length * 3);
  for (let i = 0; i < rows.length; i++)
    for (let axis = 0; axis < 3; axis++) out[3 * i + axis] = f(positions[3 * rows[i] + axis] * scale) + shift[axis];
  return out;
}

/**
 * Grid cells of normalised positions: floor(x * resolution) in float32, clamped at 0 (rounding can give -1, whose code
 * bits would be garbage).
 */
export function cellsOf(normalized: Float32Array, resolution: number): Int32Array {
  const cells = new Int32Array(normalized.length);
  for (let i = 0; i < cells.length; i++) cells[i] = Math.max(0, Math.floor(f(normalized[i] * resolution)));
  return cells;
}

/**
 * Cells a side for a scene of so many splats: the model's fixed grid, or the one its rule gives, twice as fine for four
 * times the splats. Splats lie
 * on surfaces, so the network meets the same neighbourhoods in sparse and in dense scenes. Steps of two keep the curves
 * as they are in training.
 */
export function gridResolutionFor(
  splats: number,
  { gridRule, gridResolution }: Pick<RefineManifest, 'gridRule' | 'gridResolution'>,
): number {
  if (gridRule === null) return gridResolution as number;
  return Math.min(
    LARGEST_GRID,
    Math.max(1, Math.floor(gridRule.grid * 2 ** Math.floor(Math.log2(splats / gridRule.splats) / 2))),
  );
}

/** Half of an 8-bit step: colours outside [margin, 1 - margin] have no finite logit worth the name. */
const colourMargin = 1 / 510;

/** Degree-0 coefficient to the logit of the colour, for models whose features_dc are colour logits. */
export function dcToColourLogit(dc: number): number {
  const colour = Math.min(1 - colourMargin, Math.max(colourMargin, 0.5 + SH_C0 * dc));
  return Math.log(colour / (1 - colour));
}

/** Change of the degree-0 coefficient when a colour logit changes by `residual`; zero for zero. */
export function colourResidualToDc(dc: number, residual: number): number {
  const logit = dcToColourLogit(dc);
  return (1 / (1 + Math.exp(-(logit + residual))) - 1 / (1 + Math.exp(-logit))) / SH_C0;
}

/**
 * Rotation (w, x, y, z) at `row`, of length 1 with w >= 0; a zero quaternion becomes the identity. Written to `out` at
 * `at`.
 */
export function writeUnitQuaternion(quats: Float32Array, row: number, out: Float32Array, at: number): void {
  const w = quats[4 * row];
  const x = quats[4 * row + 1];
  const y = quats[4 * row + 2];
  const z = quats[4 * row + 3];
  const length = Math.sqrt(w * w + x * x + y * y + z * z);
  const factor = length === 0 ? 0 : (w < 0 ? -1 : 1) / length;
  out[at] = length === 0 ? 1 : w * factor;
  out[at + 1] = x * factor;
  out[at + 2] = y * factor;
  out[at + 3] = z * factor;
}

/**
 * Splats as the network takes them, (n, stride): means 3, log-scales 3, opacity logit 1, quaternion 4, dc 3, rest
 * (coefficient-major), and room for
 * what is seen of them where the stride is larger. A scene of lower degree than the model is padded with zeros, one of
 * higher degree cut.
 * @param normalized (m, 3) positions in network units of `rows`; @param block indices into `rows` and `normalized`
 */
export function writeFeatures(
  scene: SplatScene,
  rows: Int32Array,
  normalized: Float32Array,
  block: Int32Array,
  normalization: Normalization,
  manifest: Pick<RefineManifest, 'quaternions' | 'colour' | 'shDegree'>,
  stride: number,
): Float32Array {
  const out = new Float32Array(block.length * stride);
  const sceneRest = 3 * shRestCount(scene.shDegree);
  const rest = Math.min(sceneRest, 3 * shRestCount(manifest.shDegree));
  for (let i = 0; i < block.length; i++) {
    const row = rows[block[i]];
    const at = i * stride;
    for (let k = 0; k < 3; k++) {
      out[at + k] = normalized[3 * block[i] + k];
      out[at + 3 + k] = scene.logScales[3 * row + k] + normalization.logScale;
      const dc = scene.shDc[3 * row + k];
      out[at + 11 + k] = manifest.colour === 'sigmoid' ? dcToColourLogit(dc) : dc;
    }
    out[at + 6] = scene.logitOpacities[row];
    if (manifest.quaternions === 'unit') writeUnitQuaternion(scene.quats, row, out, at + 7);
    else out.set(scene.quats.subarray(4 * row, 4 * row + 4), at + 7);
    out.set(scene.shRest.subarray(row * sceneRest, row * sceneRest + rest), at + 14);
  }
  return out;
}
