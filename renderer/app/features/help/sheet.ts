import { COMMAND_TABLE, MENUS, shortcutLabel } from '../../../bridge/commands.ts';
import { el } from '../../ui/dom.ts';

type Row = readonly [keys: string, meaning: string];

const MOUSE: readonly Row[] = [
  ['Drag', 'Orbit (in fly mode: look around)'],
  ['Right drag', 'Pan'],
  ['Wheel', 'Dolly (in fly mode: flying speed)'],
  ['Double-click', 'Turn about that point'],
];
const MOVING: readonly Row[] = [
  ['W A S D', 'Fly; with Shift four times as fast'],
  ['Q E', 'Fly down and up'],
  ['Arrows', 'Turn the scene'],
];

/** The sheet of keys and mouse moves, written from the table of commands. */
export function helpSheet(platform: string): HTMLElement {
  const sheet = el(
    'div',
    { class: 'help', 'aria-label': 'Keys and moves' },
    section('Mouse', MOUSE),
    section('Moving', MOVING),
  );
  sheet.id = 'help';
  sheet.role = 'group';
  // The sheet scrolls: without a place to focus, the keyboard could not.
  sheet.tabIndex = 0;
  for (const menu of MENUS) {
    const rows = COMMAND_TABLE.filter((command) => command.menu === menu)
      .map(({ id, label, submenu }): Row => [
        shortcutLabel(id, platform),
        `${submenu === undefined ? '' : `${submenu} `}${label}`.replace('…', ''),
      ])
      .filter(([shortcut]) => shortcut !== '');
    if (rows.length > 0) sheet.append(section(menu, rows));
  }
  return sheet;
}

function section(title: string, rows: readonly Row[]): HTMLElement {
  const list = el('dl');
  for (const [keys, meaning] of rows) list.append(el('dt', {}, el('kbd', { text: keys })), el('dd', { text: meaning }));
  return el('section', {}, el('h3', { text: title }), list);
}
