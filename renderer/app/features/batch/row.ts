import type { BatchProgressView, BatchRow } from '../../../batch/view.ts';
import { STATE_LABELS } from '../../../batch/words.ts';
import { sentenceOf } from '../../../core/errors.ts';
import { formatBytes, formatDuration, formatCount, splats as splatsText } from '../../../core/units.ts';
import { el } from '../../ui/dom.ts';

/** One file's row of the table: made once, then only what changed is written. */
export class RowView {
  readonly element = el('tr');
  /** Where the table puts the buttons of the row that is looked at. */
  readonly actions = el('td', { class: 'actions' });
  private readonly name = el('span', { class: 'name' });
  private readonly folder = el('span');
  /** What a narrow table has no columns for, as `timeBelow` is. */
  private readonly facts = el('span', { class: 'facts' });
  private readonly size = el('td', { class: 'number' });
  private readonly splats = el('td', { class: 'number' });
  private readonly state = el('span', { class: 'state' });
  private readonly bar = el('progress', { 'aria-label': 'Progress of this file' });
  private readonly time = el('td', { class: 'number' });
  private readonly timeBelow = el('span', { class: 'facts' });
  private readonly result = el('span', { class: 'result' });
  /** What the file is at, were it not paused. */
  private label = '';
  private isRunning = false;
  private isHeld = false;

  constructor(row: BatchRow) {
    this.element.tabIndex = -1;
    this.element.dataset['id'] = row.id;
    this.bar.max = 1;
    this.bar.hidden = true;
    const name = el('th', {}, this.name, el('span', { class: 'folder' }, this.folder, this.facts));
    name.scope = 'row';
    this.element.append(
      name,
      this.size,
      this.splats,
      el('td', {}, this.state, this.timeBelow, this.bar),
      this.time,
      el('td', {}, this.result),
      this.actions,
    );
    this.show(row);
  }

  show(row: BatchRow): void {
    const { state, error } = row;
    this.element.dataset['state'] = state;
    this.name.textContent = row.name;
    this.name.title = row.name;
    this.folder.textContent = row.folder;
    this.folder.title = row.folder;
    this.size.textContent = formatBytes(row.bytes);
    this.showSplats(row.splats);
    this.label = STATE_LABELS[state];
    this.isRunning = state === 'running';
    this.showState();
    this.showTime(row.milliseconds);
    const sentence = error === undefined ? undefined : sentenceOf(error);
    const output =
      row.outputName === undefined
        ? ''
        : row.outputBytes === undefined
          ? row.outputName
          : [row.outputName, formatBytes(row.outputBytes), ...(row.notes ?? [])].join(' · ');
    this.result.textContent = sentence ?? output;
    this.result.title = sentence ?? output;
    this.bar.hidden = state !== 'running';
    if (state === 'running') this.bar.value = 0;
  }

  /** How far this file is; the row must be the running one. */
  progress({ stage, fileFraction, splats, elapsedMs }: BatchProgressView): void {
    this.label = stage;
    this.showState();
    this.bar.value = fileFraction;
    this.showTime(elapsedMs);
    if (splats !== undefined) this.showSplats(splats);
  }

  private showTime(milliseconds: number | undefined): void {
    this.time.textContent = milliseconds === undefined ? '' : formatDuration(milliseconds);
    this.timeBelow.textContent = this.time.textContent;
  }

  private showSplats(count: number | undefined): void {
    this.splats.textContent = count === undefined ? '' : formatCount(count);
    const facts = [this.size.textContent, ...(count === undefined ? [] : [splatsText(count)])];
    this.facts.textContent = facts.map((fact) => ` · ${fact}`).join('');
  }

  /** Says that nothing computes, of a file that is under way. */
  hold(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.showState();
  }

  private showState(): void {
    this.state.textContent = this.isRunning && this.isHeld ? 'Paused' : this.label;
    this.state.title = this.state.textContent;
  }
}
