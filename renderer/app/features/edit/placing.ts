import { pickPoint } from '../../../camera/pick.ts';
import { sceneBounds } from '../../../camera/scene-bounds.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { distance, type Vec3 } from '../../../core/vector.ts';
import { placeScene, turnOfDegrees, turnToLevel, NO_TURN } from '../../../edit/place.ts';
import type { Placement } from '../../../edit/place.ts';
import { finalScene, shownScene } from '../../document/document.ts';
import type { AppContext } from '../../feature.ts';
import { PlacePanel, UNPLACED } from './place-panel.ts';
import type { PlaceNumbers } from './place-panel.ts';
import { PointPicker } from './point-picker.ts';

/** Numbers that belong together: what they begin from, and what they have made of it. */
interface Series {
  readonly from: SplatScene;
  readonly made: SplatScene;
  readonly numbers: PlaceNumbers;
  /** Names the step of the history that they are. */
  readonly key: string;
}

/** Moves, turns and scales the open scene. Numbers in a row are one step of the history. */
export class Placing {
  readonly panel: PlacePanel;
  private readonly picker: PointPicker;
  private picking: 'level' | 'measure' | undefined;
  private series: Series | undefined;
  private seriesCount = 0;

  constructor(
    private readonly context: AppContext,
    private readonly upOf: (scene: SplatScene) => Vec3,
    private readonly changed: () => void,
  ) {
    const { canvas, overlay, viewport, document } = context;
    this.panel = new PlacePanel({
      place: (numbers) => this.placeByNumbers(numbers),
      level: () => this.pick('level', 3, (points) => this.level(points)),
      measure: () => this.pick('measure', 2, () => undefined),
      setLength: (length) => this.setLength(length),
    });
    this.picker = new PointPicker({
      canvas,
      layer: overlay,
      camera: (width, height) => viewport.view.parameters(width, height),
      pointAt: (camera, x, y) => {
        const scene = shownScene(document.state);
        return scene === undefined ? undefined : pickPoint(scene, camera, x, y);
      },
      changed,
    });
    viewport.watchFrames(() => this.picker.position());
  }

  /** Ends the choice of points: the panel went, or the scene changed. */
  stop(): void {
    this.picking = undefined;
    this.picker.clear();
  }

  show(): void {
    const { document, actions } = this.context;
    const [a, b] = this.picker.points;
    const isMeasured = this.picking === 'measure' && this.picker.missing === 0;
    this.panel.show({
      numbers: this.presentSeries?.numbers ?? UNPLACED,
      picking: this.picking === undefined ? undefined : { what: this.picking, missing: this.picker.missing },
      distance: isMeasured ? distance(a, b) : undefined,
      isBusy: document.state.job !== undefined || document.state.original === undefined,
      hasCapture: actions.capturedCameras() !== undefined,
    });
  }

  /** Numbers count from where they began until anything else has changed the scene. */
  private get presentSeries(): Series | undefined {
    const { original } = this.context.document.state;
    return this.series?.made === original ? this.series : undefined;
  }

  private pick(what: 'level' | 'measure', count: number, done: (points: readonly Vec3[]) => void): void {
    const isOff = this.picking === what;
    this.stop();
    if (isOff) return this.changed();
    this.picking = what;
    this.picker.start(count, done);
    this.changed();
  }

  private placeByNumbers(numbers: PlaceNumbers): void {
    const present = this.presentSeries;
    const from = present?.from ?? finalScene(this.context.document.state);
    if (from === undefined) return;
    const key = present?.key ?? `place ${(this.seriesCount += 1)}`;
    const { move, turnDegrees, scale } = numbers;
    const placement = { about: sceneBounds(from).centre, turn: turnOfDegrees(turnDegrees), scale, move };
    const made = this.step('Place', from, placement, key);
    this.series = { from, made, numbers, key };
    this.changed();
  }

  private level(points: readonly Vec3[]): void {
    const { document } = this.context;
    const from = finalScene(document.state);
    const [a, b, c] = points;
    const turn = from === undefined ? undefined : turnToLevel([a, b, c], this.upOf(from));
    this.stop();
    if (from === undefined) return;
    if (turn === undefined)
      return document.complain('The ground was not levelled, because the three points lie on one line. Click others.');
    this.step('Level the Ground', from, { about: sceneBounds(from).centre, turn, scale: 1, move: [0, 0, 0] });
    document.say('The ground through the three points is level now.');
  }

  private setLength(length: number): void {
    const { document } = this.context;
    const from = finalScene(document.state);
    const [a, b] = this.picker.points;
    if (from === undefined || b === undefined) return;
    const scale = length / distance(a, b);
    this.stop();
    this.step('Set the Scale', from, { about: [0, 0, 0], turn: NO_TURN, scale, move: [0, 0, 0] });
    document.say(`The scene is ${Number(scale.toPrecision(4))} times as large now.`);
  }

  private step(label: string, from: SplatScene, placement: Placement, key?: string): SplatScene {
    const { document, viewport } = this.context;
    const made = placeScene(from, placement);
    document.step(label, { original: made, refined: undefined, selection: undefined }, { key, shown: 'before' });
    viewport.view.frameAll();
    return made;
  }
}
