import type { WritableFormatId } from '../io/write-scene.ts';
import type { Up } from '../refine/canonical-frame.ts';
import type { Answer, ModelFile, SaveTarget, SceneFile } from './desktop.ts';

/** Scenes to refine without a window; main opens and writes their files one by one. */
export interface RefineJobRequest {
  readonly kind: 'refine';
  /** Number of scenes. */
  readonly scenes: number;
  readonly model: ModelFile;
  readonly strength: number;
  /** See `RefineOptions`. */
  readonly up?: Up | undefined;
  readonly format: WritableFormatId;
  /** Kept in every answer, see `encodeScene`. */
  readonly comment: string;
}

/** How it went with one scene; the report is refineScene's. */
export type RefineJobOutcome =
  | { readonly ok: true; readonly report: Record<string, unknown> }
  | { readonly ok: false; readonly error: { readonly code: string; readonly message: string } };

/** What a refine job asks of main; scenes by their place in the job, counted from 0. */
export interface RefineJobBridge {
  openRefineInput(place: number): Promise<Answer<SceneFile>>;
  /** The answer's file, to be written like any other save. */
  beginRefineOutput(place: number): Promise<Answer<SaveTarget>>;
  reportRefined(place: number, outcome: RefineJobOutcome): Promise<Answer<undefined>>;
}
