import { viewpointOf } from '../../../camera/camera-pose.ts';
import { framingOf } from '../../../camera/framing.ts';
import type { Viewpoint } from '../../../core/camera-file.ts';
import { toSplatError } from '../../../core/errors.ts';
import { EMPTY_PATH } from '../../../show/keys.ts';
import { pathShot } from '../../../show/path.ts';
import { parseSceneShow, writeSceneShow } from '../../../show/show-file.ts';
import type { SceneShow } from '../../../show/show-file.ts';
import type { Shot } from '../../../show/shot.ts';
import { DEFAULT_TURN, turntableShot } from '../../../show/turntable.ts';
import type { Turntable } from '../../../show/turntable.ts';
import type { SceneFile } from '../../../bridge/files.ts';
import { ask } from '../../desktop.ts';
import type { AppContext } from '../../feature.ts';

/** Which of the two moves the camera. */
export type ShotKind = 'path' | 'turntable';

export interface ShowState extends SceneShow {
  readonly kind: ShotKind;
}

const EMPTY: ShowState = { bookmarks: [], path: EMPTY_PATH, turntable: undefined, kind: 'path' };
/** Changes in quick succession (a number being typed) are written once. */
const SAVE_AFTER_MS = 300;

/** Bookmarks, path and turntable of the open scene; what changes is kept in the user's data. */
export class ShowStore {
  private current = EMPTY;
  private file: SceneFile | undefined;
  /** What was kept but can't be read is left alone. */
  private isKept = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Settles once what was kept for the scene is there. */
  private loading: Promise<void> = Promise.resolve();
  private readonly listeners: ((state: ShowState, before: ShowState) => void)[] = [];

  constructor(private readonly context: Pick<AppContext, 'document' | 'viewport' | 'actions'>) {
    context.document.watch(({ file }) => {
      if (file !== this.file) this.loading = this.load(file);
    });
    window.addEventListener('beforeunload', () => this.save());
  }

  get state(): ShowState {
    return this.current;
  }

  /** Calls `listener` after each change. */
  watch(listener: (state: ShowState, before: ShowState) => void): void {
    this.listeners.push(listener);
  }

  change(patch: Partial<ShowState>): void {
    this.set({ ...this.current, ...patch });
    const isToKeep = patch.bookmarks !== undefined || patch.path !== undefined || patch.turntable !== undefined;
    if (!isToKeep || !this.isKept) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  /** Takes what a project has in the place of what was kept for its scene; the latter changes with the next change. */
  async restore(state: ShowState): Promise<void> {
    await this.loading;
    this.set(state);
  }

  /** What is seen now, as bookmarks and keys hold it. */
  get view(): Viewpoint {
    const { view } = this.context.viewport;
    return viewpointOf(view.pose, view.upDirection);
  }

  /** The turntable, or one round the whole scene, from the side it is seen from, until a person asks for one. */
  get turntable(): Turntable {
    if (this.current.turntable !== undefined) return this.current.turntable;
    const { view } = this.context.viewport;
    const { fovYDegrees } = view;
    const { target, distance } = framingOf(view.sceneBounds, fovYDegrees, 16 / 9);
    return {
      ...DEFAULT_TURN,
      centre: target,
      distance,
      up: view.upDirection,
      side: view.sideDirection,
      fovYDegrees,
    };
  }

  /** The turntable about the point that the view turns about, at its distance, from its side. */
  turntableFromView(): Turntable {
    const { view } = this.context.viewport;
    const { position, target, fovYDegrees } = view.pose;
    return {
      ...this.turntable,
      centre: target,
      distance: Math.hypot(...position.map((value, axis) => value - target[axis])),
      up: view.upDirection,
      side: view.sideDirection,
      fovYDegrees,
    };
  }

  /** The moving camera that is chosen, undefined while the path has fewer than two keys. */
  get shot(): Shot | undefined {
    const { kind, path } = this.current;
    if (kind === 'turntable') return turntableShot(this.turntable);
    return path.keys.length < 2 ? undefined : pathShot(path);
  }

  private async load(file: SceneFile | undefined): Promise<void> {
    this.save();
    this.file = file;
    this.isKept = true;
    this.set(EMPTY);
    if (file === undefined) return;
    try {
      const text = await ask(window.desktop.readSceneShow(file.id));
      if (text === undefined || this.file !== file) return;
      this.set({ ...this.current, ...parseSceneShow(text, `What was kept for ${file.name}`) });
    } catch (error) {
      this.isKept = false;
      this.context.actions.report(toSplatError(error, 'io', `The bookmarks of ${file.name} could not be read`));
    }
  }

  /** Writes what waits to be written. */
  private save(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    const { file, current } = this;
    if (file === undefined) return;
    const isEmpty = current.bookmarks.length === 0 && current.path.keys.length === 0 && current.turntable === undefined;
    void ask(window.desktop.writeSceneShow(file.id, isEmpty ? '' : writeSceneShow(current))).catch((error: unknown) =>
      this.context.actions.report(toSplatError(error, 'io', 'The bookmarks could not be kept')),
    );
  }

  private set(state: ShowState): void {
    const before = this.current;
    this.current = state;
    for (const listener of this.listeners) listener(state, before);
  }
}
