import { sceneBounds } from '../../../camera/scene-bounds.ts';
import { UP_DIRECTIONS } from '../../../core/up-axes.ts';
import { countMask, keepRows } from '../../../core/keep-rows.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { redoLabel, undoLabel } from '../../../edit/history.ts';
import { splats } from '../../../core/units.ts';
import type { SplatMask } from '../../../edit/selection.ts';
import { invertMask } from '../../../edit/selection.ts';
import type { Rgb, Vec3 } from '../../../core/vector.ts';
import type { Shape } from '../../../edit/shapes.ts';
import { shapeLines } from '../../../edit/shapes.ts';
import { tintScene } from '../../../edit/tint.ts';
import type { CommandId } from '../../../bridge/commands.ts';
import type { DocumentState } from '../../document/document.ts';
import { finalScene, shownScene } from '../../document/document.ts';
import type { StandIn } from '../../view/canvas-picture.ts';
import { ShapeHandles } from '../../view/shape-handles.ts';
import { el } from '../../ui/dom.ts';
import { Edits } from '../../document/edits.ts';
import type { CleanUp } from '../../document/edits.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { isTyping } from '../../window/keyboard.ts';
import { CleanUpPanel, FIRST_CLEAN_UP, targetOf } from './clean-up-panel.ts';
import type { CleanUpSettings } from './clean-up-panel.ts';
import { HistoryPanel } from './history-panel.ts';
import { SelectPanel } from './select-panel.ts';
import { SelectionMarks } from './selection-marks.ts';
import type { Marked } from './selection-marks.ts';
import { Placing } from './placing.ts';
import { isPictureTool, PictureTools } from './picture-tools.ts';
import { Selector } from './selector.ts';

/** Hardly any thing has this colour: one of leaves, wood or skin would hide what is selected. */
const SELECTED: Rgb = [1, 0.2, 0.85];
const GONE: Rgb = [1, 0.16, 0.12];
/** Another colour than the selection's, and that of the knobs in edit.css. */
const SHAPE_LINES: Rgb = [0.4, 0.78, 1];

type Tab = 'select' | 'cleanUp' | 'place' | 'history';
const TABS: readonly (readonly [Tab, string])[] = [
  ['select', 'Select'],
  ['cleanUp', 'Clean up'],
  ['place', 'Place'],
  ['history', 'History'],
];
/** Keys with Ctrl (Cmd) that the page takes itself, so that fields keep theirs. */
const KEYS: Readonly<Record<string, CommandId>> = {
  z: 'edit.undo',
  Z: 'edit.redo',
  y: 'edit.redo',
  a: 'edit.selectAll',
  d: 'edit.selectNone',
  i: 'edit.invert',
};

/** Undo and redo, selecting splats, deleting and keeping them, floaters and decimation. */
export class EditFeature implements Feature {
  readonly commands: Feature['commands'];
  readonly panel: NonNullable<Feature['panel']>;
  private readonly edits: Edits;
  private readonly selector: Selector;
  private readonly root = el('div', { class: 'panel edit-panel' });
  private readonly tabs = new Map<Tab, HTMLElementTagNameMap['wa-tab']>();
  private readonly group: HTMLElementTagNameMap['wa-tab-group'];
  private readonly selectPanel: SelectPanel;
  private readonly cleanUpPanel: CleanUpPanel;
  private readonly historyPanel: HistoryPanel;
  private readonly handles: ShapeHandles;
  private readonly pictureTools: PictureTools;
  private readonly marks: SelectionMarks;
  private readonly placing: Placing;
  private isShown = false;
  private tab: Tab = 'select';
  private cleanUp = FIRST_CLEAN_UP;
  private preview: { readonly what: CleanUp; readonly result: SplatScene; readonly showsResult: boolean } | undefined;
  /** The last stand-in, so that flipping to and fro does not make it anew. */
  private tinted: { readonly of: SplatScene; readonly mask: SplatMask; readonly scene: SplatScene } | undefined;
  private refreshing = false;

  constructor(private readonly context: AppContext) {
    const { document, actions, viewport, overlay } = context;
    this.edits = new Edits(document, actions);
    const upOf = (scene: SplatScene): Vec3 => UP_DIRECTIONS[document.state.up?.axis ?? scene.meta.up];
    this.selector = new Selector(() => this.edits.selectable, upOf);
    this.placing = new Placing(context, upOf, () => this.updateSoon());
    this.selectPanel = this.makeSelectPanel();
    this.cleanUpPanel = this.makeCleanUpPanel();
    this.historyPanel = new HistoryPanel((index) => document.goTo(index));
    this.group = this.makeTabs();
    this.root.append(this.group);
    this.handles = new ShapeHandles({
      layer: overlay,
      camera: (width, height) => viewport.view.parameters(width, height),
      changed: (shape) => this.setShape(shape),
    });
    this.pictureTools = new PictureTools({
      canvas: context.canvas,
      layer: overlay,
      pictureAt: (x, y) => viewport.pictureAt(x, y),
      scene: () => (document.state.job === undefined ? this.edits.selectable : undefined),
      found: (found, how, tool) => this.edits.select(found, how, `Select by ${capitalised(tool)}`),
    });
    this.marks = new SelectionMarks(overlay, (width, height) =>
      viewport.hasPanes ? undefined : viewport.view.parameters(width, height),
    );
    viewport.watchFrames(() => {
      this.handles.position();
      this.marks.position();
    });
    document.watch((state, before) => this.documentChanged(state, before));
    this.listenToKeys();
    this.commands = this.makeCommands();
    this.panel = {
      id: 'edit',
      title: 'Edit',
      icon: 'select',
      command: 'panel.edit',
      element: this.root,
      shown: () => {
        this.isShown = true;
        this.update();
      },
      hidden: () => {
        this.isShown = false;
        this.leavePreview();
        this.placing.stop();
        this.update();
      },
    };
  }

  state(): FeatureState {
    const { history, original, selection, job } = this.context.document.state;
    const undo = history === undefined ? undefined : undoLabel(history);
    const redo = history === undefined ? undefined : redoLabel(history);
    const disabled: CommandId[] = [];
    if (undo === undefined || job !== undefined) disabled.push('edit.undo');
    if (redo === undefined || job !== undefined) disabled.push('edit.redo');
    if (original === undefined || job !== undefined) disabled.push('edit.selectAll', 'edit.invert');
    if (selection === undefined || job !== undefined) disabled.push('edit.selectNone', 'edit.delete', 'edit.keep');
    return {
      disabled,
      checked: [],
      labels: {
        ...(undo === undefined ? {} : { 'edit.undo': `Undo ${undo}` }),
        ...(redo === undefined ? {} : { 'edit.redo': `Redo ${redo}` }),
      },
    };
  }

  private makeCommands(): Feature['commands'] {
    return {
      'edit.undo': () => this.edits.undo(),
      'edit.redo': () => this.edits.redo(),
      'edit.selectAll': () => this.edits.selectAll(),
      'edit.selectNone': () => this.edits.selectNone(),
      'edit.invert': () => this.edits.invertSelection(),
      'edit.delete': () => void this.edits.deleteSelected(),
      'edit.keep': () => void this.edits.keepSelected(),
    };
  }

  private makeSelectPanel(): SelectPanel {
    const { selector } = this;
    const after = (change: () => void): void => {
      change();
      this.update();
    };
    return new SelectPanel({
      tool: (tool) => after(() => (selector.tool = tool)),
      shape: (shape) => this.setShape(shape),
      fit: () => this.fitShapes(),
      value: (value) => after(() => selector.chooseValue(value)),
      range: (range) => after(() => (selector.range = range)),
      brush: (radius) => after(() => (this.pictureTools.brushRadius = radius)),
      select: (how) => {
        const found = selector.found();
        if (found !== undefined) this.edits.select(found, how, `Select by ${selector.toolName}`);
      },
      run: (id) => this.context.run(id),
    });
  }

  private makeCleanUpPanel(): CleanUpPanel {
    return new CleanUpPanel({
      change: (patch) => this.changeCleanUp(patch),
      preview: () => void this.makePreview(),
      apply: () => void this.applyPreview(),
      discard: () => this.dropPreview(),
      showResult: (showsResult) => {
        if (this.preview !== undefined) this.preview = { ...this.preview, showsResult };
        this.update();
      },
    });
  }

  private makeTabs(): HTMLElementTagNameMap['wa-tab-group'] {
    const contents: Record<Tab, HTMLElement> = {
      select: this.selectPanel.element,
      cleanUp: this.cleanUpPanel.element,
      place: this.placing.panel.element,
      history: this.historyPanel.element,
    };
    const group = el('wa-tab-group');
    for (const [tab, label] of TABS) {
      const head = el('wa-tab', { text: label });
      head.panel = tab;
      const body = el('wa-tab-panel', {}, contents[tab]);
      body.name = tab;
      this.tabs.set(tab, head);
      group.append(head, body);
    }
    group.active = this.tab;
    group.addEventListener('wa-tab-show', (event) => {
      this.tab = (event as CustomEvent<{ name: Tab }>).detail.name;
      if (this.tab !== 'cleanUp') this.leavePreview();
      if (this.tab !== 'place') this.placing.stop();
      this.update();
    });
    return group;
  }

  private listenToKeys(): void {
    const listener = (event: KeyboardEvent): void => {
      const isCommand = this.context.platform === 'darwin' ? event.metaKey : event.ctrlKey;
      const id =
        isCommand && !event.altKey && !isTyping(event.target)
          ? KEYS[event.shiftKey && event.key.toLowerCase() === 'z' ? 'Z' : event.key.toLowerCase()]
          : undefined;
      if (id === undefined) return;
      event.preventDefault();
      this.context.run(id);
    };
    // Before a select with the focus, which lets nobody else hear of keys.
    window.addEventListener('keydown', listener, { capture: true });
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    if (state.file !== before.file && state.original !== undefined) {
      this.selector.begin();
      this.updateSoon();
    }
    if (
      state.original !== before.original ||
      state.refined?.residuals !== before.refined?.residuals ||
      state.history?.index !== before.history?.index
    )
      this.preview = undefined;
    const changed =
      state.original !== before.original ||
      state.refined !== before.refined ||
      state.selection !== before.selection ||
      state.shown !== before.shown ||
      state.history !== before.history ||
      this.placing.isOutdated;
    if (changed || (state.job === undefined) !== (before.job === undefined)) this.updateSoon();
  }

  /** Many changes before a frame count as one: a slider's, say. */
  private updateSoon(): void {
    if (this.refreshing) return;
    this.refreshing = true;
    queueMicrotask(() => {
      this.refreshing = false;
      this.update();
    });
  }

  private setShape(shape: Shape): void {
    this.selector.setShape(shape);
    this.updateSoon();
  }

  private fitShapes(): void {
    this.selector.fit();
    this.updateSoon();
  }

  private changeCleanUp(patch: Partial<CleanUpSettings>): void {
    this.cleanUp = { ...this.cleanUp, ...patch };
    this.dropPreview();
  }

  private async makePreview(): Promise<void> {
    const scene = finalScene(this.context.document.state);
    if (scene === undefined) return;
    const what = await this.findCleanUp(scene);
    if (what === undefined || !this.isShown) return;
    const result = what.kind === 'replace' ? what.scene : keepRows(what.for, invertMask(what.gone));
    this.preview = { what, result, showsResult: false };
    const { refined } = this.context.document.state;
    if (shownScene(this.context.document.state) !== what.for)
      this.context.document.update({ shown: refined?.scene === what.for ? 'after' : 'before' });
    this.update();
    const gone = countMask(what.gone);
    this.context.document.say(
      gone === 0
        ? 'Nothing was found.'
        : `${splats(gone)} would ${what.kind === 'replace' ? 'be merged' : 'go'}: see the view, then apply or discard.`,
    );
  }

  private findCleanUp(scene: SplatScene): Promise<CleanUp | undefined> {
    const { tool, floaters, detail, solidPercent, seenPercent } = this.cleanUp;
    if (tool === 'decimate') return this.edits.decimate(targetOf(scene.count, this.cleanUp));
    if (floaters === 'veil') return this.edits.findVeil(seenPercent / 100);
    const [solidOpacity, bounds] = [solidPercent / 100, sceneBounds(scene)];
    return this.edits.findFloaters({ kind: floaters, voxelsPerRadius: detail, solidOpacity, bounds });
  }

  private async applyPreview(): Promise<void> {
    const { preview } = this;
    this.preview = undefined;
    if (preview !== undefined) await this.edits.apply(preview.what);
  }

  private dropPreview(): void {
    this.leavePreview();
    this.update();
  }

  /** What is said of a preview must not outlive it. */
  private leavePreview(): void {
    if (this.preview !== undefined) this.context.document.say('The preview was discarded; nothing has changed.');
    this.preview = undefined;
  }

  /** Brings panel, handles, lines and tints into line with the settings and the document. */
  private update(): void {
    const { viewport, document } = this.context;
    const isSelecting = this.isShown && this.tab === 'select' && document.state.original !== undefined;
    const shape = isSelecting ? this.selector.shape : undefined;
    this.handles.show(shape);
    const { tool } = this.selector;
    this.pictureTools.use(isSelecting && isPictureTool(tool) ? tool : undefined);
    viewport.showLines(
      'selection',
      shape === undefined ? undefined : { segments: shapeLines(shape, SHAPE_LINES), widthPixels: 2, opacity: 1 },
    );
    this.context.picture.standIn('edit', this.standIn());
    this.marks.show(this.placing.placed ?? shownScene(document.state), this.marked());
    if (this.isShown) this.showPanel();
  }

  private standIn(): StandIn | undefined {
    const { state } = this.context.document;
    const shown = shownScene(state);
    if (shown === undefined) return undefined;
    const { preview } = this;
    if (preview?.showsResult === true && preview.what.for === shown && preview.result.count > 0)
      return { for: shown, scene: preview.result };
    const marked = this.marked();
    return marked === undefined ? undefined : { for: shown, scene: this.tint(shown, marked) };
  }

  /** The splats of the scene on screen that stand out: what a clean-up would take away, else what is selected. */
  private marked(): Marked | undefined {
    const { state } = this.context.document;
    const shown = shownScene(state);
    if (this.preview !== undefined) {
      const { what, result, showsResult } = this.preview;
      const isSeen = what.for === shown && result.count > 0 && !showsResult;
      return isSeen ? { mask: what.gone, colour: GONE } : undefined;
    }
    // While a slider runs ahead of the history its scenes come too fast to tint.
    const isLive =
      state.refined !== undefined && state.history?.steps[state.history.index].state.refined !== state.refined;
    if (state.selection === undefined || state.selection.length !== shown?.count || isLive) return undefined;
    // Where the selection alone was refined, what became of it is to be seen.
    if (state.refined?.settings.mask === state.selection) return undefined;
    return { mask: state.selection, colour: SELECTED };
  }

  private tint(of: SplatScene, { mask, colour }: Marked): SplatScene {
    if (this.tinted?.of !== of || this.tinted.mask !== mask)
      this.tinted = { of, mask, scene: tintScene(of, mask, colour) };
    return this.tinted.scene;
  }

  private showPanel(): void {
    const { state } = this.context.document;
    const count = state.original?.count ?? 0;
    const isBusy = state.job !== undefined || state.original === undefined;
    if (this.tab === 'select') {
      const found = this.selector.found();
      this.selectPanel.show({
        ...this.selector.facts(),
        brushRadius: this.pictureTools.brushRadius,
        found: found === undefined ? 0 : countMask(found),
        selected: state.selection === undefined ? 0 : countMask(state.selection),
        splats: count,
        canRefine: this.context.models.isAvailable,
        isBusy,
      });
    } else if (this.tab === 'cleanUp') {
      const { preview } = this;
      this.cleanUpPanel.show({
        settings: this.cleanUp,
        splats: finalScene(state)?.count ?? 0,
        isBusy,
        hasCameras: this.context.actions.capturedCameras() !== undefined,
        preview:
          preview === undefined
            ? undefined
            : {
                gone: countMask(preview.what.gone),
                left: preview.result.count,
                isMerge: preview.what.kind === 'replace',
                showsResult: preview.showsResult,
              },
      });
    } else if (this.tab === 'place') this.placing.show();
    else this.historyPanel.show(state.history, state.job !== undefined);
  }
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
