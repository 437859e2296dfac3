import type { SplatScene } from '../../core/splat-scene.ts';
import { FILE_EXTENSIONS, isFolderFormat, sceneStem } from '../../core/writable-formats.ts';
import type { WritableFormatId } from '../../core/writable-formats.ts';
import type { History } from '../../edit/history.ts';
import { addStep, goToStep, HISTORY_BYTES, presentState, startHistory, trimHistory } from '../../edit/history.ts';
import type { SplatMask } from '../../edit/selection.ts';
import type { Refinement, SceneVersion } from '../../project/scene-version.ts';
import type { CameraParameters } from '../../core/camera-parameters.ts';
import type { UpAxis } from '../../core/up-axes.ts';
import type { ResolvedUp } from '../../core/up-axis.ts';
import { resolveUp } from '../../core/up-axis.ts';
import type { Region } from '../../refine/region-choice.ts';
import type { CommandId } from '../../bridge/commands.ts';
import type { SaveTarget, SceneFile } from '../../bridge/files.ts';
import type { UnsavedWork } from '../../bridge/window.ts';
import type { Figure } from './refine-words.ts';
import { WatchedState } from './watched-state.ts';

/** What the screen shows of a scene that has been refined. */
export type Shown = 'before' | 'after';

/** A long job under way. */
export interface Job {
  readonly kind: 'open' | 'refine' | 'save' | 'edit' | 'measure';
  readonly title: string;
  readonly stage: string;
  readonly fraction: number;
  /** About how long it will still take, where that is known. */
  readonly remainingSeconds?: number | undefined;
  readonly startedMs: number;
  /** What is seen in the meantime of the scene that is being opened; it belongs to the job alone. */
  readonly preview?: SplatScene | undefined;
  readonly cancel: () => void;
}

export interface Message {
  readonly text: string;
  readonly isError: boolean;
  /** What a person may want to do next; a message that has this is a job's result and shown over the scene. */
  readonly actions?: readonly { readonly label: string; readonly command: CommandId }[];
  /** The result in a few words and figures, shown over the scene in place of the text. */
  readonly card?: ResultCard | undefined;
}

/** What a job brought, in figures. */
export interface ResultCard {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** What else a person should know, in sentences; '' where there is nothing. */
  readonly note: string;
}

/**
 * Scenes that a file holds: as opened, as saved last, as the project has it. Weak, so that they cost no memory once the
 * history lets them go.
 */
export interface OnDisk {
  readonly opened?: WeakRef<SplatScene> | undefined;
  readonly saved?: WeakRef<SplatScene> | undefined;
  readonly project?: WeakRef<SplatScene> | undefined;
}

/** What a project or a session brings back of a document. */
export type RestoredState = Pick<DocumentState, 'chosenUp' | 'history' | 'onDisk' | 'savedTo' | 'project' | 'shown'> & {
  readonly file: SceneFile;
  readonly history: History<SceneVersion>;
};

export interface DocumentState {
  /** A new object whenever a scene is opened; edits keep it. */
  readonly file: SceneFile | undefined;
  /** The sample is there to try things on: what becomes of it is nobody's loss. */
  readonly isSample: boolean;
  /** The scene as opened and edited, before refinement. */
  readonly original: SplatScene | undefined;
  /** The axis that is up, for view, refinement and files; undefined without a scene. */
  readonly up: ResolvedUp | undefined;
  /** The axis that a person chose for this scene. */
  readonly chosenUp: UpAxis | undefined;
  /** While a slider is dragged its scene and settings run ahead of the history. */
  readonly refined: Refinement | undefined;
  readonly selection: SplatMask | undefined;
  readonly region: Region;
  readonly history: History<SceneVersion> | undefined;
  readonly onDisk: OnDisk;
  /** Where the scene was saved last: Save writes there again. */
  readonly savedTo: SaveTarget | undefined;
  /** The project that is open: Save writes there again. */
  readonly project: SaveTarget | undefined;
  /** The file that was written last, of whatever kind. */
  readonly exported: SaveTarget | undefined;
  readonly shown: Shown;
  readonly job: Job | undefined;
  readonly message: Message;
  readonly modelName: string;
}

export const EMPTY_STATE: DocumentState = {
  file: undefined,
  isSample: false,
  original: undefined,
  up: undefined,
  chosenUp: undefined,
  refined: undefined,
  selection: undefined,
  region: 'auto',
  history: undefined,
  onDisk: {},
  savedTo: undefined,
  project: undefined,
  exported: undefined,
  shown: 'before',
  job: undefined,
  message: { text: '', isError: false },
  modelName: '',
};

/** The open scene, its refinement and the job under way. Panels watch it; only the actions change it. */
export class SceneDocument extends WatchedState<DocumentState> {
  constructor() {
    super(EMPTY_STATE);
  }

  /** A message is about the scene as it was: it goes with the next change, unless that says something itself. */
  override update(patch: Partial<DocumentState>): void {
    const { message, history, shown } = this.state;
    const isChange = 'history' in patch && patch.history !== history;
    const isOver = isChange || (message.isError && patch.shown !== undefined && patch.shown !== shown);
    super.update(isOver && message.text !== '' ? { message: EMPTY_STATE.message, ...patch } : patch);
  }

  /** Puts a scene that was just read in the place of everything, and ends the job that read it. */
  open(file: SceneFile, original: SplatScene, isSample = false): void {
    const version: SceneVersion = { original, refined: undefined, selection: undefined, region: 'auto' };
    this.update({
      file,
      isSample,
      ...version,
      up: resolveUp(original),
      chosenUp: undefined,
      history: startHistory('Open', version),
      onDisk: { opened: new WeakRef(original) },
      savedTo: undefined,
      project: undefined,
      shown: 'before',
      job: undefined,
    });
  }

  /** Puts what a project or a session holds in the place of everything. */
  restore(restored: RestoredState): void {
    const version = presentState(restored.history);
    const up = resolveUp(version.original, { chosen: restored.chosenUp });
    this.update({ ...restored, ...version, up, isSample: false });
  }

  /**
   * Takes the axis that a person chose for this scene; undefined leaves it to file, cameras and splats.
   * @param cameras those of the capture that is open, in the scene's own axes
   */
  chooseUp(chosen: UpAxis | undefined, cameras: readonly CameraParameters[] | undefined): void {
    const { original } = this.state;
    if (original === undefined) return;
    const up = resolveUp(original, { chosen, cameras });
    const isSame = JSON.stringify(up) === JSON.stringify(this.state.up);
    this.update({ chosenUp: chosen, up: isSame ? this.state.up : up });
  }

  /** Takes the region that was chosen for this scene at an earlier time, as if it had been there when it was opened. */
  recallRegion(region: Region): void {
    const { history } = this.state;
    if (history === undefined || history.steps.some((step) => step.state.region !== 'auto')) return;
    const steps = history.steps.map((step) => ({ ...step, state: { ...step.state, region } }));
    this.update({ region, history: { ...history, steps } });
  }

  /**
   * Notes that a file holds `scene` now. The file of the save before may be the same one, so that scene counts no
   * longer.
   */
  saved(scene: SplatScene, savedTo: SaveTarget): void {
    // Whoever saves the sample works on it.
    this.update({ onDisk: { ...this.state.onDisk, saved: new WeakRef(scene) }, savedTo, isSample: false });
  }

  /** Notes that a project holds `scene` now. */
  savedProject(scene: SplatScene, project: SaveTarget): void {
    this.update({ onDisk: { ...this.state.onDisk, project: new WeakRef(scene) }, project, isSample: false });
  }

  /** Says that a file was written, and offers to show where it is. */
  exported(target: SaveTarget, text: string): void {
    this.update({ exported: target });
    this.finish(text, [{ label: 'Show in Folder', command: 'file.reveal' }]);
  }

  /**
   * Changes the scene by a step that can be undone. `label` follows Undo in the menu; steps in a row with the same
   * `key` become one.
   * What is not named stays as the history has it.
   */
  step(
    label: string,
    change: Partial<SceneVersion>,
    { key, shown }: { readonly key?: string | undefined; readonly shown?: Shown } = {},
  ): void {
    const { history } = this.state;
    if (history === undefined) return;
    const version = { ...presentState(history), ...change };
    const added = trimHistory(addStep(history, { label, state: version, key }), HISTORY_BYTES, versionBuffers);
    this.update({ ...version, history: added, ...(shown === undefined ? {} : { shown }) });
  }

  /** Goes to a step of the history by its index. A refinement that comes back is shown. */
  goTo(index: number): void {
    const { history } = this.state;
    if (history === undefined) return;
    const there = goToStep(history, index);
    const version = presentState(there);
    const shown =
      version.refined === undefined
        ? 'before'
        : presentState(history).refined === undefined
          ? 'after'
          : this.state.shown;
    this.update({ ...version, history: there, shown });
  }

  say(text: string): void {
    this.update({ message: { text, isError: false } });
  }

  /** Says what a job brought, with what may come next. */
  finish(text: string, actions: NonNullable<Message['actions']> = [], card?: ResultCard): void {
    this.update({ message: { text, isError: false, actions, card } });
  }

  /** Says something besides, which takes no word from what is said already. */
  add(sentence: string, actions: NonNullable<Message['actions']> = []): void {
    const { message } = this.state;
    const text = `${message.text} ${sentence}`.trimStart();
    const all = [...(message.actions ?? []), ...actions];
    this.update({ message: { ...message, text, ...(all.length > 0 ? { actions: all } : {}) } });
  }

  complain(text: string): void {
    this.update({ message: { text, isError: true } });
  }
}

/** What a version holds in memory, for the history's budget. */
export function* versionBuffers({ original, refined, selection }: SceneVersion): Generator<ArrayBufferLike> {
  for (const scene of [original, refined?.scene]) {
    if (scene === undefined) continue;
    for (const array of [scene.positions, scene.logScales, scene.quats, scene.logitOpacities, scene.shDc, scene.shRest])
      yield array.buffer;
  }
  if (refined !== undefined) {
    yield refined.residuals.rows.buffer;
    for (const array of Object.values(refined.residuals.values)) yield array.buffer;
    if (refined.settings.mask !== undefined) yield refined.settings.mask.buffer;
  }
  if (selection !== undefined) yield selection.buffer;
}

/** Whether splats of the refined scene are those of the original, row by row. */
export function isAligned(original: SplatScene, refined: Refinement): boolean {
  return refined.scene.count === original.count && refined.residuals.copies === 1;
}

/** The scene as it would be saved: refined where it was. */
export function finalScene({ original, refined }: Pick<DocumentState, 'original' | 'refined'>): SplatScene | undefined {
  return refined?.scene ?? original;
}

/**
 * Whether there are unsaved changes. Scenes are immutable and steps share them, so a way back to what was saved
 * is seen by identity.
 */
export function isUnsaved(state: Pick<DocumentState, 'original' | 'refined' | 'onDisk' | 'isSample'>): boolean {
  if (state.isSample) return false;
  const scene = finalScene(state);
  const { opened, saved, project } = state.onDisk;
  return scene !== undefined && ![opened, saved, project].some((kept) => kept?.deref() === scene);
}

/** What would be lost if the window closed now. */
export function unsavedWork(state: DocumentState): UnsavedWork {
  if (state.job?.kind === 'save') return 'save';
  return isUnsaved(state) ? 'changes' : 'nothing';
}

/** The scene on screen. */
export function shownScene(state: Pick<DocumentState, 'original' | 'refined' | 'shown'>): SplatScene | undefined {
  return state.shown === 'after' && state.refined !== undefined ? state.refined.scene : state.original;
}

/**
 * The name under which a scene would be saved, which says what became of it: `plant-refined.ply`, `plant-edited.ply`,
 * or `plant.ply` where only the format changes. Never the name of the file that was opened.
 */
export function suggestedName(
  { file, history, onDisk }: Pick<DocumentState, 'file' | 'history' | 'onDisk'>,
  format: WritableFormatId,
): string {
  const name = file?.name ?? 'scene';
  const steps = history?.steps.slice(0, history.index + 1) ?? [];
  const isRefined = steps.some(({ state }) => state.refined !== undefined);
  const original = history === undefined ? undefined : presentState(history).original;
  const isEdited = (history?.dropped ?? 0) > 0 || onDisk.opened?.deref() !== original;
  const stem = sceneStem(name);
  const became = isRefined ? '-refined' : isEdited ? '-edited' : '';
  const ending = isFolderFormat(format) ? '' : FILE_EXTENSIONS[format];
  const suggested = `${stem.endsWith(became) ? stem : stem + became}${ending}`;
  return suggested.toLowerCase() === name.toLowerCase() ? `${sceneStem(name)}-copy${ending}` : suggested;
}
