import type { Target } from './target.ts';
import { APP_FILE_TARGETS } from './targets/app-files.ts';
import { BRIDGE_TARGETS } from './targets/bridge.ts';
import { CAMERA_TARGETS } from './targets/cameras.ts';
import { COMMAND_LINE_TARGETS } from './targets/command-line.ts';
import { MODEL_TARGETS } from './targets/models.ts';
import { PROJECT_TARGETS } from './targets/projects.ts';
import { OUTPUT_TARGETS, SCENE_TARGETS } from './targets/scenes.ts';

/** Every reader of files and messages that others may have made. */
export const TARGETS: readonly Target[] = [
  ...SCENE_TARGETS,
  ...OUTPUT_TARGETS,
  ...MODEL_TARGETS,
  ...CAMERA_TARGETS,
  ...APP_FILE_TARGETS,
  ...PROJECT_TARGETS,
  ...BRIDGE_TARGETS,
  ...COMMAND_LINE_TARGETS,
];
