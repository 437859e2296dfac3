import { UP_AXES } from '../../core/up-axes.ts';
import { UP_COMMANDS } from '../window/command-state.ts';
import { AxisNames } from '../view/axis-names.ts';
import { ViewGizmo } from '../view/view-gizmo.ts';
import type { AppContext, Feature } from '../feature.ts';

const FOV_STEP_DEGREES = 5;
const TURN_DEGREES = 5;
/** Arrow keys turn the scene as a drag does: [to the right, upwards]. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const ELEVATIONS = {
  'view.elevation0': 0,
  'view.elevation45': 45,
  'view.elevation70': 70,
  'view.elevation80': 80,
  'view.elevation89': 89,
} as const;

/** Where the scene is seen from, and what is drawn over it. */
export class ViewFeature implements Feature {
  readonly commands: Feature['commands'];
  private readonly gizmo: ViewGizmo;
  private readonly axisNames = new AxisNames();

  constructor(private readonly context: AppContext) {
    const { document, viewport, memory, overlay } = context;
    this.commands = this.makeCommands();
    this.gizmo = new ViewGizmo((direction) => viewport.view.lookFromSide(direction));
    overlay.append(this.axisNames.element, this.gizmo.element);
    viewport.watchFrames(() => this.frameDrawn());
    memory.watch(() => this.showGuides());
    viewport.view.fovYDegrees = memory.current.fovYDegrees;
    this.showGuides();
    document.watch((state, before) => {
      if ((state.original === undefined) !== (before.original === undefined)) this.showGuides();
    });
  }

  key({ type, key, target }: KeyboardEvent): boolean {
    const { canvas, viewport } = this.context;
    const arrow = ARROWS[key];
    // In a control the arrows are the control's.
    if (arrow === undefined || (target !== canvas && target !== window.document.body)) return false;
    if (type === 'keydown') viewport.view.turn(arrow[0] * TURN_DEGREES, arrow[1] * TURN_DEGREES);
    return true;
  }

  private makeCommands(): Feature['commands'] {
    const { actions, memory, refresh } = this.context;
    const { view } = this.context.viewport;
    return {
      ...Object.fromEntries(Object.entries(ELEVATIONS).map(([id, degrees]) => [id, () => view.lookFrom(degrees)])),
      'view.upAuto': () => actions.chooseUp(undefined),
      ...Object.fromEntries(UP_AXES.map((axis) => [UP_COMMANDS[axis], () => actions.chooseUp(axis)])),
      'view.frame': () => view.frameAll(),
      'view.tryGraphics': () => this.context.viewport.tryAgain(),
      'view.fly': () => {
        view.isFlying = !view.isFlying;
        refresh();
      },
      'view.grid': () => memory.change({ showGrid: !memory.current.showGrid }),
      'view.axes': () => memory.change({ showAxes: !memory.current.showAxes }),
      'view.gizmo': () => memory.change({ showGizmo: !memory.current.showGizmo }),
      'view.wider': () => this.widen(FOV_STEP_DEGREES),
      'view.narrower': () => this.widen(-FOV_STEP_DEGREES),
    };
  }

  private frameDrawn(): void {
    const { canvas, viewport, document, memory } = this.context;
    const { view } = viewport;
    this.gizmo.show(view.parameters(1, 1));
    // Side by side there are two cameras.
    const isShown = memory.current.showAxes && document.state.original !== undefined && !viewport.hasPanes;
    this.axisNames.element.hidden = !isShown;
    if (isShown) this.axisNames.show(view.guidesFrame, view.parameters(canvas.clientWidth, canvas.clientHeight));
  }

  private widen(degrees: number): void {
    const { view } = this.context.viewport;
    view.fovYDegrees += degrees;
    this.context.memory.change({ fovYDegrees: view.fovYDegrees });
  }

  private showGuides(): void {
    const { showGrid, showAxes, showGizmo } = this.context.memory.current;
    this.gizmo.element.hidden = !showGizmo || this.context.document.state.original === undefined;
    this.context.viewport.showGuides({ grid: showGrid, axes: showAxes });
  }
}
