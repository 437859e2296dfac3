import type { ShDegree, SplatScene } from '../core/splat-scene.ts';
import { createScene, shRestCount } from '../core/splat-scene.ts';
import { colourResidualToDc, writeUnitQuaternion } from './features.ts';
import type { AttributeName, RefineManifest } from './manifest.ts';

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

function limit(value: number, magnitude: number | null): number {
  return magnitude === null ? value : Math.min(magnitude, Math.max(-magnitude, value));
}

/**
 * Adds `strength` times the residuals to `scene` and returns a new scene; strength 0 gives the scene's own numbers back.
 * Rows that did not go through the network are copied untouched; bands above the model's degree are kept; a scene of lower degree than the
 * model comes out at the model's degree. With K copies the order is: every row's copy 0, then every refined row's copy 1, and so on.
 */
export function applyResiduals(scene: SplatScene, residuals: RefineResiduals, strength = 1, switches: AttributeSwitches = {}): SplatScene {
  if (strength === 0) return copyRows(scene, Int32Array.from({ length: scene.count }, (_, i) => i), scene.shDegree);
  const { rows, copies, values } = residuals;
  const degree = Math.max(scene.shDegree, residuals.shDegree) as ShDegree;
  const count = scene.count + (copies - 1) * rows.length;
  const sources = new Int32Array(count);
  for (let i = 0; i < scene.count; i++) sources[i] = i;
  for (let copy = 1; copy < copies; copy++) sources.set(rows, scene.count + (copy - 1) * rows.length);
  const out = copyRows(scene, sources, degree);

  const on = { means: true, scales: true, opacities: true, quats: true, colours: true, ...switches };
  const { clamps } = residuals;
  const logScaleLimit = clamps.normalizedLogScale === null ? Infinity : clamps.normalizedLogScale - residuals.logScale;
  const width = 3 * shRestCount(degree);
  const modelRest = 3 * shRestCount(residuals.shDegree);
  const unit = new Float32Array(4);
  for (let i = 0; i < rows.length; i++) {
    for (let copy = 0; copy < copies; copy++) {
      const to = copy === 0 ? rows[i] : scene.count + (copy - 1) * rows.length + i;
      const from = i * copies + copy;
      for (let k = 0; k < 3; k++) {
        if (on.means) out.positions[3 * to + k] += strength * values.means[3 * from + k];
        if (on.scales) out.logScales[3 * to + k] = Math.min(logScaleLimit, out.logScales[3 * to + k] + strength * values.scales[3 * from + k]);
        if (on.colours) {
          const dc = out.shDc[3 * to + k];
          const residual = strength * values.features_dc[3 * from + k];
          out.shDc[3 * to + k] = limit(dc + (residuals.colour === 'sigmoid' ? colourResidualToDc(dc, residual) : residual), clamps.sh);
        }
      }
      if (on.opacities) out.logitOpacities[to] = limit(out.logitOpacities[to] + strength * values.opacities[from], clamps.logitOpacity);
      if (on.quats) {
        if (residuals.quaternions === 'unit') {
          writeUnitQuaternion(scene.quats, rows[i], unit, 0);
          out.quats.set(unit, 4 * to);
        }
        for (let k = 0; k < 4; k++) out.quats[4 * to + k] += strength * values.quats[4 * from + k];
      }
      if (on.colours) for (let k = 0; k < modelRest; k++) out.shRest[width * to + k] = limit(out.shRest[width * to + k] + strength * values.features_rest[modelRest * from + k], clamps.sh);
    }
  }
  return residuals.dropNonFinite ? dropBroken(out, residuals, scene.count) : out;
}

/** The scene made of `sources`' rows, with the coefficients above the scene's own degree zero. */
function copyRows(scene: SplatScene, sources: Int32Array, degree: ShDegree): SplatScene {
  const out = createScene(sources.length, degree, scene.meta);
  const from = 3 * shRestCount(scene.shDegree);
  const to = 3 * shRestCount(degree);
  for (let i = 0; i < sources.length; i++) {
    const row = sources[i];
    for (let k = 0; k < 3; k++) {
      out.positions[3 * i + k] = scene.positions[3 * row + k];
      out.logScales[3 * i + k] = scene.logScales[3 * row + k];
      out.shDc[3 * i + k] = scene.shDc[3 * row + k];
    }
    for (let k = 0; k < 4; k++) out.quats[4 * i + k] = scene.quats[4 * row + k];
    out.logitOpacities[i] = scene.logitOpacities[row];
    for (let k = 0; k < from; k++) out.shRest[to * i + k] = scene.shRest[from * row + k];
  }
  return out;
}

/** Takes out refined splats that came out NaN or infinite; rows that never went through the network stay, broken as they were. */
function dropBroken(scene: SplatScene, residuals: RefineResiduals, originals: number): SplatScene {
  const untouched = new Uint8Array(scene.count);
  untouched.fill(1, 0, originals);
  for (const row of residuals.rows) untouched[row] = 0;
  const width = 3 * shRestCount(scene.shDegree);
  const finite = (values: Float32Array, row: number, n: number): boolean => {
    for (let k = row * n; k < row * n + n; k++) if (!Number.isFinite(values[k])) return false;
    return true;
  };
  const kept: number[] = [];
  for (let i = 0; i < scene.count; i++) {
    const fine = finite(scene.positions, i, 3) && finite(scene.logScales, i, 3) && finite(scene.quats, i, 4) && finite(scene.logitOpacities, i, 1) && finite(scene.shDc, i, 3) && finite(scene.shRest, i, width);
    if (fine || untouched[i] === 1) kept.push(i);
  }
  return kept.length === scene.count ? scene : copyRows(scene, Int32Array.from(kept), scene.shDegree);
}
