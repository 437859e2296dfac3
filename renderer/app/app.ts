import { toSplatError } from '../core/errors.ts';
import type { UpAxis } from '../camera/view-parameters.ts';
import { Actions } from './actions.ts';
import type { GraphicsReport, StartUp, ViewSettings } from './bridge.ts';
import { commandState, upAxisOf } from './command-state.ts';
import type { CommandState } from './command-state.ts';
import { isCommandId } from './commands.ts';
import type { CommandId } from './commands.ts';
import { ask, fromFailure } from './desktop.ts';
import { diagnosticsText } from './diagnostics.ts';
import { SceneDocument, shownScene } from './document.ts';
import type { DocumentState } from './document.ts';
import { byId } from './dom.ts';
import { listenToDrops } from './drop-target.ts';
import { listenToKeys } from './keyboard.ts';
import { ModelChoice } from './model-choice.ts';
import { fillHelp } from './panels/help.ts';
import { JobPanel } from './panels/job-panel.ts';
import { Notice } from './panels/notice.ts';
import { StatusBar } from './panels/status-bar.ts';
import { Toolbar } from './panels/toolbar.ts';
import { Viewport } from './viewport.ts';

const FOV_STEP_DEGREES = 5;

/** The window: document, viewport and panels, and what each command does with them. */
export class App {
  private readonly document = new SceneDocument();
  private readonly models: ModelChoice;
  private readonly actions: Actions;
  private readonly viewport: Viewport;
  private readonly toolbar: Toolbar;
  private readonly status = new StatusBar(byId('status'));
  private readonly jobPanel = new JobPanel(byId('job'));
  private readonly notice: Notice;
  private readonly help = byId<HTMLDialogElement>('help');
  private view: ViewSettings;
  private state: CommandState = { disabled: new Set(), checked: new Set() };
  private sentMenu = '';

  constructor(
    private readonly startUp: StartUp,
    private readonly graphics: GraphicsReport,
  ) {
    this.view = startUp.view;
    this.models = new ModelChoice(startUp.defaultModel, startUp.model);
    this.actions = new Actions(this.document, this.models, () => graphics.isSoftware);
    this.viewport = new Viewport(byId<HTMLCanvasElement>('viewport'), {
      onFrame: (rate) => {
        this.status.showRate(rate);
        this.status.showView(this.viewport.view.elevationDegrees, this.viewport.view.fovYDegrees);
      },
      onProblem: (error) => this.actions.report(error),
      onRecovered: () => this.document.say('The GPU was lost and is back.'),
    });
    const run = (id: CommandId): void => this.run(id);
    this.toolbar = new Toolbar({ root: byId('toolbar'), platform: navigator.platform.startsWith('Mac') ? 'darwin' : 'other', run });
    this.notice = new Notice(byId('notice'), run);
    fillHelp(this.help, navigator.platform.startsWith('Mac') ? 'darwin' : 'other');
    listenToKeys(this.viewport.view, run);
    listenToDrops(byId('drop'), (files) => void this.actions.dropFiles(files));
    window.desktop.onCommand((id) => {
      if (isCommandId(id)) this.run(id);
    });
    window.desktop.onOpenScene((answer) => {
      if (answer.ok) void this.actions.openScene(answer.value);
      else this.actions.report(fromFailure(answer.failure));
    });
  }

  /** Opens the render device and the first scene. */
  async open(): Promise<void> {
    this.document.update({ modelName: this.models.name });
    this.document.watch((state, before) => this.documentChanged(state, before));
    try {
      await this.viewport.start();
    } catch (error) {
      this.actions.report(toSplatError(error, 'gpu-unavailable', 'No picture can be drawn'));
    }
    this.viewport.view.fovYDegrees = this.view.fovYDegrees;
    this.viewport.showGuides({ grid: this.view.showGrid, axes: this.view.showAxes });
    this.status.showAdapter(this.adapterText());
    this.refresh();
    const { problem, scene } = this.startUp;
    if (problem !== undefined) this.actions.report(fromFailure(problem));
    if (scene !== undefined) await this.actions.openScene(scene, scene.name === 'sample.ply');
  }

  private run(id: CommandId): void {
    if (this.state.disabled.has(id)) return;
    const { view } = this.viewport;
    const up = upAxisOf(id);
    const elevation = /^view\.elevation(\d+)$/.exec(id)?.[1];
    if (up !== undefined) {
      this.changeView({ upAxis: up });
      const scene = shownScene(this.document.state);
      if (scene !== undefined) view.setUp(this.upOf(scene.meta.up));
      return;
    }
    if (elevation !== undefined) return view.lookFrom(Number(elevation));
    switch (id) {
      case 'file.open':
        return void this.actions.chooseScene();
      case 'file.saveAs':
        return void this.actions.saveAs();
      case 'view.frame':
        return view.frameAll();
      case 'view.fly':
        view.isFlying = !view.isFlying;
        return this.refresh();
      case 'view.grid':
        return this.changeView({ showGrid: !this.view.showGrid });
      case 'view.axes':
        return this.changeView({ showAxes: !this.view.showAxes });
      case 'view.wider':
      case 'view.narrower':
        view.fovYDegrees += id === 'view.wider' ? FOV_STEP_DEGREES : -FOV_STEP_DEGREES;
        return this.changeView({ fovYDegrees: view.fovYDegrees });
      case 'refine.run':
        return void this.actions.refine();
      case 'refine.cancel':
        return this.actions.cancel();
      case 'refine.compare':
        return this.actions.compare();
      case 'refine.undo':
        return this.actions.undoRefine();
      case 'model.open':
        return void this.actions.chooseModel();
      case 'model.default':
        return this.actions.useModel(undefined);
      case 'help.keys':
        return this.help.showModal();
      case 'help.diagnostics':
        return void this.copyDiagnostics();
    }
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    const shown = shownScene(state);
    if (state.original !== before.original && state.original !== undefined) this.viewport.lookAtScene(state.original, this.upOf(state.original.meta.up));
    if (shown !== shownScene(before) || state.refined !== before.refined) {
      const kept = [state.original, state.refined?.scene].filter((scene) => scene !== undefined);
      this.viewport.show(shown, kept);
      this.status.showScene(shown);
    }
    this.jobPanel.show(state.job);
    this.status.showMessage(state.message);
    this.refresh();
  }

  /** Brings menu, toolbar and notice into line with what is on offer now. */
  private refresh(): void {
    const document = this.document.state;
    this.state = commandState({
      document,
      view: this.view,
      isFlying: this.viewport.view.isFlying,
      hasModel: this.models.isAvailable,
      usesDefaultModel: this.models.usesDefault,
      canRender: this.viewport.isReady,
    });
    this.toolbar.show(document.file?.name ?? '', this.state, document.refined === undefined ? 'none' : document.shown);
    this.notice.show(this.noticeFor(document));
    const menu = { disabled: [...this.state.disabled], checked: [...this.state.checked] };
    // Progress changes the document many times a second; the menu rarely.
    const text = JSON.stringify(menu);
    if (text === this.sentMenu) return;
    this.sentMenu = text;
    void window.desktop.setMenuState(menu);
  }

  private noticeFor({ original, job, message }: DocumentState) {
    if (!this.viewport.isReady && !this.graphics.usable) return { title: 'No picture can be drawn', text: this.graphics.description, isError: true };
    if (original !== undefined || job !== undefined) return undefined;
    const actions = [{ label: 'Open…', command: 'file.open' as const }];
    if (message.isError) return { title: 'The scene could not be opened', text: message.text, isError: true, actions };
    return { title: 'Open a scene', text: 'PLY, compressed PLY, SPLAT, KSPLAT, SPZ or SOG: drop a file here, or choose one.', actions };
  }

  private changeView(patch: Partial<ViewSettings>): void {
    this.view = { ...this.view, ...patch };
    this.viewport.showGuides({ grid: this.view.showGrid, axes: this.view.showAxes });
    void window.desktop.rememberView(this.view);
    this.refresh();
  }

  private upOf(fromFile: UpAxis): UpAxis {
    return this.view.upAxis === 'auto' ? fromFile : this.view.upAxis;
  }

  private adapterText(): { readonly label: string; readonly detail: string } {
    const { graphicsMode } = this.startUp;
    const name = this.viewport.adapter || this.graphics.description;
    if (this.graphics.isSoftware) return { label: 'Software graphics', detail: `${name}: the app found no graphics card that WebGPU can use, so it draws on the processor, slowly.` };
    if (graphicsMode === 'default') return { label: name, detail: name };
    return { label: `${name} (safe graphics)`, detail: `${name}: found only after a restart with X11 and Vulkan.` };
  }

  private async copyDiagnostics(): Promise<void> {
    const log = await ask(window.desktop.recentLog());
    const { adapter, pixelSize } = this.viewport;
    await ask(window.desktop.copyText(diagnosticsText({ startUp: this.startUp, adapter, pixelSize, document: this.document.state, log })));
    this.document.say('Diagnostics are on the clipboard.');
  }
}
