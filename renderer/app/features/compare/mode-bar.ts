import { shortcutLabel, type CommandId } from '../../../bridge/commands.ts';
import { button, buttonGroup, withShortcut } from '../../ui/buttons.ts';
import { MODES, MODE_COMMANDS, type CompareMode } from '../../window/compare-modes.ts';

const LABELS: Readonly<Record<CompareMode, string>> = {
  split: 'Split',
  sideBySide: 'Side by side',
  heat: 'Heat map',
  flicker: 'Flicker',
  changes: 'Changes',
};

/** Buttons over the scene, one for each mode of comparing; there as soon as there is something to compare. */
export class ModeBar {
  readonly element: HTMLElement;
  private readonly buttons: ReadonlyMap<CompareMode, HTMLButtonElement>;

  constructor(platform: string, run: (id: CommandId) => void) {
    this.buttons = new Map(
      MODES.map((mode) => {
        const command = MODE_COMMANDS[mode];
        const title = withShortcut(LABELS[mode], shortcutLabel(command, platform));
        const item = button(LABELS[mode], () => run(command), { title, givesFocusBack: true });
        item.dataset['command'] = command;
        return [mode, item];
      }),
    );
    this.element = buttonGroup('Ways to compare', ...this.buttons.values());
    this.element.classList.add('compare-modes');
    this.element.hidden = true;
  }

  /**
   * @param isOffered whether there is something to compare
   * @param canFlicker false where the system asks for reduced motion
   */
  show(isOffered: boolean, mode: CompareMode | undefined, canFlicker: boolean): void {
    this.element.hidden = !isOffered;
    for (const [candidate, button] of this.buttons) {
      button.setAttribute('aria-pressed', String(candidate === mode));
      if (candidate === 'flicker') button.disabled = !canFlicker;
    }
  }
}
