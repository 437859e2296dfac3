import { PROJECT_EXTENSION } from '../../renderer/project/extension.ts';

/** Whether a path is that of a project, by its ending. */
export function isProjectPath(path: string): boolean {
  return path.toLowerCase().endsWith(PROJECT_EXTENSION);
}
