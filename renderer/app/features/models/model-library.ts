import { SplatError, toSplatError } from '../../../core/errors.ts';
import { formatBytes } from '../../../core/units.ts';
import { describeModelInWorker } from '../../../workers/scene-client.ts';
import type { ModelFile } from '../../../bridge/files.ts';
import { ask } from '../../desktop.ts';
import type { AppContext } from '../../feature.ts';
import { readModel } from '../../document/model-choice.ts';
import type { ModelFacts, ModelInfo } from '../../../bridge/models.ts';
import { ModelsDialog } from './models-dialog.ts';
import { askInDialog } from '../../ui/dialog.ts';

/** The list of models as main knows it, and what a person does with it. */
export class ModelLibrary {
  private readonly dialog: ModelsDialog;
  private infos: readonly ModelInfo[] = [];
  private readonly problems = new Map<string, string>();

  constructor(private readonly context: AppContext) {
    this.dialog = new ModelsDialog({
      use: (id) => void this.attempt(id, () => this.use(id)),
      download: (id) => void this.attempt(id, () => this.download(id)),
      cancel: (id) => void this.attempt(id, () => ask(window.desktop.cancelModelDownload(id))),
      remove: (id) => void this.attempt(id, () => this.remove(id)),
      forget: (id) => void this.attempt(id, () => this.forget(id)),
      openPage: (id) => void this.attempt(id, () => ask(window.desktop.openModelPage(id))),
      add: () => void this.add(),
    });
    window.desktop.onModelChanged(({ id, transfer }) => {
      const isMoving =
        transfer !== undefined && this.infos.some((info) => info.id === id && info.transfer !== undefined);
      if (!isMoving) return void this.refresh();
      this.infos = this.infos.map((info) => (info.id === id ? { ...info, transfer } : info));
      this.draw();
    });
  }

  async open(): Promise<void> {
    await this.attempt('', () => this.refresh());
    this.dialog.open();
  }

  async useDefault(): Promise<void> {
    this.context.actions.useModel(undefined);
    await this.attempt('', async () => {
      const id = this.context.startUp.defaultModel?.model?.id;
      if (id !== undefined) await ask(window.desktop.chooseModel(id));
    });
  }

  add(): Promise<void> {
    return this.addFile(() => ask(window.desktop.showOpenModel()));
  }

  /** Looks into a checkpoint, keeps it in the list and makes it Refine's model. */
  async addFile(choose: () => Promise<ModelFile | undefined>): Promise<void> {
    await this.attempt('', async () => {
      const file = await choose();
      if (file === undefined) return;
      const kept = await ask(window.desktop.rememberModel(file.id, await lookInto(file)));
      await this.take(kept);
      if (kept.model !== undefined) this.dialog.pick(kept.model.id);
    });
  }

  private async download(id: string): Promise<void> {
    await ask(window.desktop.downloadModel(id));
    // The dialog may have been closed meanwhile.
    this.context.document.say(`${this.infos.find((info) => info.id === id)?.name ?? 'The model'} is installed.`);
  }

  private async use(id: string): Promise<void> {
    await this.take(await ask(window.desktop.openModel(id)));
  }

  private async take(file: ModelFile): Promise<void> {
    this.context.actions.useModel(file);
    if (file.model !== undefined) await ask(window.desktop.chooseModel(file.model.id));
  }

  private async remove(id: string): Promise<void> {
    const info = this.infos.find((candidate) => candidate.id === id);
    if (info?.state === 'ready') {
      const answer = await askInDialog({
        title: `Remove ${info.name}?`,
        body: `Its file is deleted and ${formatBytes(info.bytes ?? 0)} become free. It can be downloaded again.`,
        actions: [
          { label: 'Cancel', value: false },
          { label: 'Remove', value: true, kind: 'danger' },
        ],
      });
      if (answer !== true) return;
    }
    if (id === this.context.models.id) await this.useDefault();
    await ask(window.desktop.removeModel(id));
  }

  private async forget(id: string): Promise<void> {
    if (id === this.context.models.id) await this.useDefault();
    await ask(window.desktop.forgetModel(id));
  }

  private async refresh(): Promise<void> {
    this.infos = await ask(window.desktop.listModels());
    this.draw();
  }

  private draw(): void {
    this.dialog.show({ infos: this.infos, currentId: this.context.models.id, problems: this.problems });
  }

  /**
   * Does something with a model; what goes wrong stands beside it until the next attempt, and over the scene where the
   * dialog is closed meanwhile.
   */
  private async attempt(id: string, action: () => Promise<unknown>): Promise<void> {
    this.problems.delete(id);
    try {
      await action();
    } catch (error) {
      const failure = toSplatError(error, 'io', 'That did not work');
      if (failure.code !== 'cancelled' && (this.dialog.isOpen || id !== '')) this.problems.set(id, failure.sentence);
      if (failure.code === 'cancelled' || !this.dialog.isOpen) this.context.actions.report(failure);
      else void window.desktop.log('error', `${failure.code}: ${failure.sentence}`);
    }
    await this.refresh().catch((error: unknown) =>
      this.context.actions.report(toSplatError(error, 'io', 'The models could not be listed')),
    );
    this.context.refresh();
  }
}

/** What a checkpoint is, by its shapes and its description. @throws SplatError `model-invalid` naming the file */
async function lookInto(file: ModelFile): Promise<ModelFacts> {
  const model = await readModel(file, {});
  try {
    const { name: title, kind, copies, license, parameters } = await describeModelInWorker(model);
    return { name: title, kind, copies, license, parameters };
  } catch (error) {
    const { code, message, advice } = toSplatError(error, 'model-invalid', 'The checkpoint could not be read');
    throw new SplatError(code, `${file.name} was not added. ${message}`, advice, { cause: error });
  }
}
