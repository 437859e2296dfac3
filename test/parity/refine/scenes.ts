import { createScene } from '../../../renderer/core/splat-scene.ts';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { modelFromTensors } from '../../../renderer/refine/model.ts';
import type { RefineModel } from '../../../renderer/refine/model.ts';
import { hashedStateDict } from '../../models/hashed-weights.ts';

/**
 * @param extra further keys of the description file; @param sight whether the weights take what is seen of the splats
 */
export function tinyModel(shDegree: ShDegree, extra: object = {}, sight = false): RefineModel {
  const widths = { encoder: [8, 16, 16], decoder: [16, 16], encoderDepths: [1, 1, 1], decoderDepths: [1, 1], shDegree };
  const sidecar = {
    kind: 'splatformer',
    ...widths,
    encoderHeads: [1, 2, 2],
    decoderHeads: [2, 2],
    patchSize: 128,
    gridResolution: 32,
    strides: [1, 2],
    quaternions: 'raw',
    normalization: 'boundingBox',
    ...extra,
  };
  return modelFromTensors(hashedStateDict({ ...widths, sight }, 7), sidecar, 'tiny');
}

export function randomScene(count: number, shDegree: ShDegree, seed = 1): SplatScene {
  const scene = createScene(count, shDegree, { antialiased: false, up: 'y', format: 'test', name: 'random' });
  let state = seed;
  const fill = (values: Float32Array, lo: number, hi: number): void => {
    for (let i = 0; i < values.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      values[i] = lo + ((hi - lo) * state) / 2 ** 32;
    }
  };
  fill(scene.positions, -2, 2);
  fill(scene.logScales, -5, -3);
  fill(scene.quats, -1, 1);
  fill(scene.logitOpacities, -2, 3);
  fill(scene.shDc, -1, 1);
  fill(scene.shRest, -0.2, 0.2);
  return scene;
}
