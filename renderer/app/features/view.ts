import type { UpAxis } from '../../camera/view-parameters.ts';
import { upAxisOf } from '../window/command-state.ts';
import type { CommandId } from '../../bridge/commands.ts';
import { shownScene } from '../document/document.ts';
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
const UP_COMMANDS = ['view.upAuto', 'view.upY', 'view.upMinusY', 'view.upZ'] as const;

/** Where the scene is seen from, and what is drawn over it. */
export function viewFeature({ canvas, document, viewport, memory, refresh }: AppContext): Feature {
  const { view } = viewport;
  const widen = (degrees: number): void => {
    view.fovYDegrees += degrees;
    memory.change({ fovYDegrees: view.fovYDegrees });
  };
  const turnUp = (id: CommandId): void => {
    memory.change({ upAxis: upAxisOf(id) ?? 'auto' });
    // The file's word was asked for, so the photos' no longer counts.
    if (memory.current.upAxis === 'auto') document.update({ photosUp: undefined });
    const scene = shownScene(document.state);
    if (scene !== undefined) view.setUp(upAxisFor(memory.current.upAxis, scene.meta.up));
  };
  const showGuides = (): void => viewport.showGuides({ grid: memory.current.showGrid, axes: memory.current.showAxes });
  memory.watch(showGuides);
  view.fovYDegrees = memory.current.fovYDegrees;
  showGuides();
  document.watch((state, before) => {
    // Edits keep the view; a scene that was opened is looked at anew.
    if (state.file === before.file || state.original === undefined) return;
    viewport.lookAtScene(state.original, upAxisFor(memory.current.upAxis, state.original.meta.up));
  });
  return {
    commands: {
      ...Object.fromEntries(Object.entries(ELEVATIONS).map(([id, degrees]) => [id, () => view.lookFrom(degrees)])),
      ...Object.fromEntries(UP_COMMANDS.map((id) => [id, () => turnUp(id)])),
      'view.frame': () => view.frameAll(),
      'view.fly': () => {
        view.isFlying = !view.isFlying;
        refresh();
      },
      'view.grid': () => memory.change({ showGrid: !memory.current.showGrid }),
      'view.axes': () => memory.change({ showAxes: !memory.current.showAxes }),
      'view.wider': () => widen(FOV_STEP_DEGREES),
      'view.narrower': () => widen(-FOV_STEP_DEGREES),
    },
    key: ({ type, key, target }) => {
      const arrow = ARROWS[key];
      // In a control the arrows are the control's.
      if (arrow === undefined || (target !== canvas && target !== window.document.body)) return false;
      if (type === 'keydown') view.turn(arrow[0] * TURN_DEGREES, arrow[1] * TURN_DEGREES);
      return true;
    },
  };
}

function upAxisFor(choice: UpAxis | 'auto', fromFile: UpAxis): UpAxis {
  return choice === 'auto' ? fromFile : choice;
}
