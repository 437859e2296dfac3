import type { ViewController } from '../camera/view-controller.ts';
import { COMMAND_TABLE } from './commands.ts';
import type { CommandId } from './commands.ts';

/**
 * Single keys run commands, WASD and QE fly: both only while no field or dialog has the focus. `take` hears of each key
 * first and says whether it took it.
 */
export function listenToKeys(view: ViewController, run: (id: CommandId) => void, take: (event: KeyboardEvent) => boolean): void {
  window.addEventListener('keydown', (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (take(event)) {
      event.preventDefault();
      return;
    }
    const command = COMMAND_TABLE.find(({ key }) => key === event.key.toLowerCase());
    if (command !== undefined && !event.repeat) {
      event.preventDefault();
      run(command.id);
    } else view.key(event.code, true);
  });
  window.addEventListener('keyup', (event) => {
    if (!isTyping(event.target)) take(event);
    view.key(event.code, false);
  });
  // A key let go in another window never reports.
  window.addEventListener('blur', () => view.releaseKeys());
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, dialog[open], wa-input, wa-select, wa-dialog[open]') !== null;
}
