import { z } from 'zod';
import { poseOf } from '../../../camera/camera-pose.ts';
import { toSplatError } from '../../../core/errors.ts';
import {
  BOOKMARKS_WITH_KEYS,
  MAX_BOOKMARKS,
  addBookmark,
  removeBookmark,
  renameBookmark,
} from '../../../show/bookmarks.ts';
import { addKey, canAddKey, changeKey } from '../../../show/keys.ts';
import type { CameraKey } from '../../../show/path.ts';
import { pathLines } from '../../../show/path-lines.ts';
import { parseShowFile, sceneShowOf, sceneShowRecord, writeShowFile } from '../../../show/show-file.ts';
import type { ShowFile } from '../../../show/show-file.ts';
import type { CommandId } from '../../../bridge/commands.ts';
import { ask, readFile } from '../../desktop.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { themeColour, watchTheme } from '../../ui/theme.ts';
import { ShowPanel } from './panel.ts';
import { Player } from './player.ts';
import { PictureDialog, VideoDialog } from './save-dialogs.ts';
import type { DialogFacts } from './save-dialogs.ts';
import { savePicture, saveText, saveVideo, stemOf } from './save.ts';
import { ShowStore } from './store.ts';
import type { ShotKind, ShowState } from './store.ts';
import { Timeline } from './timeline.ts';

/** Share of the scene's radius that a key's frustum reaches. */
const FRUSTUM_SHARE = 0.12;

const BOOKMARK_COMMANDS = Array.from(
  { length: BOOKMARKS_WITH_KEYS },
  (_, index) => `show.bookmark${index + 1}` as CommandId,
);

const keptSchema = z.object({ kind: z.enum(['path', 'turntable']), show: z.unknown() });

/** Bookmarks, camera path and turntable, pictures and videos. */
export class ShowFeature implements Feature {
  readonly commands: Feature['commands'];
  readonly panel: NonNullable<Feature['panel']>;
  readonly kept: NonNullable<Feature['kept']>;
  private readonly store: ShowStore;
  private readonly player: Player;
  private readonly timeline: Timeline;
  private readonly view: ShowPanel;
  private isPanelShown = false;
  private isTimelineWanted = false;
  private wasPlaying = false;
  /** Which keys were so near when the path was drawn that their frusta would only have framed the view. */
  private nearKeys: readonly boolean[] = [];
  private pictureDialog: PictureDialog | undefined;
  private videoDialog: VideoDialog | undefined;

  constructor(private readonly context: AppContext) {
    const { viewport, overlay, actions } = context;
    this.store = new ShowStore(context);
    actions.pageViews = () => ({ start: this.store.view, bookmarks: this.store.state.bookmarks });
    this.player = new Player(viewport, () => this.playerChanged());
    this.timeline = new Timeline({
      toggle: () => this.toggle(),
      seek: (seconds) => this.player.seek(seconds),
      repeat: (on) => (this.player.repeats = on),
      close: () => this.closeTimeline(),
    });
    overlay.append(this.timeline.element);
    this.view = this.makePanel();
    this.panel = {
      id: 'show',
      title: 'Camera',
      icon: 'video',
      command: 'panel.show',
      element: this.view.element,
      shown: () => this.setPanelShown(true),
      hidden: () => this.setPanelShown(false),
    };
    this.kept = {
      id: 'show',
      read: () => ({ kind: this.store.state.kind, show: sceneShowRecord(this.store.state) }),
      restore: (value, { name }) => {
        const { kind, show } = keptSchema.parse(value);
        return this.store.restore({ kind, ...sceneShowOf(show, `What ${name} has of bookmarks and paths`) });
      },
    };
    this.commands = this.makeCommands();
    this.watch();
  }

  private watch(): void {
    const { document, viewport, canvas } = this.context;
    this.store.watch((state, before) => this.storeChanged(state, before));
    document.watch((state, before) => {
      if (state.file !== before.file || state.original !== before.original) this.reload();
      if (state.job !== before.job && state.job !== undefined) this.player.pause();
      if (state.job === undefined || before.job === undefined) this.showTimeline();
      this.showPanel();
    });
    viewport.watchFrames(() => {
      if (
        this.isPanelShown &&
        this.store.state.path.keys.some((key, index) => this.isNear(key) !== this.nearKeys[index])
      )
        this.drawPath();
    });
    // Whoever takes the view into the hand wants to hold it.
    for (const type of ['pointerdown', 'wheel'] as const)
      canvas.addEventListener(type, () => this.player.pause(), { passive: true });
    watchTheme(() => this.drawPath());
  }

  state(): FeatureState {
    return { disabled: [...this.disabled()], checked: this.player.isPlaying ? ['show.play'] : [] };
  }

  /** Shift and a digit go to a bookmark, whatever the keyboard's layout makes of them. */
  key(event: KeyboardEvent): boolean {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (event.type !== 'keydown' || !event.shiftKey || digit === undefined) return false;
    this.context.run(BOOKMARK_COMMANDS[Number(digit) - 1]);
    return true;
  }

  private makePanel(): ShowPanel {
    const { context } = this;
    return new ShowPanel({
      store: this.store,
      platform: context.platform,
      run: context.run,
      choose: (kind) => this.choose(kind),
      bookmarks: {
        add: () => context.run('show.addBookmark'),
        goTo: (index) => this.goToBookmark(index),
        rename: (index, name) =>
          this.store.change({ bookmarks: [...renameBookmark(this.store.state.bookmarks, index, name)] }),
        remove: (index) => this.store.change({ bookmarks: removeBookmark(this.store.state.bookmarks, index) }),
      },
      path: {
        change: (path) => this.store.change({ path }),
        addKey: () => context.run('show.addKey'),
        goTo: (index) => this.goToKey(index),
        setView: (index) => this.store.change({ path: changeKey(this.store.state.path, index, this.store.view) }),
      },
      turntable: {
        change: (patch) => this.store.change({ turntable: { ...this.store.turntable, ...patch } }),
        fromView: () => this.store.change({ turntable: this.store.turntableFromView() }),
      },
    });
  }

  private makeCommands(): Feature['commands'] {
    return {
      'show.addBookmark': () =>
        this.store.change({ bookmarks: addBookmark(this.store.state.bookmarks, this.store.view) }),
      ...Object.fromEntries(BOOKMARK_COMMANDS.map((id, index) => [id, () => this.goToBookmark(index)])),
      'show.addKey': () => this.addKey(),
      'show.play': () => this.toggle(),
      'show.turntable': () => this.toggleTurntable(),
      'show.open': () => void this.open(),
      'show.saveCamera': () => this.saveCamera(),
      'show.saveBookmarks': () => this.save({ kind: 'bookmarks', bookmarks: this.store.state.bookmarks }, 'bookmarks'),
      'show.picture': () => this.askPicture(),
      'show.video': () => this.askVideo(),
    };
  }

  private disabled(): ReadonlySet<CommandId> {
    const { original, job } = this.context.document.state;
    const { bookmarks, path } = this.store.state;
    const hasScene = original !== undefined && this.context.viewport.isReady;
    const isIdle = hasScene && job === undefined;
    const off = new Set<CommandId>();
    const need = (isThere: boolean, ...ids: CommandId[]): void => {
      if (!isThere) for (const id of ids) off.add(id);
    };
    need(hasScene, 'show.addBookmark', 'show.addKey', 'show.turntable');
    need(bookmarks.length < MAX_BOOKMARKS, 'show.addBookmark');
    need(canAddKey(path), 'show.addKey');
    need(isIdle, 'show.open', 'show.picture');
    need(isIdle && this.store.shot !== undefined, 'show.play', 'show.video', 'show.saveCamera');
    need(isIdle && bookmarks.length > 0, 'show.saveBookmarks');
    need(hasScene, ...BOOKMARK_COMMANDS);
    need(false, ...BOOKMARK_COMMANDS.slice(bookmarks.length));
    if (path.keys.length === 1 && this.store.state.kind === 'path') off.delete('show.saveCamera');
    return off;
  }

  private storeChanged(state: ShowState, before: ShowState): void {
    if (state.path !== before.path || state.turntable !== before.turntable || state.kind !== before.kind) this.reload();
    this.context.refresh();
    this.showPanel();
  }

  /** Takes up what moves the camera anew: for the timeline, for the lines in the scene. */
  private reload(): void {
    const isThere = this.context.document.state.original !== undefined;
    const shot = isThere ? this.store.shot : undefined;
    this.player.load(shot);
    const { kind, path } = this.store.state;
    const keySeconds = kind === 'path' && path.timing === 'keys' ? path.keys.map(({ timeSeconds }) => timeSeconds) : [];
    this.timeline.load(shot === undefined ? undefined : { kind, durationSeconds: shot.durationSeconds, keySeconds });
    this.showTimeline();
    this.drawPath();
  }

  private showTimeline(): void {
    const { document } = this.context;
    const isWanted =
      (this.isPanelShown || this.isTimelineWanted) &&
      this.player.shot !== undefined &&
      document.state.job === undefined;
    this.timeline.element.hidden = !isWanted;
    this.timeline.show(this.player.timeSeconds, this.player.isPlaying);
  }

  private closeTimeline(): void {
    this.player.pause();
    this.isTimelineWanted = false;
    if (this.isPanelShown) this.context.run('panel.show');
    this.showTimeline();
    this.drawPath();
  }

  private playerChanged(): void {
    this.timeline.show(this.player.timeSeconds, this.player.isPlaying);
    if (this.player.isPlaying === this.wasPlaying) return;
    this.wasPlaying = this.player.isPlaying;
    this.drawPath();
    this.context.refresh();
  }

  /** The path and its keys, while the panel is open and the camera is not on its way along them. */
  private drawPath(): void {
    const { viewport, document } = this.context;
    const { kind, path } = this.store.state;
    const shot = this.player.shot;
    this.nearKeys = path.keys.map((key) => this.isNear(key));
    const keys = kind === 'path' ? path.keys.map(poseOf) : [];
    if (
      !this.isPanelShown ||
      this.player.isPlaying ||
      document.state.original === undefined ||
      (shot === undefined && keys.length === 0)
    ) {
      viewport.showLines('camera-path', undefined);
      return;
    }
    const still = { durationSeconds: 0, loops: false, poseAt: () => keys[0] ?? viewport.view.pose };
    const style = { depth: this.frustumDepth, path: themeColour('--accent'), frusta: themeColour('--text') };
    viewport.showLines('camera-path', {
      segments: pathLines(
        shot ?? still,
        keys.filter((_, index) => !this.nearKeys[index]),
        style,
      ),
      widthPixels: 2,
      opacity: 0.9,
    });
  }

  private get frustumDepth(): number {
    return this.context.viewport.view.sceneBounds.radius * FRUSTUM_SHARE;
  }

  private isNear({ position: [x, y, z] }: CameraKey): boolean {
    const { position } = this.context.viewport.view.camera;
    return Math.hypot(x - position.x, y - position.y, z - position.z) < this.frustumDepth;
  }

  private showPanel(): void {
    if (this.isPanelShown) this.view.show(this.context.document.state.original !== undefined, this.disabled());
  }

  private setPanelShown(isShown: boolean): void {
    this.isPanelShown = isShown;
    this.showPanel();
    this.reload();
  }

  private choose(kind: ShotKind): void {
    this.player.pause();
    // From now on it stays where it is, whatever the view does: what was played is what will be filmed.
    this.store.change(kind === 'turntable' ? { kind, turntable: this.store.turntable } : { kind });
  }

  private goToBookmark(index: number): void {
    const bookmark = this.store.state.bookmarks[index];
    if (bookmark === undefined) return;
    this.player.pause();
    this.context.viewport.view.showPose(poseOf(bookmark));
    this.context.document.say(`Bookmark: ${bookmark.name}.`);
  }

  private goToKey(index: number): void {
    const key = this.store.state.path.keys[index];
    if (key === undefined) return;
    this.player.pause();
    if (this.player.shot === undefined) this.context.viewport.view.showPose(poseOf(key));
    else this.player.seek(key.timeSeconds - (this.store.state.path.keys[0]?.timeSeconds ?? 0));
    // In a shot of constant speed the keys lie at other moments than their own.
    if (this.store.state.path.timing === 'constant') this.context.viewport.view.showPose(poseOf(key));
  }

  private addKey(): void {
    const path = addKey(this.store.state.path, this.store.view);
    this.store.change({ path, kind: 'path' });
    this.context.document.say(
      `Key ${path.keys.length} of the camera path at ${path.keys.at(-1)?.timeSeconds.toFixed(1) ?? ''} s.`,
    );
  }

  private toggle(): void {
    this.isTimelineWanted = true;
    if (this.player.isPlaying) this.player.pause();
    else this.player.play();
    this.showTimeline();
  }

  private toggleTurntable(): void {
    const isPlaying = this.player.isPlaying && this.store.state.kind === 'turntable';
    if (this.store.state.kind !== 'turntable') this.choose('turntable');
    if (isPlaying) this.player.pause();
    else this.toggle();
  }

  private async open(): Promise<void> {
    try {
      const file = await ask(window.desktop.showOpenShow());
      if (file !== undefined)
        this.take(parseShowFile(new TextDecoder().decode(await readFile(file)), file.name), file.name);
    } catch (error) {
      this.context.actions.report(toSplatError(error, 'io', 'The file could not be opened'));
    }
  }

  private take(file: ShowFile, name: string): void {
    this.player.pause();
    if (file.kind === 'bookmarks')
      this.store.change({ bookmarks: [...this.store.state.bookmarks, ...file.bookmarks].slice(0, MAX_BOOKMARKS) });
    else if (file.kind === 'path') this.store.change({ path: file.path, kind: 'path' });
    else this.store.change({ turntable: file.turntable, kind: 'turntable' });
    const what = { bookmarks: 'bookmarks', path: 'camera path', turntable: 'turntable' }[file.kind];
    this.context.document.say(`Loaded the ${what} from ${name}.`);
  }

  private saveCamera(): void {
    const { kind, path } = this.store.state;
    this.save(kind === 'path' ? { kind, path } : { kind, turntable: this.store.turntable }, kind);
  }

  private save(file: ShowFile, ending: string): void {
    void saveText(this.context, `${stemOf(this.context.document.state)}-${ending}.json`, writeShowFile(file));
  }

  private facts(): DialogFacts {
    const { document, viewport } = this.context;
    const { refined, shown } = document.state;
    return {
      windowSize: viewport.pixelSize,
      background: viewport.backgroundColour,
      isRefined: refined !== undefined,
      shown,
    };
  }

  private askPicture(): void {
    this.player.pause();
    this.pictureDialog ??= new PictureDialog((choice) => void savePicture(this.context, choice));
    this.pictureDialog.open(this.facts());
  }

  private askVideo(): void {
    this.player.pause();
    const { shot, state } = this.store;
    if (shot === undefined) return;
    this.videoDialog ??= new VideoDialog((choice) => {
      const filmed = this.store.shot;
      if (filmed !== undefined) void saveVideo(this.context, choice, filmed);
    });
    const seconds = `${shot.durationSeconds.toFixed(1)} s`;
    this.videoDialog.open(
      this.facts(),
      shot,
      state.kind === 'path' ? `Path of ${state.path.keys.length} keys, ${seconds}` : `Turntable, ${seconds}`,
    );
  }
}
