import type { Progress } from '../core/progress.ts';
import type { RefineStage } from '../core/stages.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { RefineModel } from '../refine/model.ts';
import type { RefineReport } from '../refine/refine-scene.ts';
import type { UpAxis } from '../core/up-axes.ts';
import type { ErrorRecord } from '../core/errors.ts';

/** The batch's process to the page, which has the graphics card. The model travels once; one job at a time. */
export type ToPage =
  | { readonly kind: 'model'; readonly model: RefineModel }
  | {
      readonly kind: 'refine';
      readonly job: number;
      readonly scene: SplatScene;
      readonly strength: number;
      readonly up: UpAxis | undefined;
    };

export type FromPage =
  | { readonly kind: 'progress'; readonly job: number; readonly progress: Progress<RefineStage> }
  | { readonly kind: 'done'; readonly job: number; readonly scene: SplatScene; readonly report: RefineReport }
  | { readonly kind: 'failed'; readonly job: number; readonly failure: ErrorRecord };
