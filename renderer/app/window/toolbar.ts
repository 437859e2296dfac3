import { COMMAND_TABLE, shortcutLabel } from '../../bridge/commands.ts';
import type { CommandId } from '../../bridge/commands.ts';
import { button, buttonGroup, withShortcut } from '../ui/buttons.ts';
import { el } from '../ui/dom.ts';
import type { CommandState } from './command-state.ts';
import { MODE_COMMANDS } from './compare-modes.ts';
import type { IconName } from '../ui/icons.ts';

interface ToolbarParts {
  readonly root: HTMLElement;
  readonly platform: string;
  readonly run: (id: CommandId) => void;
}

/** The row of buttons above the scene. Every button is a command of the table. */
export class Toolbar {
  private readonly buttons = new Map<CommandId, HTMLButtonElement[]>();
  private readonly name = el('span', { class: 'scene-name' });
  private readonly before: HTMLButtonElement;
  private readonly after: HTMLButtonElement;
  private readonly compare: HTMLElement;
  /** The side that the plain picture shows, or would show without `comparing`. */
  private shown: 'before' | 'after' | 'none' = 'none';
  /** The command of the mode in which both sides are compared now; running it again ends that. */
  private comparing: CommandId | undefined;

  constructor(private readonly parts: ToolbarParts) {
    const { root } = parts;
    this.before = this.button('refine.compare', 'Before', undefined, () => this.side('before'));
    this.after = this.button('refine.compare', 'After', undefined, () => this.side('after'));
    this.compare = buttonGroup('Compare', this.before, this.after);
    const elevations = buttonGroup(
      'Look from',
      this.button('view.elevation0', '0°'),
      this.button('view.elevation45', '45°'),
      this.button('view.elevation70', '70°'),
      this.button('view.elevation80', '80°'),
      this.button('view.elevation89', '89°'),
    );
    const refine = this.button('refine.run', 'Refine', 'refine');
    refine.classList.add('primary');
    root.append(
      el('div', { class: 'part' }, this.button('file.open', 'Open…', 'folder'), this.name),
      el(
        'div',
        { class: 'part' },
        elevations,
        this.button('view.frame', 'Frame', 'frame'),
        this.button('view.fly', 'Fly', 'fly'),
      ),
      el('div', { class: 'part end' }, this.compare, refine, this.button('file.saveAs', 'Save As…', 'save')),
    );
  }

  show(sceneName: string, state: CommandState, compare: 'before' | 'after' | 'none'): void {
    this.name.textContent = sceneName;
    this.name.title = sceneName;
    for (const [id, buttons] of this.buttons) {
      for (const item of buttons) {
        item.disabled = state.disabled.has(id);
        if (id === 'view.fly') item.setAttribute('aria-pressed', String(state.checked.has(id)));
      }
    }
    this.shown = compare;
    this.comparing = Object.values(MODE_COMMANDS).find((id) => state.checked.has(id));
    this.before.setAttribute('aria-pressed', String(compare === 'before' && this.comparing === undefined));
    this.after.setAttribute('aria-pressed', String(compare === 'after' && this.comparing === undefined));
  }

  /** Shows one side alone. */
  private side(side: 'before' | 'after'): void {
    if (side !== this.shown) this.parts.run('refine.compare');
    else if (this.comparing !== undefined) this.parts.run(this.comparing);
  }

  private button(id: CommandId, text: string, icon?: IconName, clicked = () => this.parts.run(id)): HTMLButtonElement {
    const label = COMMAND_TABLE.find((candidate) => candidate.id === id)?.label ?? text;
    const title = withShortcut(label, shortcutLabel(id, this.parts.platform));
    // Narrow windows hide the text beside an icon from sight; it stays the button's name.
    const item = button(text, clicked, { title, givesFocusBack: true, ...(icon === undefined ? {} : { icon }) });
    item.dataset['command'] = id;
    const known = this.buttons.get(id) ?? [];
    this.buttons.set(id, [...known, item]);
    return item;
  }
}
