import type { UpdateView } from '../../../bridge/updates.ts';
import { formatBytes } from '../../../core/units.ts';
import { button } from '../../ui/buttons.ts';
import { row, switchField } from '../../ui/controls.ts';
import { makeDialog } from '../../ui/dialog.ts';
import { el } from '../../ui/dom.ts';
import { updateWords } from './update-words.ts';

/** What a person can do about new versions. */
export interface UpdateActions {
  lookAtStart(isWanted: boolean): void;
  check(): void;
  download(): void;
  cancel(): void;
  installAtQuit(isWanted: boolean): void;
  restart(): void;
}

/** The dialog of Help > Check for Updates. */
export class UpdateDialog {
  private readonly words = el('div', { class: 'words', 'aria-live': 'polite' });
  private readonly bar = el('wa-progress-bar');
  private readonly barText = el('span', { class: 'hint' });
  private readonly transfer = el('div', { class: 'transfer' }, this.bar, this.barText);
  private readonly buttons = row();
  private readonly atStart = switchField('Look at every start', (isOn) => this.actions.lookAtStart(isOn));
  private readonly atQuit = switchField('Install when the app is quit', (isOn) => this.actions.installAtQuit(isOn));
  private readonly dialog;
  private shape = '';

  constructor(private readonly actions: UpdateActions) {
    this.bar.label = 'Download';
    // Takes the focus where the button that had it is gone.
    this.words.tabIndex = -1;
    const body = el(
      'div',
      { class: 'updates' },
      ...[this.words, this.transfer, this.atQuit.element, this.atStart.element, this.buttons],
    );
    this.dialog = makeDialog('Updates', body);
  }

  get isOpen(): boolean {
    return this.dialog.element.open;
  }

  open(): void {
    this.dialog.open();
  }

  close(): void {
    this.dialog.close();
  }

  show(view: UpdateView): void {
    const { step, atStart, host } = view;
    const isMoving = step.kind === 'downloading';
    this.transfer.hidden = !isMoving;
    if (isMoving) {
      this.bar.value = (100 * step.bytes) / Math.max(1, step.totalBytes);
      this.barText.textContent = `${formatBytes(step.bytes)} of ${formatBytes(step.totalBytes)}`;
    }
    this.atStart.element.hidden = atStart === undefined || host === '' || step.kind === 'impossible';
    this.atStart.show(atStart === true);
    this.atQuit.element.hidden = step.kind !== 'ready';
    this.atQuit.show(step.kind === 'ready' && step.atQuit);
    // A download's progress must not take the focus from its Cancel, nor be read out each time.
    const shape = JSON.stringify([updateWords(view), step.kind, atStart === undefined]);
    if (shape === this.shape) return;
    this.shape = shape;
    const hadFocus = this.buttons.contains(document.activeElement);
    this.words.classList.toggle('error-text', step.kind === 'failed');
    this.words.replaceChildren(...updateWords(view).map((text) => el('p', { text })));
    this.buttons.replaceChildren(...this.buttonsOf(view));
    if (hadFocus) (this.buttons.querySelector<HTMLElement>('button') ?? this.words).focus();
  }

  private buttonsOf({ step, atStart }: UpdateView): HTMLElement[] {
    const { actions } = this;
    const answer = (isWanted: boolean) => () => {
      actions.lookAtStart(isWanted);
      actions.check();
    };
    const primary = { kind: 'primary' } as const;
    switch (step.kind) {
      case 'idle':
        if (atStart !== undefined) return [button('Look Now', () => actions.check(), primary)];
        return [button('Look Now', answer(false), primary), button('Now and at Every Start', answer(true))];
      case 'newest':
        return [button('Look Again', () => actions.check())];
      case 'offered':
        return [button('Download', () => actions.download(), primary)];
      case 'downloading':
        return [button('Cancel', () => actions.cancel())];
      case 'ready':
        return [button('Restart and Install', () => actions.restart(), primary)];
      case 'failed':
        return [button('Try Again', () => actions.check(), primary)];
      case 'checking':
      case 'impossible':
        return [];
    }
  }
}
