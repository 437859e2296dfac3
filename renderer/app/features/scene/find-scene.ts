import type { SceneFile } from '../../../bridge/files.ts';
import type { FoundScene, ProjectFile } from '../../../bridge/project.ts';
import { askInDialog } from '../../ui/dialog.ts';

type Answer = 'locate' | 'use' | 'cancel';

/**
 * Asks for the scene of a project that is not where it was, or is another one now, until one is found or a person
 * leaves it.
 * @param locate asks in a file dialog; throws what that does
 */
export async function findScene(
  project: ProjectFile,
  locate: () => Promise<FoundScene | undefined>,
): Promise<SceneFile | undefined> {
  let found: FoundScene = project.scene;
  while (found.status !== 'same') {
    const answer = await askAbout(project, found);
    if (answer === 'use') break;
    if (answer !== 'locate') return undefined;
    found = (await locate()) ?? found;
  }
  return found.file;
}

function askAbout({ name, isSession }: ProjectFile, { status, file }: FoundScene): Promise<Answer | undefined> {
  const what = isSession ? 'The last session' : name;
  const isMissing = status === 'missing';
  return askInDialog<Answer>({
    title: isMissing ? `Where is ${file.name}?` : `${file.name} has changed`,
    body: isMissing
      ? `${what} was made with ${file.name}, which is not there any more. Nothing is lost: show where it is now.`
      : `${what} was made with another ${file.name} than the one that is there now. ` +
        'Edits and refinement fit the splats they were made with, and may spoil others.',
    actions: [
      { label: 'Cancel', value: 'cancel' },
      ...(isMissing ? [] : [{ label: 'Use It Anyway', value: 'use' as const }]),
      { label: 'Locate…', value: 'locate', kind: 'primary' },
    ],
  });
}
