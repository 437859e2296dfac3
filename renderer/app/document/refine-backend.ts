import { SplatError, isGpuFailure } from '../../core/errors.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { applyAnswer, isTooLargeToHandOver, leanScene } from '../../refine/lean-scene.ts';
import { refineInWorker } from '../../refine/refine-client.ts';
import type { RefineReport } from '../../refine/refine-scene.ts';
import type { RefineResiduals } from '../../refine/residuals.ts';
import type { InferenceOptions, ModelBytes } from '../../bridge/inference-messages.ts';
import { decodedModel } from './model-choice.ts';
import { refineNatively } from './native-inference.ts';

interface Refined {
  readonly scene: SplatScene;
  readonly report: RefineReport;
  /** What the network said, to be applied again at another strength. */
  readonly residuals: RefineResiduals;
  /** What computed, in words. */
  readonly backend: string;
}

/**
 * Refines on WebGPU, or on the CPU where that is preferred: a software adapter is slower than the processor it runs on.
 * Native inference does it there; it also steps in when WebGPU fails, and WASM when the native process can't be had.
 */
export async function refineWithBestBackend(
  scene: SplatScene,
  model: ModelBytes,
  prefersCpu: boolean,
  options: InferenceOptions,
): Promise<Refined> {
  if (!prefersCpu) {
    try {
      return await inWorker(scene, model, 'webgpu', options);
    } catch (error) {
      if (!isGpuFailure(error)) throw error;
      void window.desktop.log('warning', `WebGPU inference failed, the CPU takes over: ${error.sentence}`);
    }
  }
  try {
    const lean = isTooLargeToHandOver(scene)
      ? leanScene(scene, (await decodedModel(model, options.signal)).manifest.shDegree)
      : scene;
    const answer = await refineNatively(lean, model, options);
    return { ...(await applyAnswer(scene, answer)), backend: 'CPU' };
  } catch (error) {
    if (!(error instanceof SplatError && error.code === 'io')) throw error;
    void window.desktop.log('warning', `Native inference failed, WASM takes over: ${error.sentence}`);
    return inWorker(scene, model, 'wasm', options);
  }
}

async function inWorker(
  scene: SplatScene,
  model: ModelBytes,
  device: 'webgpu' | 'wasm',
  options: InferenceOptions,
): Promise<Refined> {
  options.onProgress?.({ stage: 'Loading the model', fraction: 0 });
  const result = await refineInWorker(scene, await decodedModel(model, options.signal), { ...options, device });
  return { ...result, backend: device === 'webgpu' ? 'WebGPU' : 'WASM' };
}
