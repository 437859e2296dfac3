import type { SceneFile } from '../../bridge/files.ts';
import type { UnsavedWork } from '../../bridge/window.ts';
import { isUnsaved, unsavedWork } from '../document/document.ts';
import type { AppContext, Feature } from '../feature.ts';
import { askInDialog } from '../ui/dialog.ts';

/** Asks before another scene takes the place of unsaved changes, and lets main ask before the window closes on them. */
export function unsavedFeature({ document, actions }: AppContext): Feature {
  let isAsking = false;
  let told: UnsavedWork | undefined;

  /** Whether everything is in a file afterwards: a change during the save is not. */
  const save = async (): Promise<boolean> => (await actions.saveAs()) && !isUnsaved(document.state);
  const mayReplace = async ({ name }: SceneFile): Promise<boolean> => {
    if (!isUnsaved(document.state)) return true;
    if (isAsking) {
      document.complain(
        `${name} was not opened, because another question waits for your answer. Answer it, then open ${name} again.`,
      );
      return false;
    }
    isAsking = true;
    try {
      const answer = await askInDialog({
        title: 'Save the scene first?',
        body: `${document.state.file?.name ?? 'The open scene'} has changes that are in no file. Opening ${name} discards them unless you save them.`,
        actions: [
          { label: 'Cancel', value: 'cancel' },
          { label: 'Discard', value: 'discard', kind: 'danger' },
          { label: 'Save…', value: 'save', kind: 'primary' },
        ],
      });
      return answer === 'discard' || (answer === 'save' && (await save()));
    } finally {
      isAsking = false;
    }
  };

  actions.openGates.push(mayReplace);
  window.desktop.onSaveToLeave(() => void save().then((isSaved) => window.desktop.savedToLeave(isSaved)));
  document.watch((state) => {
    const work = unsavedWork(state);
    if (work === told) return;
    told = work;
    void window.desktop.setUnsavedWork(work);
  });
  return { commands: {} };
}
