import type { Vec3 } from '../../../core/vector.ts';
import { el } from '../../ui/dom.ts';
import { button } from '../../ui/buttons.ts';
import { column, hint, numberField, row, shortNumber, vectorFields } from '../../ui/controls.ts';

/** How far the scene was moved, turned and scaled since it was placed last. */
export interface PlaceNumbers {
  readonly move: Vec3;
  readonly turnDegrees: Vec3;
  readonly scale: number;
}

export const UNPLACED: PlaceNumbers = { move: [0, 0, 0], turnDegrees: [0, 0, 0], scale: 1 };

export interface PlacePanelActions {
  readonly place: (numbers: PlaceNumbers) => void;
  /** Waits for three points of the ground. */
  readonly level: () => void;
  /** Waits for two points. */
  readonly measure: () => void;
  /** Scales the scene so that what was measured has this length. */
  readonly setLength: (length: number) => void;
  readonly closeCameras: () => void;
}

export interface PlaceFacts {
  readonly numbers: PlaceNumbers;
  /** What is being clicked now, and how many points are missing. */
  readonly picking: { readonly what: 'level' | 'measure'; readonly missing: number } | undefined;
  /** World units. */
  readonly distance: number | undefined;
  readonly isBusy: boolean;
  /** Cameras and photos are open, which would no longer fit. */
  readonly hasCapture: boolean;
}

/** Moving, turning and scaling the scene by numbers, and by points of it. */
export class PlacePanel {
  readonly element = column();
  private readonly move;
  private readonly turn;
  private readonly scale;
  private readonly level: HTMLButtonElement;
  private readonly measure: HTMLButtonElement;
  private readonly asked = el('p', { class: 'hint', 'aria-live': 'polite' });
  private readonly distance = el('p', { class: 'measured', 'aria-live': 'polite' });
  private readonly length;
  private readonly note: HTMLElement;
  private readonly controls: HTMLElement;
  private numbers = UNPLACED;

  constructor(actions: PlacePanelActions) {
    const change = (patch: Partial<PlaceNumbers>): void => actions.place({ ...this.numbers, ...patch });
    this.move = vectorFields('Move', {}, (move) => change({ move }));
    this.turn = vectorFields('Turn', {}, (turnDegrees) => change({ turnDegrees }));
    this.scale = numberField('Scale', { min: 1e-6, max: 1e6 }, (scale) => change({ scale }));
    this.level = button('Level the ground', actions.level);
    this.measure = button('Measure a distance', actions.measure);
    this.length = numberField('Its real length', { min: 1e-9 }, actions.setLength);
    this.note = column(
      hint('The cameras that are open would no longer fit a scene that is moved.'),
      row(button('Close the cameras', actions.closeCameras)),
    );
    this.controls = column(
      this.move.element,
      this.turn.element,
      this.scale.element,
      hint('Drag the arrows, rings and knobs in the view, or enter numbers: world units, degrees about the middle.'),
    );
    this.element.append(
      this.note,
      this.controls,
      el('h3', { text: 'By points of the scene' }),
      row(this.level, this.measure),
      this.asked,
      this.distance,
      this.length.element,
    );
  }

  show({ numbers, picking, distance, isBusy, hasCapture }: PlaceFacts): void {
    this.numbers = numbers;
    this.note.hidden = !hasCapture;
    this.controls.inert = hasCapture || isBusy;
    this.controls.classList.toggle('off', hasCapture);
    this.level.disabled = hasCapture || isBusy;
    this.measure.disabled = isBusy;
    this.move.show(numbers.move);
    this.turn.show(numbers.turnDegrees);
    this.scale.show(numbers.scale);
    this.level.setAttribute('aria-pressed', String(picking?.what === 'level'));
    this.measure.setAttribute('aria-pressed', String(picking?.what === 'measure'));
    this.asked.hidden = picking === undefined || picking.missing === 0;
    if (picking !== undefined) this.asked.textContent = askFor(picking);
    this.distance.hidden = distance === undefined;
    // Measuring changes nothing; what follows from it would.
    this.length.element.hidden = distance === undefined || hasCapture || isBusy;
    if (distance === undefined) return;
    this.distance.textContent = `${shortNumber(distance)} units`;
    this.length.show(distance);
  }
}

function askFor({ what, missing }: NonNullable<PlaceFacts['picking']>): string {
  const points = missing === 1 ? 'one more point' : `${missing} points`;
  return what === 'level' ? `Click ${points} of the ground in the view.` : `Click ${points} in the view.`;
}
