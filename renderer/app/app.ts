import { SplatError, toSplatError } from '../core/errors.ts';
import { Actions } from './document/actions.ts';
import type { GraphicsReport, StartUp } from '../bridge/window.ts';
import { commandState } from './window/command-state.ts';
import type { CommandState } from './window/command-state.ts';
import { COMMAND_TABLE, isCommandId, shortcutLabel } from '../bridge/commands.ts';
import type { CommandId } from '../bridge/commands.ts';
import { SceneDocument, isUnsaved, shownScene } from './document/document.ts';
import type { DocumentState } from './document/document.ts';
import { byId } from './ui/dom.ts';
import { listenToDrops } from './window/drop-target.ts';
import type { AppContext, Feature } from './feature.ts';
import { FEATURES } from './features.ts';
import { listenToKeys } from './window/keyboard.ts';
import { ModelChoice } from './document/model-choice.ts';
import { SceneMemory } from './document/scene-memory.ts';
import { Banner } from './window/banner.ts';
import { Dock } from './window/dock.ts';
import { JobPanel } from './window/job-panel.ts';
import { watchSaidHeight } from './window/said-height.ts';
import { Notice } from './window/notice.ts';
import { StatusBar } from './window/status-bar.ts';
import { Toolbar } from './window/toolbar.ts';
import { ViewMemory } from './window/view-memory.ts';
import { CanvasPicture } from './view/canvas-picture.ts';
import { DocumentView } from './view/document-view.ts';
import { Viewport } from './view/viewport.ts';

/** Models and devices of which is remembered how fast they refine. */
const MOST_PACES = 12;
const APP_NAME = 'SplatFormer Desktop';

/** The window: document, viewport, panels and the features that the commands belong to. */
export class App {
  private readonly document = new SceneDocument();
  private readonly memory: ViewMemory;
  private readonly models: ModelChoice;
  private readonly actions: Actions;
  private readonly viewport: Viewport;
  private readonly dock: Dock;
  private readonly toolbar: Toolbar;
  private readonly status = new StatusBar(byId('status'));
  private readonly jobPanel = new JobPanel(byId('job'));
  private readonly notice: Notice;
  private readonly banner: Banner;
  /** None while they are being made: one that asks for a refresh meanwhile is heard at the next. */
  private features: readonly Feature[] = [];
  private owners: ReadonlyMap<CommandId, () => void> = new Map();
  private state: CommandState = { disabled: new Set(), checked: new Set(), labels: {} };
  private sentMenu = '';

  constructor(
    private readonly startUp: StartUp,
    private readonly graphics: GraphicsReport,
  ) {
    const run = (id: CommandId): void => this.run(id);
    const canvas = byId<HTMLCanvasElement>('viewport');
    const platform = navigator.platform.startsWith('Mac') ? 'darwin' : 'other';
    this.memory = new ViewMemory(startUp.view);
    this.models = new ModelChoice(startUp.defaultModel, startUp.model);
    this.actions = new Actions(
      this.document,
      this.models,
      () => startUp.device === 'cpu' || (startUp.device === 'auto' && graphics.isSoftware),
    );
    this.actions.paces = {
      get: (key) => this.memory.current.refinePaces[key],
      set: (key, pace) => {
        const last = Object.entries(this.memory.current.refinePaces).filter(([other]) => other !== key);
        const refinePaces = Object.fromEntries([...last.slice(1 - MOST_PACES), [key, pace]]);
        this.memory.change({ refinePaces });
      },
    };
    new SceneMemory(
      this.document,
      (axis) => this.actions.chooseUp(axis),
      () => this.actions.askUp(),
      (error) => this.actions.report(error),
    );
    this.viewport = new Viewport(canvas, byId('uncovered'), {
      onFrame: (rate, extent) => {
        this.status.showRate(rate);
        this.status.showExtent(extent);
        const { elevationDegrees, lensFovYDegrees, guidesFrame } = this.viewport.view;
        this.status.showView(elevationDegrees, lensFovYDegrees);
        this.status.showGrid(this.memory.current.showGrid ? guidesFrame.square : undefined);
      },
      onProblem: (error) => this.actions.report(error),
      onReduced: ({ sentence }) => this.document.add(sentence),
      onLevelsFailed: (error) => void window.desktop.log('warning', `No levels of detail: ${String(error)}`),
      onRecovered: () => this.document.say('The graphics card stopped responding and was restarted. Nothing was lost.'),
      onLost: () => {
        this.document.say('The graphics card is not responding.');
        this.refresh();
      },
    });
    this.actions.pictureDrawn = () => this.viewport.drawn();
    this.dock = new Dock({
      split: byId('work'),
      root: byId('dock'),
      rail: byId('rail'),
      widthPixels: startUp.view.dockWidth,
      shortcut: (id) => shortcutLabel(id, platform),
      run,
      changed: (openPanel, dockWidth) => this.memory.change({ openPanel, dockWidth }),
    });
    this.toolbar = new Toolbar({ root: byId('toolbar'), platform, run });
    this.notice = new Notice(byId('notice'), run);
    this.banner = new Banner(byId('banner'), run);
    watchSaidHeight(byId('stage'), [byId('banner'), byId('job')]);
    const context: AppContext = {
      document: this.document,
      viewport: this.viewport,
      picture: new CanvasPicture(this.document, this.viewport),
      documentView: new DocumentView(this.document, this.viewport),
      actions: this.actions,
      models: this.models,
      startUp,
      graphics,
      platform,
      canvas,
      memory: this.memory,
      dock: this.dock,
      overlay: byId('overlay'),
      corner: byId('corner'),
      run,
      refresh: () => this.refresh(),
      keptParts: () => this.features.flatMap(({ kept }) => kept ?? []),
    };
    this.features = FEATURES.map((FeatureOfApp) => new FeatureOfApp(context));
    for (const { panel } of this.features) if (panel !== undefined) this.dock.add(panel);
    this.owners = commandOwners(this.features, this.dock);
    this.memory.watch(() => this.refresh());
    this.listen(run);
  }

  /** Opens the render device, the first scene and the panel that was open last. */
  async open(): Promise<void> {
    this.document.update({ modelName: this.models.name });
    this.document.watch((state, before) => this.documentChanged(state, before));
    try {
      await this.viewport.start();
    } catch (error) {
      this.actions.report(toSplatError(error, 'gpu-unavailable', 'No picture can be drawn'));
    }
    this.viewport.requestFrame();
    this.status.showAdapter(this.adapterText());
    this.dock.show(this.memory.current.openPanel);
    this.refresh();
    const { problem, scene, isShippedSample } = this.startUp;
    if (problem !== undefined) this.actions.report(SplatError.fromRecord(problem));
    if (scene !== undefined) await this.actions.open(scene, isShippedSample);
    for (const feature of this.features) await feature.started?.();
  }

  private listen(run: (id: CommandId) => void): void {
    listenToKeys({
      view: this.viewport.view,
      run,
      take: (event) => this.features.some((feature) => feature.key?.(event) === true),
      isJobRunning: () => this.document.state.job !== undefined,
    });
    listenToDrops(byId('drop'), (files) => {
      if (!this.features.some((feature) => feature.dropped?.(files) === true)) void this.actions.dropFiles(files);
    });
    window.desktop.onCommand((id) => {
      if (isCommandId(id)) run(id);
    });
    window.desktop.onOpenFile((answer) => {
      if (answer.ok) void this.actions.open(answer.value);
      else this.actions.report(SplatError.fromRecord(answer.failure));
    });
  }

  private run(id: CommandId): void {
    if (!this.state.disabled.has(id)) this.owners.get(id)?.();
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    if (shownScene(state) !== shownScene(before)) this.status.showScene(shownScene(state));
    document.title = titleOf(state);
    byId('stage').toggleAttribute('data-preview', state.job?.preview !== undefined);
    this.jobPanel.show(state.job);
    this.status.showMessage(state.message);
    this.showBanner(state, before);
    this.refresh();
  }

  /** What became of the last job, over the scene; an empty stage's notice says it itself. */
  private showBanner(state: DocumentState, before: DocumentState): void {
    // A card about what is there no more would lie.
    if (state.refined?.residuals !== before.refined?.residuals && state.message === before.message) this.banner.hide();
    if (state.message === before.message) return;
    if (state.message.text === '' || state.original === undefined) this.banner.hide();
    else if (state.message.isError || state.message.actions !== undefined) this.banner.show(state.message);
    else this.banner.giveWay();
  }

  /** Brings menu, toolbar and notice into line with what is on offer now. */
  private refresh(): void {
    const document = this.document.state;
    const facts = {
      document,
      view: this.memory.current,
      isFlying: this.viewport.view.isFlying,
      hasModel: this.models.isAvailable,
      usesDefaultModel: this.models.usesDefault,
      canRender: this.viewport.isReady,
      isLost: this.viewport.isLost,
    };
    this.state = withFeatures(commandState(facts), this.features, this.dock, this.owners);
    this.toolbar.show(openName(document), this.state, document.refined === undefined ? 'none' : document.shown);
    this.notice.show(this.noticeFor(document));
    const menu = { disabled: [...this.state.disabled], checked: [...this.state.checked], labels: this.state.labels };
    // Progress changes the document many times a second; the menu rarely.
    const text = JSON.stringify(menu);
    if (text === this.sentMenu) return;
    this.sentMenu = text;
    void window.desktop.setMenuState(menu);
  }

  private noticeFor({ original, job, message }: DocumentState) {
    if (!this.viewport.isReady && !this.graphics.usable)
      return {
        icon: 'warning' as const,
        title: 'No picture can be drawn',
        text: this.graphics.description,
        isError: true,
      };
    if (this.viewport.isLost)
      return {
        icon: 'warning' as const,
        title: 'The graphics card is not responding',
        text:
          'Its driver crashed, or the card was disconnected. Your work is safe, and the app keeps trying to reach ' +
          'the card. If this message stays, restart the app: everything you have open comes back.',
        isError: true,
        actions: [
          { label: 'Try Again', command: 'view.tryGraphics' as const },
          { label: 'Restart', command: 'view.restart' as const },
          { label: 'Save As…', command: 'file.saveAs' as const },
        ],
      };
    if (original !== undefined || job !== undefined) return undefined;
    const open = { label: 'Open…', command: 'file.open' as const };
    const actions = [open, ...(message.actions ?? [])];
    if (message.isError)
      return {
        icon: 'warning' as const,
        title: this.viewport.isReady ? 'The scene could not be opened' : 'No picture can be drawn',
        text: message.text,
        isError: true,
        actions,
      };
    return {
      icon: 'file' as const,
      title: 'Open a scene',
      text: 'PLY, SPLAT, KSPLAT, SPZ, SOG, glTF, LCC or a project: drop a file here, or choose one.',
      actions,
    };
  }

  private adapterText(): { readonly label: string; readonly detail: string } {
    const { graphicsMode } = this.startUp;
    const name = this.viewport.adapter || this.graphics.description;
    if (this.graphics.isSoftware)
      return {
        label: 'Software graphics',
        detail: `${name}: the app found no graphics card that WebGPU can use, so it draws on the processor, slowly.`,
      };
    if (graphicsMode === 'default') return { label: name, detail: name };
    return { label: `${name} (safe graphics)`, detail: `${name}: found only after a restart with X11 and Vulkan.` };
  }
}

/** Unsaved changes show as a dot. */
function titleOf(state: DocumentState): string {
  return state.file === undefined ? APP_NAME : `${isUnsaved(state) ? '• ' : ''}${openName(state)} – ${APP_NAME}`;
}

/** What is open: the project, else the scene. */
function openName({ project, file }: DocumentState): string {
  return project?.name ?? file?.name ?? '';
}

/** Who does what: every command of every feature, and a panel's own command, which opens and closes it. */
function commandOwners(features: readonly Feature[], dock: Dock): Map<CommandId, () => void> {
  const owners = new Map<CommandId, () => void>();
  const own = (id: CommandId, action: () => void): void => {
    if (owners.has(id)) throw new Error(`Two features claim the command ${id}.`);
    owners.set(id, action);
  };
  for (const { commands, panel } of features) {
    for (const [id, action] of Object.entries(commands)) own(id as CommandId, action);
    if (panel !== undefined) own(panel.command, () => dock.toggle(panel.id));
  }
  const unowned = COMMAND_TABLE.filter(({ id }) => !owners.has(id)).map(({ id }) => id);
  if (unowned.length > 0) void window.desktop.log('error', `No feature owns ${unowned.join(', ')}.`);
  return owners;
}

function withFeatures(
  state: CommandState,
  features: readonly Feature[],
  dock: Dock,
  owners: ReadonlyMap<CommandId, () => void>,
): CommandState {
  const states = features.map((feature) => feature.state?.());
  const unowned = COMMAND_TABLE.map(({ id }) => id).filter((id) => !owners.has(id));
  const open = dock.openCommand;
  return {
    disabled: new Set([...state.disabled, ...unowned, ...states.flatMap((own) => own?.disabled ?? [])]),
    checked: new Set([
      ...state.checked,
      ...states.flatMap((own) => own?.checked ?? []),
      ...(open === undefined ? [] : [open]),
    ]),
    labels: Object.assign({}, state.labels, ...states.map((own) => own?.labels)) as CommandState['labels'],
  };
}
