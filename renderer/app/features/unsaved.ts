import type { OpenedFile } from '../../bridge/project.ts';
import type { UnsavedWork } from '../../bridge/window.ts';
import { isUnsaved, unsavedWork } from '../document/document.ts';
import type { AppContext, Feature } from '../feature.ts';
import { askInDialog } from '../ui/dialog.ts';

/** Asks before another scene takes the place of unsaved changes, and lets main ask before the window closes on them. */
export class UnsavedFeature implements Feature {
  readonly commands = {};
  private isAsking = false;
  /** What main was sent last. */
  private reported: UnsavedWork | undefined;

  constructor(private readonly context: AppContext) {
    const { actions, document } = context;
    actions.openGates.push((file) => this.mayReplace(file));
    window.desktop.onSaveToLeave(() => void this.save().then((isSaved) => window.desktop.savedToLeave(isSaved)));
    document.watch((state) => this.report(unsavedWork(state)));
  }

  /** Resolves with whether everything is in a file afterwards: a change during the save is not. */
  private async save(): Promise<boolean> {
    return (await this.context.actions.save()) && !isUnsaved(this.context.document.state);
  }

  private async mayReplace({ name }: OpenedFile): Promise<boolean> {
    const { document } = this.context;
    if (!isUnsaved(document.state)) return true;
    if (this.isAsking) {
      document.complain(
        `${name} was not opened, because another question waits for your answer. ` +
          `Answer it, then open ${name} again.`,
      );
      return false;
    }
    this.isAsking = true;
    try {
      const answer = await this.ask(name);
      return answer === 'discard' || (answer === 'save' && (await this.save()));
    } finally {
      this.isAsking = false;
    }
  }

  private ask(name: string): Promise<'cancel' | 'discard' | 'save' | undefined> {
    const open = this.context.document.state.file?.name ?? 'The open scene';
    return askInDialog({
      title: 'Save the scene first?',
      body: `${open} has unsaved changes. Opening ${name} discards them unless you save them.`,
      actions: [
        { label: 'Cancel', value: 'cancel' },
        { label: 'Discard', value: 'discard', kind: 'danger' },
        { label: 'Save…', value: 'save', kind: 'primary' },
      ],
    });
  }

  private report(work: UnsavedWork): void {
    if (work === this.reported) return;
    this.reported = work;
    void window.desktop.setUnsavedWork(work);
  }
}
