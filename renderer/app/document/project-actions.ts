import { CHUNK_BYTES } from '../../bridge/chunk-size.ts';
import type { SaveTarget, SceneFile } from '../../bridge/files.ts';
import type { FoundScene, ProjectFile, ProjectFiles } from '../../bridge/project.ts';
import { SplatError } from '../../core/errors.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { formatBytes } from '../../core/units.ts';
import { sceneStem } from '../../core/writable-formats.ts';
import { yieldToEventLoop } from '../../core/yield-to-event-loop.ts';
import { presentState, startHistory } from '../../edit/history.ts';
import { PROJECT_EXTENSION } from '../../project/extension.ts';
import type { HistoryPacker } from '../../project/pack-history.ts';
import type { Part } from '../../project/parts.ts';
import { needsSource, unpackHistory } from '../../project/unpack-history.ts';
import type { ProjectState } from '../../project/project-schema.ts';
import { ask, loadScene, MOST_ARRAY_BYTES, readFile } from '../desktop.ts';
import type { Actions, ProjectOpener } from './actions.ts';
import { blendScene } from './blend-scene.ts';
import { finalScene } from './document.ts';
import type { OnDisk, SceneDocument } from './document.ts';

/** Most bytes of arrays in a project: an archive of this kind has 4 GiB. */
const PROJECT_BYTES = 3.9 * 2 ** 30;
/** The page keeps moving when no work of it takes longer. */
const PAUSE_AFTER_MS = 8;

/** What a project has of the window, besides the document. */
export interface Workplace {
  read(): Pick<ProjectState, 'pose' | 'panel' | 'showGrid' | 'showAxes' | 'features'>;
  /** Files of the window's parts. */
  files(): Partial<ProjectFiles>;
  restore(project: ProjectFile): Promise<void>;
}

/** Everything that is open at one moment, to be written. */
export interface Snapshot {
  readonly files: ProjectFiles;
  readonly state: ProjectState;
  readonly parts: readonly Part[];
  /** The scene as it would be saved, and its index in the record. */
  readonly final: SplatScene | undefined;
  readonly finalIndex: number | undefined;
  /** Steps of the history that found no room; all of them where not even the present one did. */
  readonly leftOut: number;
}

/** Opens and saves projects. */
export class ProjectActions implements ProjectOpener {
  /** Asks for the scene of a project that is not where it was, or changed; undefined ends it there. */
  findScene: (project: ProjectFile, locate: () => Promise<FoundScene | undefined>) => Promise<SceneFile | undefined> =
    () => Promise.resolve(undefined);

  constructor(
    private readonly document: SceneDocument,
    private readonly actions: Actions,
    private readonly packer: HistoryPacker,
    private readonly workplace: Workplace,
  ) {}

  /** Saves the project that is open where it is, else under a name of its own. Resolves with whether it was saved. */
  async save(): Promise<boolean> {
    const { project } = this.document.state;
    if (project === undefined) return this.saveAs();
    if (this.actions.isBusy('Saving the project')) return false;
    return this.saveTo(
      await this.actions.guard(() => ask(window.desktop.saveAgain(project.id)), 'The project was not saved'),
    );
  }

  /** Saves a project under a name of its own. Resolves with whether it was saved. */
  async saveAs(): Promise<boolean> {
    const { file, project } = this.document.state;
    if (file === undefined || this.actions.isBusy('Saving the project')) return false;
    const name = project?.name ?? `${sceneStem(file.name)}${PROJECT_EXTENSION}`;
    return this.saveTo(
      await this.actions.guard(() => ask(window.desktop.showSaveProject(name, file.id)), 'The project was not saved'),
    );
  }

  /** Reads what the session before left; undefined where there is nothing, or where it can't be read, which is said. */
  readLeftSession(): Promise<ProjectFile | undefined> {
    return this.actions.guard(() => ask(window.desktop.openLeftSession()), 'The last session could not be read');
  }

  /** Opens a project that main has read. Resolves with whether everything of it is there. */
  async open(project: ProjectFile): Promise<boolean> {
    const file = await this.sceneOf(project);
    if (file === undefined) return false;
    const title = `Opening ${project.name}`;
    const restored = await this.actions.job('open', title, (options) => this.restore(project, file, options));
    if (restored === undefined) return false;
    await this.workplace.restore(project);
    const { isSession, missing } = project;
    if (!isSession) await window.desktop.rememberScene(project.id);
    const missed = missing.length === 0 ? '' : ` Not found: ${missing.join(', ')}.`;
    this.document.say(`${isSession ? 'Restored' : 'Opened'} ${project.name}: ${stepsInWords(restored)}.${missed}`);
    return true;
  }

  /**
   * Everything that is open, as of now; undefined without a scene. The page goes on meanwhile.
   * @param budgetBytes most bytes of arrays
   */
  async snapshot(budgetBytes: number): Promise<Snapshot | undefined> {
    const { file, history, onDisk, savedTo, project, shown, chosenUp } = this.document.state;
    if (file === undefined || history === undefined) return undefined;
    const window = this.workplace.read();
    const files: ProjectFiles = {
      scene: file.id,
      ...this.workplace.files(),
      ...(savedTo === undefined ? {} : { saved: savedTo.id }),
      ...(project === undefined ? {} : { project: project.id }),
    };
    const packed = await this.packer.pack(history, onDisk.opened?.deref(), { budgetBytes, pause: pacer() });
    const final = finalScene(presentState(history));
    const held = (['opened', 'saved', 'project'] as const).flatMap((name) => {
      const index = packed?.indexOf(onDisk[name]?.deref());
      return index === undefined ? [] : [[name, index] as const];
    });
    return {
      files,
      state: {
        sceneName: file.name,
        ...(packed === undefined ? {} : { history: packed.record }),
        held: Object.fromEntries(held),
        shown,
        ...(chosenUp === undefined ? {} : { up: chosenUp }),
        ...window,
      },
      parts: [...(packed?.parts.values() ?? [])],
      final,
      finalIndex: packed?.indexOf(final),
      leftOut: packed?.leftOut ?? history.steps.length,
    };
  }

  private async saveTo(target: SaveTarget | undefined): Promise<boolean> {
    if (target === undefined) return false;
    const saved = await this.actions.write(target, async (options) => {
      try {
        return await this.write(target, options);
      } catch (error) {
        await window.desktop.abandonProject(target.id);
        throw error;
      }
    });
    if (saved?.final === undefined) return false;
    this.document.savedProject(saved.final, target);
    const { leftOut, state } = saved;
    const without =
      leftOut === 0 ? '' : ` The ${leftOut} oldest steps found no room in it; what they made of the scene did.`;
    this.document.exported(
      target,
      `Saved ${target.name}: ${stepsInWords(state.history?.steps.length ?? 1)}.${without}`,
    );
    return true;
  }

  private async write(target: SaveTarget, { onProgress, signal }: JobOptions): Promise<Snapshot | undefined> {
    const snapshot = await this.snapshot(PROJECT_BYTES);
    if (snapshot === undefined) return undefined;
    if (snapshot.state.history === undefined)
      throw new SplatError(
        'unsupported-feature',
        `${target.name} was not saved: its scene has more than ${formatBytes(PROJECT_BYTES)} that are in no file.`,
        'Save the scene itself with File > Save As.',
      );
    let done = 0;
    const all = snapshot.parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    for (const { id, bytes: read } of snapshot.parts) {
      const bytes = read();
      for (let offset = 0; offset === 0 || offset < bytes.length; offset += CHUNK_BYTES) {
        signal?.throwIfAborted();
        const chunk = bytes.subarray(offset, offset + CHUNK_BYTES);
        await ask(window.desktop.writeProjectPart(target.id, id, chunk, offset + CHUNK_BYTES >= bytes.length));
        done += chunk.length;
        onProgress?.({ stage: 'Writing', fraction: all === 0 ? 1 : done / all });
      }
    }
    const { files, state, finalIndex } = snapshot;
    const held = { ...state.held, project: finalIndex };
    await ask(window.desktop.finishProject(target.id, files, { ...state, held }));
    return snapshot;
  }

  /** The scene's file: as it was found where it is the same, or not needed; else what a person says. */
  private async sceneOf(project: ProjectFile): Promise<SceneFile | undefined> {
    const { status, file } = project.scene;
    const { history } = project.state;
    const isNeeded = history === undefined || needsSource(history);
    if (status === 'same' || !isNeeded) return file;
    const locate = (): Promise<FoundScene | undefined> => ask(window.desktop.locateScene(project.id));
    return this.actions.guard(() => this.findScene(project, locate), `The scene of ${project.name} was not found`);
  }

  /** Puts a project's document in the place of everything. Resolves with how many steps it has. */
  private async restore(project: ProjectFile, file: SceneFile, options: JobOptions): Promise<number> {
    const { state, saved, target, parts } = project;
    let source: SplatScene | undefined;
    const mostArrayBytes = MOST_ARRAY_BYTES;
    const readSource = async (): Promise<SplatScene> =>
      (source ??= await loadScene(file, { ...options, mostArrayBytes }));
    const { history, scenes } =
      state.history === undefined
        ? await asOpened(readSource)
        : await unpackHistory(state.history, {
            name: project.name,
            source: readSource,
            read: (id) => (Object.hasOwn(parts, id) ? readFile(parts[id], options) : undefined),
            blend: (scene, residuals, settings) => blendScene(scene, residuals, settings, options.signal),
          });
    const held = (index: number | undefined): WeakRef<SplatScene> | undefined =>
      index === undefined || scenes[index] === undefined ? undefined : new WeakRef(scenes[index]);
    const onDisk: OnDisk = {
      opened: source === undefined ? undefined : new WeakRef(source),
      saved: saved === undefined ? undefined : held(state.held.saved),
      project: target === undefined ? undefined : held(state.held.project),
    };
    const shown = presentState(history).refined === undefined ? 'before' : state.shown;
    this.document.restore({ file, history, onDisk, savedTo: saved, project: target, shown, chosenUp: state.up });
    return history.steps.length;
  }
}

async function asOpened(readSource: () => Promise<SplatScene>) {
  const original = await readSource();
  const version = { original, refined: undefined, selection: undefined, region: 'auto' as const };
  return { history: startHistory('Open', version), scenes: [original] };
}

function stepsInWords(count: number): string {
  return count === 1 ? 'as it was opened' : `${count - 1} step${count === 2 ? '' : 's'} that can be undone or redone`;
}

/** A pause that lets others on when it is due. */
function pacer(): () => Promise<void> {
  let pausedMs = performance.now();
  return async () => {
    if (performance.now() - pausedMs < PAUSE_AFTER_MS) return;
    await yieldToEventLoop();
    pausedMs = performance.now();
  };
}
