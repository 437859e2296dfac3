import { sceneBounds } from '../../../camera/scene-bounds.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { add, distance, type Vec3 } from '../../../core/vector.ts';
import { degreesOfTurn, multiplyTurns, placeScene, turnOfDegrees, turnToLevel, NO_TURN } from '../../../edit/place.ts';
import type { Placement } from '../../../edit/place.ts';
import type { PlaceChange } from '../../../edit/place-drag.ts';
import { finalScene, shownScene } from '../../document/document.ts';
import type { AppContext } from '../../feature.ts';
import { PlaceHandles } from './place-handles.ts';
import { PlacePanel, UNPLACED } from './place-panel.ts';
import type { PlaceNumbers } from './place-panel.ts';
import { PointPicker } from './point-picker.ts';

/** A larger scene follows a drag only once it is done: placing it takes too long for every frame. */
const MOST_LIVE_SPLATS = 300_000;

/** Numbers that belong together: what they begin from, and what they have made of it. */
interface Series {
  readonly from: SplatScene;
  readonly made: SplatScene;
  readonly numbers: PlaceNumbers;
  /** What the scene is turned and scaled about, before it is moved: world units. */
  readonly about: Vec3;
  /** Names the step of the history that they are. */
  readonly key: string;
}

/** Moves, turns and scales the open scene. Numbers in a row are one step of the history. */
export class Placing {
  readonly panel: PlacePanel;
  private readonly picker: PointPicker;
  private readonly handles: PlaceHandles;
  private picking: 'level' | 'measure' | undefined;
  private series: Series | undefined;
  private seriesCount = 0;
  /** What a drag under way makes of the numbers. */
  private dragged: PlaceNumbers | undefined;
  /** The scene as the drag has it; none of a large one. */
  placed: SplatScene | undefined;
  private frame: number | undefined;
  private showsCapture = false;
  private middle: { readonly of: SplatScene; readonly at: Vec3 } | undefined;

  constructor(
    private readonly context: AppContext,
    private readonly upOf: (scene: SplatScene) => Vec3,
    private readonly changed: () => void,
  ) {
    const { canvas, overlay, viewport } = context;
    this.panel = new PlacePanel({
      place: (numbers) => this.placeByNumbers(numbers),
      level: () => this.pick('level', 3, (points) => this.level(points)),
      measure: () => this.pick('measure', 2, () => undefined),
      setLength: (length) => this.setLength(length),
      closeCameras: () => this.context.run('judge.closeCameras'),
    });
    this.picker = new PointPicker({
      canvas,
      layer: overlay,
      pictureAt: (x, y) => viewport.pictureAt(x, y),
      changed,
    });
    this.handles = new PlaceHandles({
      layer: overlay,
      camera: (width, height) => viewport.view.parameters(width, height),
      dragged: (change) => this.drag(change),
      released: () => this.drop(),
      cancelled: () => this.endDrag(),
      stepped: (change) => this.placeByNumbers(withChange(this.numbers, change), true),
    });
    viewport.watchFrames(() => {
      this.picker.position();
      this.handles.position();
    });
  }

  /** Whether cameras were opened or closed since the panel was shown. */
  get isOutdated(): boolean {
    return this.hasCapture !== this.showsCapture;
  }

  private get hasCapture(): boolean {
    return this.context.actions.capturedCameras() !== undefined;
  }

  /** Ends the choice of points: the panel went, or the scene changed. */
  stop(): void {
    this.picking = undefined;
    this.picker.clear();
    this.handles.show(undefined);
  }

  show(): void {
    const { document } = this.context;
    const [a, b] = this.picker.points;
    const isMeasured = this.picking === 'measure' && this.picker.missing === 0;
    const isBusy = document.state.job !== undefined || document.state.original === undefined;
    const { hasCapture } = this;
    this.showsCapture = hasCapture;
    this.handles.show(isBusy || hasCapture || this.picking !== undefined ? undefined : this.handlesCentre());
    this.panel.show({
      numbers: this.dragged ?? this.numbers,
      picking: this.picking === undefined ? undefined : { what: this.picking, missing: this.picker.missing },
      distance: isMeasured ? distance(a, b) : undefined,
      isBusy,
      hasCapture,
    });
  }

  /** Numbers count from where they began until anything else has changed the scene. */
  private get presentSeries(): Series | undefined {
    const { original } = this.context.document.state;
    return this.series?.made === original ? this.series : undefined;
  }

  private get numbers(): PlaceNumbers {
    return this.presentSeries?.numbers ?? UNPLACED;
  }

  /** Where the middle of the scene is by now, a drag counted. */
  private handlesCentre(): Vec3 | undefined {
    const from = this.presentSeries?.from ?? finalScene(this.context.document.state);
    return from === undefined ? undefined : add(this.aboutOf(from), (this.dragged ?? this.numbers).move);
  }

  private aboutOf(scene: SplatScene): Vec3 {
    if (this.presentSeries?.from === scene) return this.presentSeries.about;
    if (this.middle?.of !== scene) this.middle = { of: scene, at: sceneBounds(scene).centre };
    return this.middle.at;
  }

  /** Shows what a drag makes of the scene, which the document hears of when it is done. */
  private drag(change: PlaceChange): void {
    this.dragged = withChange(this.numbers, change);
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.preview();
      this.changed();
    });
  }

  private preview(): void {
    const { document, picture } = this.context;
    const from = this.presentSeries?.from ?? finalScene(document.state);
    const shown = shownScene(document.state);
    if (this.dragged === undefined || from === undefined || shown === undefined) return;
    if (from.count > MOST_LIVE_SPLATS) return;
    this.placed = placeScene(from, placementOf(this.aboutOf(from), this.dragged));
    picture.standIn('place', { for: shown, scene: this.placed });
  }

  private drop(): void {
    const { dragged } = this;
    if (dragged !== undefined) this.placeByNumbers(dragged, true);
    this.endDrag();
  }

  private endDrag(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.frame = undefined;
    this.dragged = undefined;
    this.placed = undefined;
    this.context.picture.standIn('place', undefined);
    this.changed();
  }

  private pick(what: 'level' | 'measure', count: number, done: (points: readonly Vec3[]) => void): void {
    const isOff = this.picking === what;
    this.stop();
    if (isOff) return this.changed();
    this.picking = what;
    this.picker.start(count, done);
    this.changed();
  }

  /** @param isByHand the scene stays where it is seen, as the pointer put it there */
  private placeByNumbers(numbers: PlaceNumbers, isByHand = false): void {
    const present = this.presentSeries;
    const from = present?.from ?? finalScene(this.context.document.state);
    if (from === undefined) return;
    const key = present?.key ?? `place ${(this.seriesCount += 1)}`;
    const about = this.aboutOf(from);
    const made = this.step('Place', from, placementOf(about, numbers), key);
    if (!isByHand) this.context.viewport.view.frameAll();
    this.series = { from, made, numbers, about, key };
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
    this.context.viewport.view.frameAll();
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
    this.context.viewport.view.frameAll();
    document.say(`The scene is ${Number(scale.toPrecision(4))} times as large now.`);
  }

  private step(label: string, from: SplatScene, placement: Placement, key?: string): SplatScene {
    const { document } = this.context;
    const made = placeScene(from, placement);
    // The splats are the same ones, unless a refinement made more of them.
    const { selection } = document.state;
    const kept = selection?.length === made.count ? selection : undefined;
    document.step(label, { original: made, refined: undefined, selection: kept }, { key, shown: 'before' });
    return made;
  }
}

function placementOf(about: Vec3, { move, turnDegrees, scale }: PlaceNumbers): Placement {
  return { about, turn: turnOfDegrees(turnDegrees), scale, move };
}

/** Numbers after a change on top of them. */
function withChange({ move, turnDegrees, scale }: PlaceNumbers, change: PlaceChange): PlaceNumbers {
  return {
    move: add(move, change.move),
    turnDegrees: degreesOfTurn(multiplyTurns(change.turn, turnOfDegrees(turnDegrees))),
    scale: scale * change.scale,
  };
}
