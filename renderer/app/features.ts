import type { FeatureClass } from './feature.ts';
import { BatchFeature } from './features/batch/batch.ts';
import { FirstRunFeature } from './features/first-run/first-run.ts';
import { FocusFeature } from './features/focus.ts';
import { CompareFeature } from './features/compare/compare.ts';
import { EditFeature } from './features/edit/edit.ts';
import { FrameTimingsFeature } from './features/frame-timings/frame-timings.ts';
import { HelpFeature } from './features/help/help.ts';
import { JudgeFeature } from './features/judge/judge.ts';
import { ModelsFeature } from './features/models/models.ts';
import { RefinementFeature } from './features/refinement/refinement.ts';
import { SceneFeature } from './features/scene/scene.ts';
import { ShowFeature } from './features/show/show.ts';
import { ThemeFeature } from './features/theme.ts';
import { UpQuestionFeature } from './features/up-question/up-question.ts';
import { UnsavedFeature } from './features/unsaved.ts';
import { ViewFeature } from './features/view.ts';
import { ZoomFeature } from './features/zoom.ts';

/**
 * Every part of the app, in the order of the dock's rail and of who is asked first about keys and drops. The theme
 * comes first: others draw in its colours when it changes.
 */
export const FEATURES: readonly FeatureClass[] = [
  ThemeFeature,
  SceneFeature,
  UnsavedFeature,
  ModelsFeature,
  ViewFeature,
  RefinementFeature,
  EditFeature,
  BatchFeature,
  CompareFeature,
  JudgeFeature,
  FrameTimingsFeature,
  ShowFeature,
  FirstRunFeature,
  UpQuestionFeature,
  FocusFeature,
  ZoomFeature,
  HelpFeature,
];
