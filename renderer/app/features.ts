import type { FeatureFactory } from './feature.ts';
import { batchFeature } from './features/batch/batch.ts';
import { firstRunFeature } from './features/first-run.ts';
import { focusFeature } from './features/focus.ts';
import { compareFeature } from './features/compare/compare.ts';
import { editFeature } from './features/edit/edit.ts';
import { frameTimingsFeature } from './features/frame-timings/frame-timings.ts';
import { helpFeature } from './features/help/help.ts';
import { judgeFeature } from './features/judge/judge.ts';
import { modelsFeature } from './features/models/models.ts';
import { refinementFeature } from './features/refinement/refinement.ts';
import { sceneFeature } from './features/scene.ts';
import { showFeature } from './features/show/show.ts';
import { themeFeature } from './features/theme.ts';
import { unsavedFeature } from './features/unsaved.ts';
import { viewFeature } from './features/view.ts';
import { zoomFeature } from './features/zoom.ts';

/**
 * Every part of the app, in the order of the dock's rail and of who is asked first about keys and drops. The theme
 * comes first: others draw in its colours when it changes.
 */
export const FEATURES: readonly FeatureFactory[] = [
  themeFeature,
  sceneFeature,
  unsavedFeature,
  modelsFeature,
  viewFeature,
  refinementFeature,
  editFeature,
  batchFeature,
  compareFeature,
  judgeFeature,
  frameTimingsFeature,
  showFeature,
  firstRunFeature,
  focusFeature,
  zoomFeature,
  helpFeature,
];
