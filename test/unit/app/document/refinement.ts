import type { Refinement } from '../../../../renderer/project/scene-version.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { switchesOf } from '../../../../renderer/refine/residual-blend.ts';
import type { RefineResiduals } from '../../../../renderer/refine/residuals.ts';

/** Residuals of 0.5 in everything, for every splat of a scene. */
export function residualsOf(count: number): RefineResiduals {
  const make = (width: number): Float32Array => new Float32Array(count * width).fill(0.5);
  return {
    rows: Int32Array.from({ length: count }, (_, i) => i),
    copies: 1,
    shDegree: 1,
    values: {
      means: make(3),
      scales: make(3),
      quats: make(4),
      opacities: make(1),
      features_dc: make(3),
      features_rest: make(9),
    },
    logScale: 0,
    quaternions: 'raw',
    colour: 'sh',
    clamps: { sh: null, logitOpacity: null, normalizedLogScale: null },
    dropNonFinite: false,
  };
}

/** A refinement that came out as `scene`. */
export function refinementOf(scene: SplatScene): Refinement {
  return {
    scene,
    seconds: 1,
    description: 'test',
    modelId: 'test',
    residuals: residualsOf(scene.count),
    figures: [],
    settings: { strength: 1, switches: switchesOf(), mask: undefined },
  };
}
