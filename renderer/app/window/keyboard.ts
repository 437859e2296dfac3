import type { ViewController } from '../../camera/view-controller.ts';
import { COMMAND_TABLE } from '../../bridge/commands.ts';
import type { CommandId } from '../../bridge/commands.ts';

export interface KeyOwners {
  readonly view: ViewController;
  readonly run: (id: CommandId) => void;
  /** Hears of each key first and says whether it took it. */
  readonly take: (event: KeyboardEvent) => boolean;
  readonly isJobRunning: () => boolean;
}

/**
 * What writes text, or keeps the page behind it from hearing keys. Sliders, colours, boxes and closed selects have no
 * use for letters.
 */
const TYPING =
  'input:not([type="range"], [type="color"], [type="checkbox"], [type="radio"], [type="button"]), textarea, ' +
  'wa-input, wa-select[open], dialog[open], wa-dialog[open]';
/** What Escape closes before it cancels anything. */
const DISMISSIBLE = 'dialog[open], wa-dialog[open], wa-select[open]';
const CLOSED_SELECT = 'wa-select:not([open])';

/** Single keys run commands, WASD and QE fly: both only while no text field or dialog has the focus. */
export function listenToKeys(owners: KeyOwners): void {
  // A closed select would open at any letter and let nobody else hear of it: the app's keys are taken before it.
  const onSelect = (event: KeyboardEvent): void => {
    if (isIn(event.target, CLOSED_SELECT) && isTaken(event, owners)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener('keydown', onSelect, { capture: true });
  window.addEventListener('keydown', (event) => {
    if (!isIn(event.target, CLOSED_SELECT) && isTaken(event, owners)) event.preventDefault();
  });
  window.addEventListener('keyup', (event) => {
    if (!isTyping(event.target)) owners.take(event);
    owners.view.key(event.code, false);
  });
  // A key let go in another window never reports.
  window.addEventListener('blur', () => owners.view.releaseKeys());
}

/** What the app does with a key pressed anywhere; whether that was anything. */
function isTaken(event: KeyboardEvent, { view, run, take, isJobRunning }: KeyOwners): boolean {
  if (event.key === 'Escape' && !event.isComposing && isJobRunning() && document.querySelector(DISMISSIBLE) === null) {
    run('refine.cancel');
    return true;
  }
  const isAltGraph = event.getModifierState('AltGraph');
  // Windows reports AltGr as Ctrl and Alt together.
  if (isTyping(event.target) || event.metaKey || (!isAltGraph && (event.ctrlKey || event.altKey))) return false;
  if (!isAltGraph && take(event)) return true;
  const command = commandOfKey(event);
  // By their position W and E fly, even where (on Dvorak) they write a command's comma and full stop.
  if (!isAltGraph && (command === undefined || isPunctuation(command.key)) && view.key(event.code, true)) return true;
  if (command !== undefined && !event.repeat) run(command.id);
  return command !== undefined;
}

/**
 * The command of a single key. Digits above the letters count by position: AZERTY writes them with Shift alone, which
 * is for bookmarks. Those of the number pad count by what they write, as without Num Lock they are Home, End and
 * arrows. AltGr writes only punctuation.
 */
export function commandOfKey(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'shiftKey' | 'getModifierState'>,
): (typeof COMMAND_TABLE)[number] | undefined {
  const isAltGraph = event.getModifierState('AltGraph');
  const digit = isAltGraph || event.shiftKey ? undefined : /^Digit(\d)$/.exec(event.code)?.[1];
  const written = digit ?? event.key.toLowerCase();
  const command = COMMAND_TABLE.find(({ key }) => key === written);
  return isAltGraph && !isPunctuation(command?.key) ? undefined : command;
}

function isPunctuation(key: string | undefined): boolean {
  return key !== undefined && /^[^\p{L}\p{N}]$/u.test(key);
}

export function isTyping(target: EventTarget | null): boolean {
  return isIn(target, TYPING);
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
