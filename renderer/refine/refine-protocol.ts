import type { ErrorRecord } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import type { RefineStage } from '../core/stages.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { WebDeviceChoice } from './backend-web.ts';
import type { RefineModel } from './model.ts';
import type { RefineAnswer } from './lean-scene.ts';
import type { SceneKnowledge } from './refine-scene.ts';

/**
 * Messages to the refine worker. A model travels once and takes the place of the one before; jobs name it by `modelId`.
 */
export type RefineRequest =
  | { readonly type: 'model'; readonly modelId: number; readonly model: RefineModel }
  | {
      readonly type: 'refine';
      readonly job: number;
      readonly modelId: number;
      readonly scene: SplatScene;
      readonly device: WebDeviceChoice;
      readonly strength: number;
      readonly knowledge: SceneKnowledge;
    }
  | { readonly type: 'cancel'; readonly job: number };

export type RefineReply =
  | { readonly type: 'progress'; readonly job: number; readonly progress: Progress<RefineStage> }
  | { readonly type: 'done'; readonly job: number; readonly answer: RefineAnswer }
  | { readonly type: 'failed'; readonly job: number; readonly failure: ErrorRecord };
