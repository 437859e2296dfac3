import { RowGatherer } from '../core/keep-rows.ts';
import type { ShDegree, SplatScene } from '../core/splat-scene.ts';
import type { AttributeName, RefineManifest } from './manifest.ts';
import { ResidualBlend } from './residual-blend.ts';

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
 * Adds `strength` times the residuals to `scene` and returns a new scene that shares whatever did not change; strength
 * 0 gives the scene itself.
 * Only splats whose `mask` is 1 change; without a mask all do. What comes out how is told at ResidualBlend.
 */
export function applyResiduals(
  scene: SplatScene,
  residuals: RefineResiduals,
  strength = 1,
  switches: AttributeSwitches = {},
  mask?: Uint8Array,
): SplatScene {
  const blend = new ResidualBlend(scene, residuals);
  blend.start({ strength, switches, mask });
  blend.advance(scene.count);
  return blend.take();
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
