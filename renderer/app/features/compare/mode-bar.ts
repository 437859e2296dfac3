import { shortcutLabel, type CommandId } from '../../../bridge/commands.ts';
import { el } from '../../ui/dom.ts';
import { MODES, MODE_COMMANDS, type CompareMode } from './settings.ts';

const LABELS: Readonly<Record<CompareMode, string>> = {
  split: 'Split',
  sideBySide: 'Side by side',
  heat: 'Heat map',
  flicker: 'Flicker',
  changes: 'Changes',
};

/** Buttons over the scene, one a way of comparing; there as soon as there is something to compare. */
export class ModeBar {
  readonly element: HTMLElement;
  private readonly buttons: ReadonlyMap<CompareMode, HTMLButtonElement>;

  constructor(platform: string, run: (id: CommandId) => void) {
    this.buttons = new Map(
      MODES.map((mode) => {
        const button = el('button', {
          text: LABELS[mode],
          title: `${LABELS[mode]} (${shortcutLabel(MODE_COMMANDS[mode], platform)})`,
          'data-command': MODE_COMMANDS[mode],
        });
        button.type = 'button';
        button.addEventListener('click', (event) => {
          // Space and Enter belong to the scene again after a click with the mouse; who came by keyboard stays.
          if (event.detail > 0) button.blur();
          run(MODE_COMMANDS[mode]);
        });
        return [mode, button];
      }),
    );
    this.element = el(
      'div',
      { class: 'compare-modes segments', 'aria-label': 'Ways to compare' },
      ...this.buttons.values(),
    );
    this.element.setAttribute('role', 'group');
    this.element.hidden = true;
  }

  /**
   * @param isOffered whether there is something to compare @param canFlicker false where the system asks for reduced
   * motion
   */
  show(isOffered: boolean, mode: CompareMode | undefined, canFlicker: boolean): void {
    this.element.hidden = !isOffered;
    for (const [candidate, button] of this.buttons) {
      button.setAttribute('aria-pressed', String(candidate === mode));
      if (candidate === 'flicker') button.disabled = !canFlicker;
    }
  }
}
