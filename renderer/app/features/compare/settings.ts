import { z } from 'zod';
import { CHANGES, type ChangeKind } from '../../../compare/change.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import type { Divider, DividerDirection, HeatMeasure } from '../../../gpu/compare-view.ts';
import type { Picture } from '../../view/picture.ts';
import { MODES, type CompareMode } from '../../window/compare-modes.ts';

export interface CompareSettings {
  /** undefined: the plain picture of before or after. */
  readonly mode: CompareMode | undefined;
  readonly direction: DividerDirection;
  /** Share of the picture that shows before. */
  readonly splitPosition: number;
  readonly measure: HeatMeasure;
  /** Luma difference at the end of the heat map, 0..1. */
  readonly heatLargest: number;
  /** Times a second that the picture goes from before to after and back. */
  readonly flickerHertz: number;
  readonly changeKind: ChangeKind;
  /** Factor on the end of the change map that was fitted to the scene. */
  readonly changeScale: number;
}

export const FIRST_SETTINGS: CompareSettings = {
  mode: undefined,
  direction: 'vertical',
  splitPosition: 0.5,
  measure: 'absolute',
  heatLargest: 0.25,
  flickerHertz: 1,
  changeKind: 'moved',
  changeScale: 1,
};

/** Settings as a project has them: one bad value does not cost the others. */
const storedSchema = z.object({
  mode: z
    .enum(MODES as [CompareMode])
    .optional()
    .catch(undefined),
  direction: z.enum(['vertical', 'horizontal']).catch(FIRST_SETTINGS.direction),
  splitPosition: z.number().min(0).max(1).catch(FIRST_SETTINGS.splitPosition),
});

/** What a project keeps of the settings. */
export function storedSettings({ mode, direction, splitPosition }: CompareSettings): z.infer<typeof storedSchema> {
  return { mode, direction, splitPosition };
}

/** The settings that `storedSettings` gave. */
export function settingsOf(stored: unknown): Pick<CompareSettings, 'mode' | 'direction' | 'splitPosition'> {
  const { mode, direction, splitPosition } = storedSchema.parse(stored);
  return { mode, direction, splitPosition };
}

/** Never more than 3 flashes a second, the bound of WCAG 2.3.1 for people with photosensitive epilepsy. */
export const FLICKER_HERTZ = [0.5, 1, 2] as const;

/** Between the halves of a side-by-side picture: a grey that is seen on light and dark. */
const MIDDLE_LINE: Divider = { widthPixels: 2, colour: [0.5, 0.52, 0.55] };

export interface ScenePair {
  readonly before: SplatScene;
  readonly after: SplatScene;
}

/**
 * The picture of a mode, or undefined for the plain one.
 * @param mapValues of the after scene's splats on the change map
 */
export function pictureOf(
  settings: CompareSettings,
  { before, after }: ScenePair,
  mapValues: Float32Array | undefined,
  flickerShows: 'before' | 'after',
): Picture | undefined {
  const { mode, direction } = settings;
  switch (mode) {
    case undefined:
      return undefined;
    case 'split':
      return { kind: 'compare', before, after, view: { mode, direction, position: settings.splitPosition } };
    case 'sideBySide':
      return { kind: 'compare', before, after, view: { mode, direction, divider: MIDDLE_LINE } };
    case 'heat':
      return {
        kind: 'compare',
        before,
        after,
        view: { mode, measure: settings.measure, largest: settings.heatLargest },
      };
    case 'flicker':
      return { kind: 'scene', scene: flickerShows === 'before' ? before : after };
    case 'changes':
      // Until a replaced scene has been measured, its splats keep the colours of the one before it.
      if (mapValues === undefined || mapValues.length !== after.count) return { kind: 'scene', scene: after };
      return { kind: 'overlay', scene: after, mapValues, map: CHANGES[settings.changeKind].map };
  }
}
