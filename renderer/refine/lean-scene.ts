import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import type { ShDegree, SplatScene } from '../core/splat-scene.ts';
import { SCENE_ARRAYS, shRestCount } from '../core/splat-scene.ts';
import type { RefineResult } from './refine-scene.ts';
import { ResidualBlend } from './residual-blend.ts';

/** What a refinement elsewhere answers: the scene itself stayed where it was. */
export type RefineAnswer = Omit<RefineResult, 'scene'>;

/** Bytes from which a scene is made lean before it is handed to another process: a message holds 2 GB at most. */
const leanFromBytes = 2 ** 30;

/** Splats that are blended before messages and drawing are let through. */
const splatsAtOnce = 200_000;

/** Whether a scene is too large to be handed over as it is. */
export function isTooLargeToHandOver(scene: SplatScene, limit = leanFromBytes): boolean {
  return SCENE_ARRAYS.reduce((sum, name) => sum + scene[name].byteLength, 0) > limit;
}

/**
 * The scene as a network of an SH degree sees it: without the bands above, which are three fifths of a scene of degree
 * 3, and without the file's own columns. A splat with a band above that is no number stays one that is passed over.
 */
export function leanScene(scene: SplatScene, modelDegree: ShDegree): SplatScene {
  const { count, positions, logScales, quats, logitOpacities, shDc, meta } = scene;
  // Views show degree 1 whatever the model knows.
  const shDegree = Math.min(scene.shDegree, Math.max(1, modelDegree)) as ShDegree;
  const shRest = shDegree === scene.shDegree ? scene.shRest : withoutBandsAbove(scene, shDegree);
  return { count, shDegree, positions, logScales, quats, logitOpacities, shDc, shRest, meta };
}

function withoutBandsAbove({ count, shDegree, shRest }: SplatScene, degree: ShDegree): Float32Array {
  const [wide, narrow] = [3 * shRestCount(shDegree), 3 * shRestCount(degree)];
  const kept = new Float32Array(count * narrow);
  for (let row = 0; row < count; row++) {
    const from = row * wide;
    for (let k = 0; k < narrow; k++) kept[row * narrow + k] = shRest[from + k];
    let above = 0;
    for (let k = narrow; k < wide; k++) above += shRest[from + k];
    if (!Number.isFinite(above)) kept[row * narrow] = NaN;
  }
  return kept;
}

/** Applies the answer for a scene, or for its lean form, to the scene; the page stays responsive meanwhile. */
export async function applyAnswer(scene: SplatScene, answer: RefineAnswer): Promise<RefineResult> {
  const blend = new ResidualBlend(scene, answer.residuals);
  blend.start({ strength: answer.strength });
  while (!blend.advance(splatsAtOnce)) await yieldToEventLoop();
  return { ...answer, scene: blend.take() };
}
