import type { ProjectFile, ProjectFiles } from '../../../bridge/project.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { Workplace } from '../../document/project-actions.ts';
import type { AppContext } from '../../feature.ts';

/** What a project has of this window: the view, the guides, the open panel, and what the features keep. */
export function workplaceOf(context: AppContext): Workplace {
  const { actions, dock, documentView, memory, viewport } = context;
  return {
    read: () => {
      const { showGrid, showAxes } = memory.current;
      const parts = context.keptParts().map(({ id, read }) => [id, read()] as const);
      return {
        pose: documentView.pose,
        panel: dock.openPanel,
        ...{ showGrid, showAxes },
        features: Object.fromEntries(parts.filter(([, value]) => value !== undefined)),
      };
    },
    files: () => Object.assign({}, ...context.keptParts().map(({ files }) => files?.())) as Partial<ProjectFiles>,
    restore: async (project: ProjectFile) => {
      const { pose, panel, showGrid, showAxes, features } = project.state;
      memory.change({ showGrid, showAxes });
      viewport.view.showPose(pose);
      for (const { id, restore } of context.keptParts()) {
        try {
          if (id in features) await restore(features[id], project);
        } catch (error) {
          // What one part of the window can't use does not cost the others theirs.
          actions.report(toSplatError(error, 'io', `A part of ${project.name} could not be restored`));
        }
      }
      dock.show(panel);
    },
  };
}
