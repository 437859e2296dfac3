import type { ShDegree, SplatScene } from '../core/splat-scene.ts';
import type { AttributeName, RefineManifest } from './manifest.ts';
import { ResidualBlend } from './residual-blend.ts';

/**
 * What a network said about a scene, in storage space and world units, kept so that strength and switches can be applied again at once.
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
 * Adds `strength` times the residuals to `scene` and returns a new scene that shares whatever did not change; strength 0 gives the scene itself.
 * Only splats whose `mask` is 1 change; without a mask all do. What comes out how is told at ResidualBlend.
 */
export function applyResiduals(scene: SplatScene, residuals: RefineResiduals, strength = 1, switches: AttributeSwitches = {}, mask?: Uint8Array): SplatScene {
  const blend = new ResidualBlend(scene, residuals);
  blend.start({ strength, switches, mask });
  blend.advance(scene.count);
  return blend.take();
}

/** The residuals of the scene that is left when rows whose `keep` is 0 are taken out (see `keepRows`). */
export function keepResidualRows(residuals: RefineResiduals, keep: Uint8Array): RefineResiduals {
  const { rows } = residuals;
  const kept: number[] = [];
  for (let i = 0; i < rows.length; i++) if (keep[rows[i]] === 1) kept.push(i);
  const newRow = new Int32Array(keep.length);
  for (let row = 0, next = 0; row < keep.length; row++) {
    newRow[row] = next;
    next += keep[row];
  }
  const gather = (values: Float32Array): Float32Array => {
    const width = rows.length === 0 ? 0 : values.length / rows.length;
    const out = new Float32Array(kept.length * width);
    for (let i = 0; i < kept.length; i++) out.set(values.subarray(kept[i] * width, (kept[i] + 1) * width), i * width);
    return out;
  };
  const values = Object.fromEntries(Object.entries(residuals.values).map(([name, array]) => [name, gather(array)])) as Record<AttributeName, Float32Array>;
  return { ...residuals, rows: Int32Array.from(kept, (i) => newRow[rows[i]]), values };
}
