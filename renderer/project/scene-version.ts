import type { SplatScene } from '../core/splat-scene.ts';
import type { SplatMask } from '../edit/selection.ts';
import type { Region } from '../refine/region-choice.ts';
import type { AttributeSwitches, RefineResiduals } from '../refine/residuals.ts';

/** How much of a refinement is shown, and where; applied anew without another run of the network. */
export interface RefineSettings {
  /** Factor on what the network said, 1 as the model means it. */
  readonly strength: number;
  readonly switches: Required<AttributeSwitches>;
  /** Splats of the original that may change; undefined: all. */
  readonly mask: SplatMask | undefined;
}

/** What a refinement brought. */
export interface Refinement {
  /** The original with the residuals as the settings say. */
  readonly scene: SplatScene;
  readonly seconds: number;
  /** Where it ran and with which model, in words. */
  readonly description: string;
  /** Names the model's content: the same one need not be asked again about the same scene. */
  readonly modelId: string;
  readonly residuals: RefineResiduals;
  readonly settings: RefineSettings;
  /** What it did: labels and values in words. */
  readonly figures: readonly (readonly [label: string, value: string])[];
}

/** What a step of the history holds. */
export interface SceneVersion {
  readonly original: SplatScene;
  readonly refined: Refinement | undefined;
  /** Selected splats of the original; undefined: none. */
  readonly selection: SplatMask | undefined;
  /** What the next refinement changes. */
  readonly region: Region;
}
