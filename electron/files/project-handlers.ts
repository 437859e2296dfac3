import { dirname } from 'node:path';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import type { PROJECT_MESSAGES } from '../../renderer/bridge/project.ts';
import { PROJECT_EXTENSION } from '../../renderer/project/extension.ts';
import { OPEN_FILTERS, PROJECT_FILTERS, SCENE_FILTERS } from './dialogs.ts';
import type { Dialogs } from './dialogs.ts';
import type { FileTable } from './files.ts';
import { requireScene } from './named-content.ts';
import { isProjectPath } from './project-path.ts';
import type { Projects } from './projects.ts';
import type { SessionStore } from './session-store.ts';
import { withEnding } from './with-ending.ts';

export interface ProjectHandlerParts {
  readonly files: FileTable;
  readonly dialogs: Dialogs;
  readonly projects: Projects;
  readonly session: SessionStore;
  /** A project was saved at this path. */
  readonly rememberScene: (path: string) => void;
}

/** Answers to the page's messages about projects and the session. */
export function projectHandlers({
  files,
  dialogs,
  projects,
  session,
  rememberScene,
}: ProjectHandlerParts): HandlersOf<typeof PROJECT_MESSAGES> {
  return {
    showOpen: async () => {
      const path = await dialogs.openFile({ title: 'Open a scene or a project', filters: OPEN_FILTERS });
      return path === undefined ? undefined : projects.openAny(path);
    },
    openDropped: async (path) => {
      if (!isProjectPath(path)) await requireScene(path);
      return projects.openAny(path);
    },
    showSaveProject: async (suggestedName, sceneId) => {
      const path = await dialogs.saveFile({
        title: 'Save the project',
        suggestedName,
        filters: PROJECT_FILTERS,
        folder: dirname(files.pathOf(sceneId)),
      });
      return path === undefined ? undefined : files.beginSave(await withEnding(path, PROJECT_EXTENSION), sceneId);
    },
    writeProjectPart: (saveId, part, bytes, isLast) => projects.write(saveId, part, bytes, isLast),
    finishProject: async (saveId, refs, state) => rememberScene(await projects.finish(saveId, refs, state)),
    abandonProject: (saveId) => projects.abandon(saveId),
    locateScene: async (projectId) => {
      const path = await dialogs.openFile({ title: 'Where is the scene?', filters: SCENE_FILTERS });
      return path === undefined ? undefined : projects.locate(projectId, path);
    },
    beginSessionPart: async (part, size) => files.beginSave(await session.partPath(part, size), undefined),
    finishSessionPart: async (saveId) => {
      await files.finishSave(saveId);
    },
    keepSession: (refs, state, partIds) => projects.keepSession(refs, state, new Set(partIds)),
    openLeftSession: () => projects.openLeftSession(),
    dropLeftSession: () => session.dropLeft(),
    sessionHolds: () => session.holds(),
  };
}
