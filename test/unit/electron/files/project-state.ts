import type { ProjectState } from '../../../../renderer/project/project-schema.ts';

/** The state of a project about a scene of this name, with nothing done to it. */
export function projectState(sceneName: string): ProjectState {
  return {
    sceneName,
    held: {},
    shown: 'before',
    pose: { position: [0, 0, 2], target: [0, 0, 0], orientation: [0, 0, 0, 1], fovYDegrees: 50 },
    panel: '',
    showGrid: false,
    showAxes: false,
    features: {},
  };
}
