import type { UpdateView } from '../../../bridge/updates.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { Answer } from '../../../bridge/answer.ts';
import { ask } from '../../desktop.ts';
import type { AppContext } from '../../feature.ts';
import { UpdateDialog } from './update-dialog.ts';
import { newsOf } from './update-words.ts';

/** New versions of the app: looked for by a click, or at every start where a person has said so. */
export class Updates {
  private readonly dialog: UpdateDialog;
  private shown: UpdateView['step']['kind'] = 'idle';
  /** What came while the first scene was opened, which says its own. */
  private untold: string | undefined;
  private isStarted = false;

  constructor(private readonly context: AppContext) {
    const { desktop } = window;
    this.dialog = new UpdateDialog({
      lookAtStart: (isWanted) => void this.attempt(desktop.lookAtStart(isWanted)),
      check: () => void this.attempt(desktop.checkForUpdates()),
      download: () => void this.attempt(desktop.downloadUpdate()),
      cancel: () => void this.attempt(desktop.cancelUpdateDownload()),
      installAtQuit: (isWanted) => void this.attempt(desktop.installAtQuit(isWanted)),
      restart: () => void this.restart(),
    });
    desktop.onUpdateChanged((view) => this.changed(view));
  }

  /** Shows how far it is; a person who was asked before has asked by this very click. */
  async open(): Promise<void> {
    const view = await this.attempt(window.desktop.updateView());
    if (view === undefined) return;
    this.dialog.show(view);
    this.dialog.open();
    if (view.atStart !== undefined && ['idle', 'newest', 'failed'].includes(view.step.kind))
      await this.attempt(window.desktop.checkForUpdates());
  }

  /** Tells what came before the window was ready. */
  started(): void {
    this.isStarted = true;
    if (this.untold !== undefined) this.tell(this.untold);
  }

  private async restart(): Promise<void> {
    await this.attempt(window.desktop.installAtQuit(true));
    this.dialog.close();
    this.context.run('view.restart');
  }

  private changed(view: UpdateView): void {
    const isNew = view.step.kind !== this.shown;
    this.shown = view.step.kind;
    this.dialog.show(view);
    const news = newsOf(view.step);
    if (!isNew || news === undefined || this.dialog.isOpen) return;
    if (this.isStarted) this.tell(news);
    else this.untold = news;
  }

  private tell(news: string): void {
    this.context.document.add(news, [{ label: 'Updates…', command: 'help.updates' }]);
  }

  private async attempt<T>(question: Promise<Answer<T>>): Promise<T | undefined> {
    try {
      return await ask(question);
    } catch (error) {
      this.context.actions.report(toSplatError(error, 'io', 'That did not work'));
      return undefined;
    }
  }
}
