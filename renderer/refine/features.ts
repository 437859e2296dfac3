import { isDrawable } from '../core/drawable.ts';
import { SplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { SH_C0, shRestCount } from '../core/splat-scene.ts';
import type { AttributeArrays } from './attributes.ts';
import { attributesOf, column, splatWidth } from './attributes.ts';
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
 * Lists the rows of a scene that take part in refining, ascending: finite, and drawn by the viewer. The network would
 * make splats that nobody saw visible, and one giant would set the extent of all and occlude every view.
 */
export function refinableRows(scene: SplatScene): Int32Array {
  const rows = new Int32Array(scene.count);
  let n = 0;
  for (let i = 0; i < scene.count; i++) if (isDrawable(scene, i) && isFinite(scene, i)) rows[n++] = i;
  return rows.slice(0, n);
}

/** Whether a splat's size and opacity are numbers that a network can take: a scale of zero is drawn, but is none. */
function isFinite({ logScales, logitOpacities }: SplatScene, row: number): boolean {
  return Number.isFinite(logScales[3 * row] + logScales[3 * row + 1] + logScales[3 * row + 2] + logitOpacities[row]);
}

/**
 * Computes the normalisation of the given rows by the manifest's rule. Points that all coincide give the scale 1 (it
 * would be infinite upstream). The shift is rounded as the model's training rounded it, as another order moves splats
 * that lie on a cell border: the authors' in float32 all along, this project's (`unit` quaternions) once from double.
 */
export function normalizationOf(
  positions: Float32Array,
  rows: Int32Array,
  { normalization: rule, quaternions }: Pick<RefineManifest, 'normalization' | 'quaternions'>,
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
  const [x, y, z] = lo.map((v, axis) =>
    quaternions === 'unit'
      ? f(0.5 - ((v + hi[axis]) / 2) * scale)
      : f(0.5 - f(f(f(v * scale) + f(hi[axis] * scale)) / 2)),
  );
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

/** Computes the positions of `rows` in network units, (n, 3) float32. */
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
 * Computes the grid cells of normalised positions, floor(x * resolution) in float32, clamped at 0 (rounding can give
 * -1, whose code bits would be garbage).
 */
export function cellsOf(normalized: Float32Array, resolution: number): Int32Array {
  const cells = new Int32Array(normalized.length);
  for (let i = 0; i < cells.length; i++) cells[i] = Math.max(0, Math.floor(f(normalized[i] * resolution)));
  return cells;
}

/**
 * Chooses the cells a side for a scene of so many splats: the model's fixed grid, or the one its rule gives, twice as
 * fine for four times the splats. Splats lie on surfaces, so the network meets the same neighbourhoods in sparse and in
 * dense scenes. Steps of two keep the curves as they are in training.
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

/** Converts a degree-0 coefficient to the logit of the colour, for models whose features_dc are colour logits. */
export function dcToColourLogit(dc: number): number {
  const colour = Math.min(1 - colourMargin, Math.max(colourMargin, 0.5 + SH_C0 * dc));
  return Math.log(colour / (1 - colour));
}

/** Converts a change of a colour logit to one of the degree-0 coefficient; zero to zero. */
export function colourResidualToDc(dc: number, residual: number): number {
  const logit = dcToColourLogit(dc);
  return (1 / (1 + Math.exp(-(logit + residual))) - 1 / (1 + Math.exp(-logit))) / SH_C0;
}

/**
 * Writes the quaternion (w, x, y, z) of `row`, normalised and with w >= 0, to `out` at `at`; a zero quaternion becomes
 * the identity.
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
 * Writes splats as the network takes them, (n, stride): the columns of `attributes.ts`, harmonics coefficient-major,
 * and room for visibility features where the stride is larger. A scene of lower degree than the model is padded with
 * zeros, one of higher degree is cut.
 * @param normalized (m, 3) positions in network units of `rows`
 * @param block indices into `rows` and `normalized`
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
      out[at + column.means + k] = normalized[3 * block[i] + k];
      out[at + column.scales + k] = scene.logScales[3 * row + k] + normalization.logScale;
      const dc = scene.shDc[3 * row + k];
      out[at + column.features_dc + k] = manifest.colour === 'sigmoid' ? dcToColourLogit(dc) : dc;
    }
    out[at + column.opacities] = scene.logitOpacities[row];
    if (manifest.quaternions === 'unit') writeUnitQuaternion(scene.quats, row, out, at + column.quats);
    else out.set(scene.quats.subarray(4 * row, 4 * row + 4), at + column.quats);
    out.set(scene.shRest.subarray(row * sceneRest, row * sceneRest + rest), at + column.features_rest);
  }
  return out;
}

/** Adds (rows, width) residuals to a copy of (rows, splatWidth) features. */
export function addResiduals(features: Float32Array, residuals: AttributeArrays, shDegree: number): Float32Array {
  const stride = splatWidth(shDegree);
  const out = features.slice();
  for (const { name, column, width } of attributesOf(shDegree)) {
    const values = residuals[name];
    for (let i = 0; i < values.length; i++) out[Math.floor(i / width) * stride + column + (i % width)] += values[i];
  }
  return out;
}
