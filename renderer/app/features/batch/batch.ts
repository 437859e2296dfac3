import { formatCount } from '../../../core/units.ts';
import { fileStem } from '../../../core/writable-formats.ts';
import { OWN_SCENE_EXTENSIONS } from '../../../io/formats.ts';
import { countsText } from '../../../batch/words.ts';
import type { BatchAdded, BatchRow, BatchStatus } from '../../../batch/view.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { Answer } from '../../../bridge/answer.ts';
import type { ModelFile } from '../../../bridge/files.ts';
import { ask } from '../../desktop.ts';
import { button } from '../../ui/buttons.ts';
import { isDroppedFolder } from '../../window/drop-target.ts';
import { isUnsaved } from '../../document/document.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { askInDialog } from '../../ui/dialog.ts';
import { BatchControls } from './controls.ts';
import { serveBatchOnGpu } from './gpu-line.ts';
import { BatchInbox } from './inbox.ts';
import { ModelCopies } from './model-copies.ts';
import { BatchModel } from './model.ts';
import { BatchSheet } from './sheet.ts';
import type { RowAction } from './table.ts';
import { BatchTable } from './table.ts';

const PANEL = 'batch';

/** Refining many files in the background: the list below the scene, its settings in the dock. Main does the work. */
export class BatchFeature implements Feature {
  readonly commands = { 'refine.batch': () => this.context.dock.show(PANEL) };
  readonly panel: NonNullable<Feature['panel']>;
  private readonly model = new BatchModel();
  private readonly copies = new ModelCopies();
  private readonly inbox = new BatchInbox((change) => this.model.change(change));
  private readonly sheet: BatchSheet;
  private readonly controls: BatchControls;
  /** Says how far the batch is while its panel is closed. */
  private readonly pill = button('', () => this.context.dock.show(PANEL));
  private lastRun = 'idle';
  /** The app's model that was looked into last: that reads all of a checkpoint. */
  private learnedId: string | undefined;

  constructor(private readonly context: AppContext) {
    const { overlay, corner } = context;
    this.sheet = this.makeSheet();
    this.controls = this.makeControls();
    this.panel = {
      id: PANEL,
      title: 'Batch',
      icon: 'queue',
      command: 'panel.batch',
      element: this.controls.element,
      shown: () => this.panelShown(),
      hidden: () => {
        this.sheet.element.hidden = true;
        this.showPill();
      },
    };
    this.pill.classList.add('batch-pill');
    this.pill.hidden = true;
    this.sheet.element.hidden = true;
    overlay.append(this.sheet.element);
    corner.append(this.pill);
    this.model.watch({
      rows: () => this.showPill(),
      status: (status) => this.statusChanged(status),
      progress: () => this.showPill(),
    });
    serveBatchOnGpu();
    window.desktop.onBatchChange((change) => this.inbox.add(change));
  }

  async started(): Promise<void> {
    const view = await this.attempt(window.desktop.batchView());
    if (view === undefined) return;
    this.inbox.add(view);
    if (view.status.offersResume) this.context.dock.show(PANEL);
  }

  dropped(files: readonly File[]): boolean {
    const { dock } = this.context;
    const scenes = files.filter((file) => isDroppedFolder(file) || OWN_SCENE_EXTENSIONS.has(extensionOf(file.name)));
    const [first] = scenes;
    if (first === undefined) return false;
    if (scenes.length > 1 || dock.openPanel === PANEL) this.addDropped(scenes);
    else void this.openOrAdd(first);
    return true;
  }

  /**
   * A scene or a folder that is one opens, where another would have to go for it only if a person wants that; any other
   * folder is searched for scenes.
   */
  private async openOrAdd(dropped: File): Promise<void> {
    const { actions } = this.context;
    if (!isDroppedFolder(dropped)) {
      if (await this.mayOpen(dropped)) await actions.dropFiles([dropped]);
      return;
    }
    const answer = await window.desktop.openDropped(dropped);
    if (!answer.ok) this.addDropped([dropped]);
    else if (await this.mayOpen(dropped)) await actions.open(answer.value);
  }

  /** Asks what becomes of a scene dropped over another; of one with unsaved changes opening itself asks. */
  private async mayOpen(dropped: File): Promise<boolean> {
    const { state } = this.context.document;
    const { file, original, isSample, job } = state;
    if (file === undefined || original === undefined || isSample || job !== undefined || isUnsaved(state)) return true;
    const answer = await askOverScene(dropped.name, file.name);
    if (answer === 'add') this.addDropped([dropped]);
    return answer === 'open';
  }

  private addDropped(scenes: readonly File[]): void {
    const { dock, document } = this.context;
    dock.show(PANEL);
    document.say('Looking for scenes…');
    void this.add(window.desktop.batchAddDropped(scenes));
  }

  private makeSheet(): BatchSheet {
    const { desktop } = window;
    const table = new BatchTable(this.model, (action, row) => void this.act(action, row));
    const remove = (ids: readonly string[]): void => void this.attempt(desktop.batchItems('remove', ids));
    return new BatchSheet(this.model, table.element, {
      addFiles: () => void this.add(desktop.batchAddFiles()),
      addFolder: () => void this.add(desktop.batchAddFolder()),
      retryFailed: () => void this.retry(this.model.idsOf('failed')),
      clearDone: () => remove(this.model.idsOf('done')),
      clearAll: () => remove([...this.model.rows].map(({ id }) => id)),
      saveReport: () => void this.saveReport(),
      resume: () => void this.start(),
      dismissResume: () => void this.attempt(desktop.batchDismissResume()),
    });
  }

  private makeControls(): BatchControls {
    const { desktop } = window;
    return new BatchControls(this.model, this.copies, {
      start: () => void this.start(),
      pause: () => void this.attempt(desktop.batchRun('pause')),
      cancelAll: () => void this.attempt(desktop.batchRun('cancel')),
      chooseOutput: () => void this.attempt(desktop.batchChooseOutput()),
      change: (patch) => void this.attempt(desktop.batchChange(patch)),
      chooseModel: () => this.chooseModel(),
      appModel: () => this.appModel(),
    });
  }

  private panelShown(): void {
    this.sheet.element.hidden = false;
    this.controls.offerModels();
    void this.learnCopies();
    this.showPill();
  }

  private statusChanged({ run, problem }: BatchStatus): void {
    const { document } = this.context;
    if (run === 'idle' && this.lastRun !== 'idle') {
      if (problem !== undefined) document.complain(`The batch stopped. ${problem.message}`);
      else document.say(`The batch is finished: ${countsText(this.model.counts)}.`);
    }
    this.lastRun = run;
    this.showPill();
  }

  private showPill(): void {
    const { status, progress, counts, size } = this.model;
    this.pill.hidden = status === undefined || status.run === 'idle' || this.context.dock.openPanel === PANEL;
    if (this.pill.hidden) return;
    const finished = size - counts.queued - counts.running;
    const percent = progress === undefined ? '' : ` · ${Math.floor(100 * progress.fraction)} %`;
    const state = status?.run === 'paused' ? 'paused' : 'running';
    const share = `${formatCount(finished)} of ${formatCount(size)}`;
    this.pill.textContent = `Batch ${state} · ${share}${percent}`;
  }

  /** The answer to a question to main; what goes wrong is reported, and undefined comes back. */
  private async attempt<T>(question: Promise<Answer<T>>): Promise<T | undefined> {
    try {
      return await ask(question);
    } catch (error) {
      this.context.actions.report(toSplatError(error, 'io', 'The batch could not do that'));
      return undefined;
    }
  }

  private async add(question: Promise<Answer<BatchAdded | undefined>>): Promise<void> {
    const result = await this.attempt(question);
    if (result === undefined) return;
    const { added, known, models } = result;
    const files = `${formatCount(added)} ${added === 1 ? 'file' : 'files'}`;
    const rest = known === 0 ? '' : ` ${formatCount(known)} were already in the list.`;
    const others =
      models === 0 ? '' : ` ${formatCount(models)} glTF ${models === 1 ? 'model' : 'models'} without splats left out.`;
    this.context.document.say(`Added ${files} to the batch.${rest}${others}`);
  }

  private async start(): Promise<void> {
    await this.attempt(window.desktop.batchRun('start'));
  }

  private async retry(ids: readonly string[]): Promise<void> {
    await this.attempt(window.desktop.batchItems('retry', ids));
    if (this.model.status?.run === 'idle') await this.start();
  }

  private async act(action: RowAction, row: BatchRow): Promise<void> {
    const { desktop } = window;
    if (action === 'retry') await this.retry([row.id]);
    else if (action === 'reveal') await this.attempt(desktop.batchReveal(row.id));
    else if (action !== 'open') await this.attempt(desktop.batchItems(action, [row.id]));
    else {
      const file = await this.attempt(desktop.batchScene(row.id, 'output'));
      if (file !== undefined) await this.context.actions.open(file);
    }
  }

  private async saveReport(): Promise<void> {
    const saved = await this.attempt(window.desktop.batchSaveReport());
    if (saved !== undefined) this.context.document.exported(saved, `Saved ${saved.name}.`);
  }

  /** Finds out before a run how large its results are, whichever model it refines with. */
  private async learnCopies(): Promise<void> {
    const listed = await this.attempt(window.desktop.listModels());
    if (listed !== undefined) this.copies.learnListed(listed);
    const { current } = this.context.models;
    if (current !== undefined && current.id !== this.learnedId) {
      this.learnedId = current.id;
      // What is wrong with it is said when it is to refine.
      await this.copies.learnFile(current).catch(() => undefined);
    }
    this.controls.offerModels();
  }

  private async chooseModel(): Promise<ModelFile | undefined> {
    const file = await this.attempt(window.desktop.showOpenModel());
    if (file === undefined) return undefined;
    try {
      await this.copies.learnFile(file);
      return file;
    } catch (error) {
      this.context.actions.report(toSplatError(error, 'model-invalid', `${file.name} can't be used`));
      return undefined;
    }
  }

  private appModel(): { readonly id: string; readonly name: string } | undefined {
    const { usesDefault, current } = this.context.models;
    return usesDefault || current === undefined ? undefined : { id: current.id, name: fileStem(current.name) };
  }
}

/** What becomes of a scene that is dropped where another one is open. */
function askOverScene(dropped: string, open: string): Promise<'cancel' | 'add' | 'open' | undefined> {
  return askInDialog({
    title: `Open ${dropped}?`,
    body: `It takes the place of ${open}, which has no unsaved changes. The batch refines several scenes in a row.`,
    actions: [
      { label: 'Cancel', value: 'cancel' },
      { label: 'Add to the Batch', value: 'add' },
      { label: 'Open', value: 'open', kind: 'primary' },
    ],
  });
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}
