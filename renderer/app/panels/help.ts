import { COMMAND_TABLE, shortcutLabel } from '../commands.ts';
import { el } from '../dom.ts';

const MOUSE: readonly (readonly [string, string])[] = [
  ['Drag', 'Orbit (in fly mode: look around)'],
  ['Right drag', 'Pan'],
  ['Wheel', 'Dolly (in fly mode: flying speed)'],
  ['Double-click', 'Turn about that point'],
  ['W A S D, Q E', 'Fly; with Shift four times as fast'],
];

/** The sheet of keys and mouse moves, written from the table of commands. */
export function fillHelp(dialog: HTMLDialogElement, platform: string): void {
  const list = el('dl');
  for (const [key, meaning] of MOUSE) list.append(el('dt', { text: key }), el('dd', { text: meaning }));
  for (const command of COMMAND_TABLE) {
    const shortcut = shortcutLabel(command.id, platform);
    if (shortcut === '') continue;
    const meaning = command.submenu === undefined ? command.label : `${command.submenu} ${command.label}`;
    list.append(el('dt', { text: shortcut }), el('dd', { text: meaning.replace('…', '') }));
  }
  const close = el('button', { text: 'Close' });
  close.type = 'button';
  close.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(el('h1', { text: 'Keyboard and mouse' }), list, close);
}
