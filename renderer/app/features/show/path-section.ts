import { changeKey, moveKey, removeKey } from '../../../show/keys.ts';
import type { CameraKey, CameraPath } from '../../../show/path.ts';
import { el, tableHead } from '../../ui/dom.ts';
import { button, iconButton } from '../../ui/buttons.ts';
import { choice, hint, numberField, row, switchField } from '../../ui/controls.ts';

export interface PathActions {
  change(path: CameraPath): void;
  addKey(): void;
  /** Shows the path at a key. */
  goTo(index: number): void;
  /** Takes the view for a key that is there. */
  setView(index: number): void;
}

/** The keys of the camera path in a table, and how the camera goes between them. */
export class PathSection {
  readonly element: HTMLElement;
  private readonly rows = el('tbody');
  private readonly table: HTMLTableElement;
  private readonly empty = hint('Add a key (N) for each view that the camera should pass through. Two make a path.');
  private readonly timing = choice(
    'Speed',
    [
      ['keys', 'By the times of the keys'],
      ['constant', 'Constant'],
    ],
    (timing) => this.actions.change({ ...this.path, timing }),
  );
  private readonly ease = switchField('Ease in and out', (ease) => this.actions.change({ ...this.path, ease }));
  private readonly options: HTMLElement;
  private path: CameraPath = { keys: [], timing: 'keys', ease: true };
  private shown: CameraPath | undefined;

  constructor(private readonly actions: PathActions) {
    this.table = el(
      'table',
      { class: 'show-keys', 'aria-label': 'Keys of the camera path' },
      tableHead(['Key', 'Time', 'Angle', 'Roll', 'Stop', '']),
      this.rows,
    );
    this.options = el('div', { class: 'show-options' }, this.timing.element, this.ease.element);
    this.element = el(
      'div',
      { class: 'show-part' },
      this.empty,
      this.table,
      row(button('Add key', () => actions.addKey())),
      this.options,
    );
  }

  show(path: CameraPath): void {
    if (path === this.shown) return;
    // A field that has the focus is not taken away while its number is typed.
    const focused = focusedField(this.rows);
    this.shown = path;
    this.path = path;
    this.empty.hidden = path.keys.length > 0;
    this.table.hidden = path.keys.length === 0;
    this.options.hidden = path.keys.length < 2;
    this.timing.show(path.timing);
    this.ease.show(path.ease);
    this.rows.replaceChildren(...path.keys.map((key, index) => this.row(key, index, path.keys.length)));
    if (focused !== undefined)
      this.rows.rows.item(focused.row)?.querySelectorAll('wa-input').item(focused.field)?.focus();
  }

  private row(key: CameraKey, index: number, count: number): HTMLElement {
    const name = `key ${index + 1}`;
    const change = (patch: Partial<CameraKey>): void => this.actions.change(changeKey(this.path, index, patch));
    const field = (
      label: string,
      value: number,
      limits: { min?: number; max?: number },
      changed: (value: number) => void,
    ): HTMLElement => {
      const { element, show } = numberField(`${label} of ${name}`, limits, changed);
      element.classList.add('show-unlabelled');
      element.title = `${label} of ${name}`;
      show(Math.round(value * 100) / 100);
      return element;
    };
    const time = field('Time in seconds', key.timeSeconds, { min: 0, max: 3600 }, (timeSeconds) =>
      change({ timeSeconds }),
    );
    (time as HTMLElementTagNameMap['wa-input']).disabled = index === 0;
    const stop = el('wa-checkbox', {
      class: 'show-unlabelled',
      title: `Come to rest at ${name}`,
      text: `Stop at ${name}`,
    });
    stop.size = 's';
    stop.checked = key.stop;
    stop.addEventListener('change', () => change({ stop: stop.checked }));
    const go = button(String(index + 1), () => this.actions.goTo(index), { kind: 'plain', title: `Show ${name}` });
    go.setAttribute('aria-label', `Show ${name}`);
    const up = iconButton('up', `Move ${name} up`, () => this.actions.change(moveKey(this.path, index, -1)));
    const down = iconButton('down', `Move ${name} down`, () => this.actions.change(moveKey(this.path, index, 1)));
    up.disabled = index === 0;
    down.disabled = index === count - 1;
    const tools = el(
      'div',
      { class: 'show-tools' },
      iconButton('view', `Take the view you see for ${name}`, () => this.actions.setView(index)),
      up,
      down,
      iconButton('remove', `Remove ${name}`, () => this.actions.change(removeKey(this.path, index))),
    );
    const cells: Node[] = [
      go,
      time,
      field('Field of view in degrees', key.fovYDegrees, { min: 10, max: 120 }, (fovYDegrees) =>
        change({ fovYDegrees }),
      ),
      field('Roll in degrees', key.rollDegrees, { min: -3600, max: 3600 }, (rollDegrees) => change({ rollDegrees })),
      stop,
      tools,
    ];
    return el('tr', {}, ...cells.map((cell) => el('td', {}, cell)));
  }
}

function focusedField(rows: HTMLTableSectionElement): { readonly row: number; readonly field: number } | undefined {
  const row = document.activeElement?.closest('tr');
  if (row === null || row === undefined || !rows.contains(row)) return undefined;
  const field = [...row.querySelectorAll('wa-input')].findIndex((candidate) => candidate === document.activeElement);
  return field < 0 ? undefined : { row: row.sectionRowIndex, field };
}
