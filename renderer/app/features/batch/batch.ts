import { SCENE_FORMATS } from '../../../io/formats.ts';
import { countsText } from '../../../batch/words.ts';
import type { BatchAdded, BatchRow } from '../../../batch/view.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { Answer } from '../../../bridge/answer.ts';
import type { ModelFile } from '../../../bridge/files.ts';
import { ask } from '../../desktop.ts';
import { el } from '../../ui/dom.ts';
import { isDroppedFolder } from '../../window/drop-target.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { BatchControls } from './controls.ts';
import { serveBatchOnGpu } from './gpu-line.ts';
import { BatchInbox } from './inbox.ts';
import { ModelCopies, batchModelName } from './model-copies.ts';
import { BatchModel } from './model.ts';
import { BatchSheet } from './sheet.ts';
import type { RowAction } from './table.ts';
import { BatchTable } from './table.ts';

const PANEL = 'batch';
const EXTENSIONS = new Set(
  SCENE_FORMATS.flatMap(({ extensions }) => extensions).filter((extension) => extension !== 'json'),
);

/** Refining many files in the background: the list below the scene, its settings in the dock. Main does the work. */
export function batchFeature(context: AppContext): Feature {
  const { document: scene, dock, models, actions, overlay, corner } = context;
  const model = new BatchModel();
  const desktop = window.desktop;

  const ended = (): void => {
    const problem = model.status?.problem;
    if (problem !== undefined) scene.complain(`The batch stopped. ${problem.message}`);
    else scene.say(`The batch is finished: ${countsText(model.counts)}.`);
  };
  const attempt = async <T>(question: Promise<Answer<T>>): Promise<T | undefined> => {
    try {
      return await ask(question);
    } catch (error) {
      actions.report(toSplatError(error, 'io', 'The batch could not do that'));
      return undefined;
    }
  };
  const add = async (question: Promise<Answer<BatchAdded | undefined>>): Promise<void> => {
    const result = await attempt(question);
    if (result === undefined) return;
    const known = result.known === 0 ? '' : ` ${result.known.toLocaleString('en')} were in the list already.`;
    scene.say(
      `Added ${result.added.toLocaleString('en')} ${result.added === 1 ? 'file' : 'files'} to the batch.${known}`,
    );
  };
  const start = async (): Promise<void> => void (await attempt(desktop.batchRun('start')));
  const retry = async (ids: readonly string[]): Promise<void> => {
    await attempt(desktop.batchItems('retry', ids));
    if (model.status?.run === 'idle') await start();
  };
  const act = async (action: RowAction, row: BatchRow): Promise<void> => {
    if (action === 'retry') return retry([row.id]);
    if (action === 'reveal') return void (await attempt(desktop.batchReveal(row.id)));
    if (action !== 'open') return void (await attempt(desktop.batchItems(action, [row.id])));
    const file = await attempt(desktop.batchScene(row.id, 'output'));
    if (file !== undefined) await actions.openScene(file);
  };

  const table = new BatchTable(model, (action, row) => void act(action, row));
  const sheet = new BatchSheet(model, table.element, {
    addFiles: () => void add(desktop.batchAddFiles()),
    addFolder: () => void add(desktop.batchAddFolder()),
    retryFailed: () => void retry(model.idsOf('failed')),
    clearDone: () => void attempt(desktop.batchItems('remove', model.idsOf('done'))),
    clearAll: () =>
      void attempt(
        desktop.batchItems(
          'remove',
          [...model.rows].map(({ id }) => id),
        ),
      ),
    saveReport: async () => {
      const name = await attempt(desktop.batchSaveReport());
      if (name !== undefined) scene.say(`Saved ${name}.`);
    },
    resume: () => void start(),
    dismissResume: () => void attempt(desktop.batchDismissResume()),
  });
  const copies = new ModelCopies();
  /** The app's model that was looked into last: that reads all of a checkpoint. */
  let learnedId: string | undefined;
  /** Says before a run how large its answers are, whichever model it refines with. */
  const learnCopies = async (): Promise<void> => {
    const listed = await attempt(desktop.listModels());
    if (listed !== undefined) copies.learnListed(listed);
    const { current } = models;
    if (current !== undefined && current.id !== learnedId) {
      learnedId = current.id;
      // What is wrong with it is said when it is to refine.
      await copies.learnFile(current).catch(() => undefined);
    }
    controls.offerModels();
  };
  const chooseModel = async (): Promise<ModelFile | undefined> => {
    const file = await attempt(desktop.showOpenModel());
    if (file === undefined) return undefined;
    try {
      await copies.learnFile(file);
      return file;
    } catch (error) {
      actions.report(toSplatError(error, 'model-invalid', `${file.name} can't be used`));
      return undefined;
    }
  };
  const controls = new BatchControls(model, copies, {
    start: () => void start(),
    pause: () => void attempt(desktop.batchRun('pause')),
    cancelAll: () => void attempt(desktop.batchRun('cancel')),
    chooseOutput: () => void attempt(desktop.batchChooseOutput()),
    change: (patch) => void attempt(desktop.batchChange(patch)),
    chooseModel,
    appModel: () =>
      models.usesDefault || models.current === undefined
        ? undefined
        : { id: models.current.id, name: batchModelName(models.current.name) },
  });

  /** Says how far the batch is while its panel is closed. */
  const pill = el('button', { class: 'batch-pill' });
  pill.type = 'button';
  pill.addEventListener('click', () => dock.show(PANEL));
  const showPill = (): void => {
    const { status, progress, counts, size } = model;
    pill.hidden = status === undefined || status.run === 'idle' || dock.openPanel === PANEL;
    if (pill.hidden) return;
    const place = size - counts.queued - counts.running;
    const percent = progress === undefined ? '' : ` · ${Math.floor(100 * progress.fraction)} %`;
    pill.textContent = `Batch ${status?.run === 'paused' ? 'paused' : 'running'} · ${place.toLocaleString('en')} of ${size.toLocaleString('en')}${percent}`;
  };
  pill.hidden = true;
  sheet.element.hidden = true;
  overlay.append(sheet.element);
  corner.append(pill);

  let lastRun = 'idle';
  model.watch({
    rows: showPill,
    status: ({ run }) => {
      if (run === 'idle' && lastRun !== 'idle') ended();
      lastRun = run;
      showPill();
    },
    progress: showPill,
  });
  serveBatchOnGpu();
  const inbox = new BatchInbox((change) => model.change(change));
  desktop.onBatchChange((change) => inbox.add(change));

  return {
    commands: { 'refine.batch': () => dock.show(PANEL) },
    panel: {
      id: PANEL,
      title: 'Batch',
      icon: 'queue',
      command: 'panel.batch',
      element: controls.element,
      shown: () => {
        sheet.element.hidden = false;
        controls.offerModels();
        void learnCopies();
        showPill();
      },
      hidden: () => {
        sheet.element.hidden = true;
        showPill();
      },
    },
    started: async () => {
      const view = await attempt(desktop.batchView());
      if (view === undefined) return;
      inbox.add(view);
      if (view.status.offersResume) dock.show(PANEL);
    },
    dropped: (files) => {
      const scenes = files.filter(
        (file) =>
          isDroppedFolder(file) || EXTENSIONS.has(file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase()),
      );
      const isForBatch =
        scenes.length > 1 || scenes.some(isDroppedFolder) || (scenes.length === 1 && dock.openPanel === PANEL);
      if (!isForBatch) return false;
      dock.show(PANEL);
      scene.say('Looking for scenes…');
      void add(desktop.batchAddDropped(scenes));
      return true;
    },
  };
}
