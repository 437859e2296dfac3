import type { BatchStatus } from '../../../batch/view.ts';
import { countsText } from '../../../batch/words.ts';
import { sentenceOf } from '../../../core/errors.ts';
import { button } from '../../ui/buttons.ts';
import { el } from '../../ui/dom.ts';
import type { IconName } from '../../ui/icons.ts';
import type { BatchModel } from './model.ts';

export interface SheetActions {
  addFiles(): void;
  addFolder(): void;
  retryFailed(): void;
  /** Takes finished files off the list. */
  clearDone(): void;
  clearAll(): void;
  saveReport(): void;
  resume(): void;
  dismissResume(): void;
}

/** The lower half of the stage while the batch's panel is open: the table and what acts on the list as such. */
export class BatchSheet {
  readonly element = el('section', { class: 'batch-sheet', 'aria-label': 'Batch' });
  private readonly offer = el('div', { class: 'batch-offer' });
  private readonly offerText = el('span');
  private readonly problem = el('p', { class: 'batch-problem' });
  private readonly empty: HTMLElement;
  private readonly retry: HTMLButtonElement;
  private readonly clearDone: HTMLButtonElement;
  private readonly clearAll: HTMLButtonElement;
  private readonly report: HTMLButtonElement;

  constructor(
    private readonly model: BatchModel,
    private readonly table: HTMLElement,
    actions: SheetActions,
  ) {
    this.retry = listButton('Retry failed', actions.retryFailed, 'retry');
    this.clearDone = listButton('Clear done', actions.clearDone, 'check');
    this.clearAll = listButton('Clear list', actions.clearAll, 'remove');
    this.report = listButton('Save report…', actions.saveReport, 'save');
    const resume = button('Resume', actions.resume, { kind: 'primary', icon: 'play' });
    this.offer.append(this.offerText, resume, button('Not now', actions.dismissResume));
    this.offer.role = 'alert';
    this.problem.role = 'alert';
    this.offer.hidden = true;
    this.problem.hidden = true;
    this.empty = el(
      'div',
      { class: 'batch-empty' },
      el('h3', { text: 'Refine many scenes in one go' }),
      el('p', {
        text: 'Drop scene files or a folder here, or choose them. Subfolders are included. Nothing is overwritten.',
      }),
    );
    this.element.append(
      el(
        'header',
        {},
        listButton('Add files…', actions.addFiles, 'addFile'),
        listButton('Add folder…', actions.addFolder, 'addFolder'),
        el('span', { class: 'space' }),
        this.retry,
        this.clearDone,
        this.clearAll,
        this.report,
      ),
      this.offer,
      this.problem,
      table,
      this.empty,
    );
    model.watch({
      rows: () => this.showRows(),
      status: (status) => this.showStatus(status),
      progress: () => undefined,
    });
    this.showRows();
  }

  private showRows(): void {
    const { counts, size } = this.model;
    this.empty.hidden = size > 0;
    this.table.hidden = size === 0;
    this.retry.disabled = counts.failed === 0;
    this.clearDone.disabled = counts.done === 0;
    this.clearAll.disabled = size === 0 || this.model.status?.run !== 'idle';
    this.report.disabled = size === 0 || counts.queued === size;
    this.offerText.textContent = `The app ended in the middle of this batch: ${countsText(counts)}.`;
  }

  private showStatus({ offersResume, problem }: BatchStatus): void {
    this.offer.hidden = !offersResume;
    this.problem.hidden = problem === undefined;
    this.problem.textContent = problem === undefined ? '' : `The batch stopped. ${sentenceOf(problem)}`;
    this.showRows();
  }
}

/** On a narrow stage its icon stands alone; the title then says what it does. */
function listButton(label: string, action: () => void, icon: IconName): HTMLButtonElement {
  return button(label, action, { icon, title: label });
}
