import type { Turntable } from '../../../show/turntable.ts';
import { el } from '../../ui/dom.ts';
import { button } from '../../ui/buttons.ts';
import { hint, numberField, row } from '../../ui/controls.ts';
import type { NumberField } from '../../ui/controls.ts';

export interface TurntableActions {
  change(patch: Partial<Turntable>): void;
  /** Takes centre, distance and side from the view. */
  fromView(): void;
}

/** How often, how long and from which to which height the camera goes round. */
export class TurntableSection {
  readonly element: HTMLElement;
  private readonly fields: readonly { readonly field: NumberField; readonly of: (table: Turntable) => number }[];

  constructor(actions: TurntableActions) {
    const make = (
      label: string,
      key: 'turns' | 'durationSeconds' | 'startElevationDegrees' | 'endElevationDegrees' | 'fovYDegrees',
      min: number,
      max: number,
    ) => ({
      field: numberField(label, { min, max }, (value) => actions.change({ [key]: value })),
      of: (table: Turntable) => table[key],
    });
    this.fields = [
      make('Turns', 'turns', -100, 100),
      make('Seconds', 'durationSeconds', 0.05, 3600),
      make('From elevation (°)', 'startElevationDegrees', -90, 90),
      make('To elevation (°)', 'endElevationDegrees', -90, 90),
      make('Field of view (°)', 'fovYDegrees', 10, 120),
    ];
    this.element = el(
      'div',
      { class: 'show-part' },
      el('div', { class: 'show-grid' }, ...this.fields.map(({ field }) => field.element)),
      row(button('Centre on the view', () => actions.fromView())),
      hint('Circles the whole scene, or the point in the middle of the view at its distance.'),
    );
  }

  show(table: Turntable): void {
    for (const { field, of } of this.fields) field.show(of(table));
  }
}
