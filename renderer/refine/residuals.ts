import { RowGatherer } from '../core/keep-rows.ts';
import type { ShDegree } from '../core/splat-scene.ts';
import type { AttributeName } from './attributes.ts';
import type { RefineManifest } from './manifest.ts';

/**
 * What a network said about a scene, in storage space and world units, kept so that strength and switches can be
 * applied again at once.
 * Arrays are (rows, copies, width).
 */
export interface RefineResiduals {
  /** Scene rows that went through the network, ascending. */
  readonly rows: Int32Array;
  readonly copies: number;
  readonly shDegree: ShDegree;
  readonly values: Readonly<Record<AttributeName, Float32Array>>;
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
