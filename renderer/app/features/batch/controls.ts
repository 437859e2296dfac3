import { PLACEHOLDERS, assertPattern, outputName } from '../../../batch/naming.ts';
import type { BatchSettings } from '../../../batch/queue.ts';
import type { BatchProgressView, BatchStatus } from '../../../batch/view.ts';
import type { BatchSettingsPatch } from '../../../bridge/batch.ts';
import { UP_LABELS, countsText } from '../../../batch/words.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { ModelFile } from '../../../bridge/files.ts';
import { formatRemaining } from '../../../core/units.ts';
import { FORMAT_WORDS, sceneStem, WRITABLE_FORMATS } from '../../../core/writable-formats.ts';
import { button, setLabelAndIcon } from '../../ui/buttons.ts';
import { choice, hint, labelled, row, sliderField, switchField } from '../../ui/controls.ts';
import type { Choice, Options, SliderField } from '../../ui/controls.ts';
import { el } from '../../ui/dom.ts';
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

const FORMATS = WRITABLE_FORMATS.map((id): [BatchSettings['format'], string] => [id, FORMAT_WORDS[id].label]);
const UP_AXES = Object.entries(UP_LABELS) as [BatchSettings['up'], string][];

/** The batch's part of the dock: how far it is, start, pause and cancel, and the settings of a run. */
export class BatchControls {
  readonly element = el('div', { class: 'panel batch-controls' });
  private readonly summary = el('p', { class: 'batch-summary' });
  private readonly bar = el('wa-progress-bar');
  private readonly detail = hint('');
  private readonly run: HTMLButtonElement;
  private readonly cancel: HTMLButtonElement;
  private readonly folder = el('span', { class: 'batch-folder' });
  private readonly chooseFolder: HTMLButtonElement;
  private readonly pattern = el('wa-input');
  private readonly preview = hint('');
  private readonly format: Choice<BatchSettings['format']>;
  private readonly modelChoice: Choice<ModelOption>;
  /** Said before a run: such results are large. */
  private readonly growth = hint('');
  private readonly strength: SliderField;
  private readonly up: Choice<BatchSettings['up']>;
  private readonly replace: ReturnType<typeof switchField>;

  constructor(
    private readonly model: BatchModel,
    private readonly copies: ModelCopies,
    private readonly actions: ControlActions,
  ) {
    const startOrPause = (): void => (model.status?.run === 'running' ? actions.pause() : actions.start());
    this.run = button('Start', startOrPause, { kind: 'primary', icon: 'play' });
    this.cancel = button('Cancel all', () => actions.cancelAll(), { icon: 'close' });
    this.chooseFolder = button('Choose…', () => actions.chooseOutput(), { icon: 'folder' });
    this.format = choice('Format', FORMATS, (format) => actions.change({ format }));
    this.replace = switchField('Replace existing files', (replace) => actions.change({ replace }));
    this.modelChoice = choice<ModelOption>('Model', [], (option) => void this.modelChosen(option));
    this.strength = sliderField(
      'Strength',
      { min: 0, max: 150, step: 5, format: (value) => `${value} %` },
      { chosen: (percent) => actions.change({ strength: percent / 100 }) },
    );
    this.up = choice('Up axis', UP_AXES, (up) => actions.change({ up }));
    this.summary.role = 'status';
    this.bar.label = 'Progress of the batch';
    this.detail.hidden = true;
    this.setUpPattern();
    this.append();
    model.watch({
      rows: () => this.showRows(),
      status: (status) => this.showStatus(status),
      progress: (progress) => this.showProgress(progress),
    });
    this.showRows();
  }

  private append(): void {
    this.element.append(
      this.summary,
      this.bar,
      this.detail,
      row(this.run, this.cancel),
      el('h3', { text: 'Results' }),
      labelled('Output folder', el('div', { class: 'row batch-output' }, this.folder, this.chooseFolder)),
      this.pattern,
      this.preview,
      this.format.element,
      this.replace.element,
      el('h3', { text: 'Refinement' }),
      this.modelChoice.element,
      this.growth,
      this.strength.element,
      this.up.element,
    );
  }

  private setUpPattern(): void {
    this.pattern.label = 'File names';
    this.pattern.size = 's';
    this.pattern.spellcheck = false;
    this.pattern.hint = Object.keys(PLACEHOLDERS)
      .map((name) => `{${name}}`)
      .join(' ');
    this.pattern.addEventListener('input', () => this.showPreview());
    this.pattern.addEventListener('change', () => {
      if (this.patternProblem() === undefined) this.actions.change({ pattern: this.pattern.value ?? '' });
    });
  }

  private async modelChosen(option: ModelOption): Promise<void> {
    if (option === 'shipped') return this.actions.change({ modelId: null });
    const chosen =
      option === 'app' ? this.actions.appModel() : option === 'file' ? await this.actions.chooseModel() : undefined;
    if (chosen !== undefined) this.actions.change({ modelId: chosen.id });
    else if (this.model.status !== undefined) this.showModel(this.model.status);
  }

  private showRows(): void {
    const { counts, size, status } = this.model;
    const text = size === 0 ? 'No files yet' : countsText(counts, status?.isHeld);
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
    const label = run === 'running' ? 'Pause' : run === 'paused' ? 'Resume' : 'Start';
    setLabelAndIcon(this.run, label, run === 'running' ? 'pause' : 'play');
    this.detail.hidden = run === 'idle';
    if (run === 'running') this.detail.textContent = 'Running';
    if (run === 'paused') this.detail.textContent = isHeld ? 'Paused' : 'Pausing at the next stage…';
    const isLocked = run !== 'idle';
    for (const field of [
      this.pattern,
      this.format.element,
      this.modelChoice.element,
      this.strength.slider,
      this.up.element,
      this.replace.element,
      this.chooseFolder,
    ])
      field.disabled = isLocked;
    this.folder.textContent = settings.outputFolder === '' ? 'Beside the scenes' : settings.outputFolder;
    this.folder.title = this.folder.textContent;
    if (document.activeElement !== this.pattern) this.pattern.value = settings.pattern;
    this.format.show(settings.format);
    this.strength.show(Math.round(settings.strength * 100));
    this.up.show(settings.up);
    this.replace.show(settings.replace);
    this.showModel(status);
    this.showRows();
  }

  /** Offers the model that the app refines with now, and says what is known by now of the chosen one. */
  offerModels(): void {
    if (this.model.status !== undefined) this.showModel(this.model.status);
  }

  private showModel({ settings }: BatchStatus): void {
    const app = this.actions.appModel();
    const isApp = !settings.usesShippedModel && app?.name === settings.modelName;
    const options: Options<ModelOption> = [
      ['shipped', 'Included with the app'],
      ...(app === undefined ? [] : ([['app', app.name]] as const)),
      ...(settings.usesShippedModel || isApp ? [] : ([['kept', settings.modelName]] as const)),
      ['file', 'Another checkpoint…'],
    ];
    this.modelChoice.offer(options);
    this.modelChoice.show(settings.usesShippedModel ? 'shipped' : isApp ? 'app' : 'kept');
    const copies = this.copies.of(settings.modelName);
    this.growth.hidden = copies === 1;
    this.growth.textContent =
      `It makes ${copies} splats of each one: ` + `results are ${copies} times as large, in memory and on disk.`;
  }

  private showProgress({ fraction, remainingMs }: BatchProgressView): void {
    this.bar.value = 100 * fraction;
    if (this.model.status?.run !== 'running') return;
    const percent = `${Math.floor(100 * fraction)} %`;
    this.detail.textContent =
      remainingMs === undefined ? percent : `${percent}, about ${formatRemaining(remainingMs)} left`;
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
    const [first] = this.model.rows;
    if (problem !== undefined || settings === undefined) {
      this.preview.textContent = problem ?? '';
      return;
    }
    const item =
      first === undefined ? { stem: 'plant', folder: 'garden' } : { stem: sceneStem(first.name), folder: first.folder };
    const name = outputName({
      item,
      number: 1,
      modelName: settings.modelName,
      settings: { ...settings, pattern: this.pattern.value ?? settings.pattern },
    });
    this.preview.textContent = `For example ${name}`;
  }
}
