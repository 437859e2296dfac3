import type { FeatureFactory } from './feature.ts';
import { batchFeature } from './features/batch.ts';
import { firstRunFeature } from './features/first-run.ts';
import { focusFeature } from './features/focus.ts';
import { compareFeature } from './features/compare.ts';
import { editFeature } from './features/edit.ts';
import { frameTimingsFeature } from './features/frame-timings.ts';
import { helpFeature } from './features/help.ts';
import { judgeFeature } from './features/judge.ts';
import { modelsFeature } from './features/models.ts';
import { refinementFeature } from './features/refinement.ts';
import { sceneFeature } from './features/scene.ts';
import { showFeature } from './features/show.ts';
import { themeFeature } from './features/theme.ts';
import { unsavedFeature } from './features/unsaved.ts';
import { viewFeature } from './features/view.ts';
import { zoomFeature } from './features/zoom.ts';

/** Every part of the app, in the order of the dock's rail and of who is asked first about keys and drops. The theme comes first: others draw in its colours when it changes. */
export const FEATURES: readonly FeatureFactory[] = [themeFeature, sceneFeature, unsavedFeature, modelsFeature, viewFeature, refinementFeature, editFeature, batchFeature, compareFeature, judgeFeature, frameTimingsFeature, showFeature, firstRunFeature, focusFeature, zoomFeature, helpFeature];
