import { SplatError } from '../core/errors.ts';
import { RowGatherer } from '../core/keep-rows.ts';
import type { ShDegree } from '../core/splat-scene.ts';
import type { AttributeArrays, AttributeName } from './attributes.ts';
import { attributes, attributesOf } from './attributes.ts';
import type { RefineManifest } from './manifest.ts';

/**
 * The residuals of a refinement, (rows, copies, width) in storage space and world units, kept so that strength and
 * switches can be applied again at once.
 */
export interface RefineResiduals {
  /** Scene rows that went through the network, ascending. */
  readonly rows: Int32Array;
  readonly copies: number;
  readonly shDegree: ShDegree;
  readonly values: AttributeArrays;
  /** Log of the world-to-network scale, for the clamp on log-scales. */
  readonly logScale: number;
  readonly quaternions: RefineManifest['quaternions'];
  readonly colour: RefineManifest['colour'];
  readonly clamps: RefineManifest['clamps'];
  readonly dropNonFinite: boolean;
}

/** Which attributes a refinement may change; all by default. */
export interface AttributeSwitches {
  readonly means?: boolean;
  readonly scales?: boolean;
  readonly opacities?: boolean;
  readonly quats?: boolean;
  /** Both features_dc and features_rest. */
  readonly colours?: boolean;
}

/**
 * The residuals of the scene that is left when rows whose `keep` is 0 are taken out (see `keepRows`); their values are
 * there once `gatherer` is done.
 */
export function keepResidualRows(
  residuals: RefineResiduals,
  keep: Uint8Array,
): { readonly residuals: RefineResiduals; readonly gatherer: RowGatherer } {
  const { rows } = residuals;
  const gatherer = new RowGatherer(Uint8Array.from(rows, (row) => keep[row]));
  const newRow = new Int32Array(keep.length);
  for (let row = 0, next = 0; row < keep.length; row++) {
    newRow[row] = next;
    next += keep[row];
  }
  const kept = new Int32Array(gatherer.count);
  let at = 0;
  for (const row of rows) if (keep[row] === 1) kept[at++] = newRow[row];
  const gather = (values: Float32Array): Float32Array =>
    gatherer.add(values, rows.length === 0 ? 0 : values.length / rows.length);
  const values = Object.fromEntries(
    Object.entries(residuals.values).map(([name, array]) => [name, gather(array)]),
  ) as Record<AttributeName, Float32Array>;
  return { residuals: { ...residuals, rows: kept, values }, gatherer };
}

/** Size of an attribute's residuals, of those that are finite. */
export interface ResidualStatistics {
  readonly meanAbsolute: number;
  readonly maxAbsolute: number;
}

/** Makes zero residuals for `count` rows; attributes that the degree lacks are empty. */
export function allocateResiduals(
  { shDegree, copies }: Pick<RefineManifest, 'shDegree' | 'copies'>,
  count: number,
): AttributeArrays {
  const widths = new Map(attributesOf(shDegree).map(({ name, width }) => [name, width]));
  return Object.fromEntries(
    attributes.map(({ name }) => [name, new Float32Array(count * copies * (widths.get(name) ?? 0))]),
  ) as Record<AttributeName, Float32Array>;
}

/** Throws `model-invalid` where a residual is NaN or infinite. */
export function requireFinite(values: AttributeArrays, shDegree: ShDegree): void {
  for (const { name } of attributesOf(shDegree)) {
    if (values[name].every(Number.isFinite)) continue;
    throw new SplatError(
      'model-invalid',
      `The network answered with numbers that are not finite (${name}).`,
      'Try another device; if it stays so, the model or the scene is beyond its range.',
    );
  }
}

/** Measures the residuals of each attribute. */
export function residualStatistics(
  values: AttributeArrays,
  shDegree: ShDegree,
): Partial<Record<AttributeName, ResidualStatistics>> {
  const statistics: Partial<Record<AttributeName, ResidualStatistics>> = {};
  for (const { name } of attributesOf(shDegree)) {
    let [sum, maxAbsolute, finite] = [0, 0, 0];
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
