import { PLACEHOLDERS, assertPattern, outputName } from '../../../batch/naming.ts';
import type { BatchSettings } from '../../../batch/queue.ts';
import type { BatchProgressView, BatchRow, BatchStatus } from '../../../batch/view.ts';
import type { BatchSettingsPatch } from '../../../bridge/batch.ts';
import { FORMAT_LABELS, UP_LABELS, countsText, timeText } from '../../../batch/words.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { ModelFile } from '../../../bridge/files.ts';
import { el } from '../../ui/dom.ts';
import { button } from './button.ts';
import type { ModelCopies } from './model-copies.ts';
import type { BatchModel } from './model.ts';

export interface ControlActions {
  start(): void;
  pause(): void;
  cancelAll(): void;
  chooseOutput(): void;
  change(patch: BatchSettingsPatch): void;
  /** Asks for a checkpoint; undefined where none was chosen. */
  chooseModel(): Promise<ModelFile | undefined>;
  /** The model that the app refines with, by its file's name, where it is another than the shipped one. */
  appModel(): { readonly id: string; readonly name: string } | undefined;
}

type ModelOption = 'shipped' | 'app' | 'kept' | 'file';

/** The batch's part of the dock: how far it is, start, pause and cancel, and the settings of a run. */
export class BatchControls {
  readonly element = el('div', { class: 'panel batch-controls' });
  private readonly summary = el('p', { class: 'batch-summary' });
  private readonly bar = el('wa-progress-bar');
  private readonly detail = el('p', { class: 'hint' });
  private readonly run: HTMLButtonElement;
  private readonly runText: Element;
  private readonly cancel: HTMLButtonElement;
  private readonly folder = el('span', { class: 'batch-folder' });
  private readonly chooseFolder: HTMLButtonElement;
  private readonly pattern = el('wa-input');
  private readonly preview = el('p', { class: 'hint' });
  private readonly format = el('wa-select');
  private readonly modelSelect = el('wa-select');
  /** Said before a run: such answers are large. */
  private readonly growth = el('p', { class: 'hint' });
  private readonly strength = el('wa-slider');
  private readonly up = el('wa-select');
  private readonly replace = el('wa-switch');

  constructor(
    private readonly model: BatchModel,
    private readonly copies: ModelCopies,
    private readonly actions: ControlActions,
  ) {
    this.run = button('Start', () => (model.status?.run === 'running' ? actions.pause() : actions.start()), 'play');
    this.run.classList.add('primary');
    this.runText = this.run.lastElementChild as Element;
    this.cancel = button('Cancel all', actions.cancelAll, 'close');
    this.chooseFolder = button('Choose…', actions.chooseOutput, 'folder');
    this.summary.role = 'status';
    this.bar.label = 'Progress of the batch';
    this.makeFields();
    this.element.append(
      this.summary,
      this.bar,
      this.detail,
      el('div', { class: 'row' }, this.run, this.cancel),
      el('h3', { text: 'Results' }),
      el(
        'div',
        { class: 'field' },
        el('span', { text: 'Output folder' }),
        el('div', { class: 'row batch-output' }, this.folder, this.chooseFolder),
      ),
      this.pattern,
      this.preview,
      this.format,
      this.replace,
      el('h3', { text: 'Refinement' }),
      this.modelSelect,
      this.growth,
      this.strength,
      this.up,
    );
    model.watch({
      rows: () => this.showRows(),
      status: (status) => this.showStatus(status),
      progress: (progress) => this.showProgress(progress),
    });
    this.detail.hidden = true;
    this.showRows();
  }

  private makeFields(): void {
    this.pattern.label = 'File names';
    this.pattern.size = 'small';
    this.pattern.spellcheck = false;
    this.pattern.hint = Object.keys(PLACEHOLDERS)
      .map((name) => `{${name}}`)
      .join(' ');
    this.pattern.addEventListener('input', () => this.showPreview());
    this.pattern.addEventListener('change', () => {
      if (this.patternProblem() === undefined) this.actions.change({ pattern: this.pattern.value ?? '' });
    });
    this.format.label = 'Format';
    this.format.size = 'small';
    this.format.append(...Object.entries(FORMAT_LABELS).map(([value, text]) => option(value, text)));
    this.format.addEventListener('change', () =>
      this.actions.change({ format: this.format.value as BatchSettings['format'] }),
    );
    this.replace.textContent = 'Replace files that are there already';
    this.replace.size = 'small';
    this.replace.addEventListener('change', () => this.actions.change({ replace: this.replace.checked }));
    this.modelSelect.label = 'Model';
    this.modelSelect.size = 'small';
    this.modelSelect.addEventListener('change', () => void this.modelChanged(this.modelSelect.value as ModelOption));
    Object.assign(this.strength, { min: 0, max: 150, step: 5, size: 'small' });
    this.strength.valueFormatter = (value) => `${value} %`;
    this.strength.addEventListener('input', () => this.labelStrength());
    this.strength.addEventListener('change', () => this.actions.change({ strength: this.strength.value / 100 }));
    this.up.label = 'Up axis';
    this.up.size = 'small';
    this.up.append(...Object.entries(UP_LABELS).map(([value, text]) => option(value, text)));
    this.up.addEventListener('change', () => this.actions.change({ up: this.up.value as BatchSettings['up'] }));
  }

  private async modelChanged(choice: ModelOption): Promise<void> {
    if (choice === 'shipped') return this.actions.change({ modelId: null });
    const chosen =
      choice === 'app' ? this.actions.appModel() : choice === 'file' ? await this.actions.chooseModel() : undefined;
    if (chosen !== undefined) this.actions.change({ modelId: chosen.id });
    else if (this.model.status !== undefined) this.showModel(this.model.status);
  }

  private showRows(): void {
    const { counts, size, status } = this.model;
    const text = size === 0 ? 'No files yet' : countsText(counts);
    // Rewriting the same words would make screen readers say them again.
    if (this.summary.textContent !== text) this.summary.textContent = text;
    const isOpen = counts.queued + counts.running > 0;
    this.run.disabled = !isOpen;
    this.cancel.disabled = !isOpen;
    this.bar.hidden = size === 0;
    if (status?.run === 'idle') this.bar.value = size === 0 ? 0 : (100 * (size - counts.queued)) / size;
    this.showPreview();
  }

  private showStatus(status: BatchStatus): void {
    const { run, isHeld, settings } = status;
    this.runText.textContent = run === 'running' ? 'Pause' : run === 'paused' ? 'Resume' : 'Start';
    this.run.firstElementChild?.setAttribute('name', run === 'running' ? 'pause' : 'play');
    this.detail.hidden = run === 'idle';
    if (run === 'running') this.detail.textContent = 'Running';
    if (run === 'paused') this.detail.textContent = isHeld ? 'Paused' : 'Pausing at the next stage…';
    const isLocked = run !== 'idle';
    for (const field of [
      this.pattern,
      this.format,
      this.modelSelect,
      this.strength,
      this.up,
      this.replace,
      this.chooseFolder,
    ])
      field.disabled = isLocked;
    this.folder.textContent = settings.outputFolder === '' ? 'Beside the scenes' : settings.outputFolder;
    this.folder.title = this.folder.textContent;
    if (document.activeElement !== this.pattern) this.pattern.value = settings.pattern;
    this.format.value = settings.format;
    this.strength.value = Math.round(settings.strength * 100);
    this.labelStrength();
    this.up.value = settings.up;
    this.replace.checked = settings.replace;
    this.showModel(status);
    this.showRows();
  }

  /** Offers the model that the app refines with now, and says what is known by now of the chosen one. */
  offerModels(): void {
    if (this.model.status !== undefined) this.showModel(this.model.status);
  }

  private labelStrength(): void {
    this.strength.label = `Strength ${this.strength.value} %`;
  }

  private showModel({ settings }: BatchStatus): void {
    const app = this.actions.appModel();
    const isApp = !settings.usesShippedModel && app?.name === settings.modelName;
    const options = [option('shipped', 'The one that comes with the app')];
    if (app !== undefined) options.push(option('app', app.name));
    if (!settings.usesShippedModel && !isApp) options.push(option('kept', settings.modelName));
    options.push(option('file', 'Another checkpoint…'));
    this.modelSelect.replaceChildren(...options);
    this.modelSelect.value = settings.usesShippedModel ? 'shipped' : isApp ? 'app' : 'kept';
    const copies = this.copies.of(settings.modelName);
    this.growth.hidden = copies === 1;
    this.growth.textContent = `It makes ${copies} splats of each one: answers are ${copies} times as large, in memory and on disk.`;
  }

  private showProgress({ fraction, remainingMs }: BatchProgressView): void {
    this.bar.value = 100 * fraction;
    if (this.model.status?.run !== 'running') return;
    const percent = `${Math.floor(100 * fraction)} %`;
    this.detail.textContent = remainingMs === undefined ? percent : `${percent}, about ${timeText(remainingMs)} left`;
  }

  private patternProblem(): string | undefined {
    try {
      assertPattern(this.pattern.value ?? '');
      return undefined;
    } catch (error) {
      return toSplatError(error, 'usage', 'The naming pattern can’t be used').sentence;
    }
  }

  private showPreview(): void {
    const problem = this.patternProblem();
    this.preview.className = problem === undefined ? 'hint' : 'error-text';
    const settings = this.model.status?.settings;
    const [first] = this.model.rows as Iterable<BatchRow>;
    if (problem !== undefined || settings === undefined) {
      this.preview.textContent = problem ?? '';
      return;
    }
    const item =
      first === undefined
        ? { stem: 'plant', folder: 'garden' }
        : { stem: first.name.replace(/(\.compressed)?\.[^.]+$/i, ''), folder: first.folder };
    this.preview.textContent = `For example ${outputName({ item, number: 1, modelName: settings.modelName, settings: { ...settings, pattern: this.pattern.value ?? settings.pattern } })}`;
  }
}

function option(value: string, text: string): HTMLElementTagNameMap['wa-option'] {
  const element = el('wa-option', { text });
  element.value = value;
  return element;
}
