import { formatBytes } from '../../../core/units.ts';
import type { History } from '../../../edit/history.ts';
import { HISTORY_BYTES, historyBytes } from '../../../edit/history.ts';
import { el } from '../../ui/dom.ts';
import type { SceneVersion } from '../../../project/scene-version.ts';
import { versionBuffers } from '../../document/document.ts';
import { button } from '../../ui/buttons.ts';
import { column, hint } from '../../ui/controls.ts';

/** Every step of the history, newest last; a click goes there. */
export class HistoryPanel {
  readonly element = column();
  private readonly list = el('ol', { class: 'history', 'aria-label': 'Steps' });
  private readonly memory = hint('');

  constructor(private readonly goTo: (index: number) => void) {
    this.element.append(this.list, this.memory);
  }

  show(history: History<SceneVersion> | undefined, isBusy: boolean): void {
    const steps = history?.steps ?? [];
    // A step that was reached by keyboard keeps the focus, though its button is made anew.
    const focused = [...this.list.children].findIndex((item) => item.contains(document.activeElement));
    this.list.replaceChildren(
      ...steps.map(({ label }, index) => {
        const item = button(label, () => this.goTo(index), { kind: 'plain' });
        item.disabled = isBusy;
        item.classList.toggle('undone', index > (history?.index ?? 0));
        if (index === history?.index) item.setAttribute('aria-current', 'step');
        return el('li', {}, item);
      }),
    );
    this.list.children[focused]?.querySelector('button')?.focus();
    const used = historyBytes(steps, versionBuffers);
    const dropped = history?.dropped ?? 0;
    const gone =
      dropped === 0 ? '' : ` ${dropped === 1 ? 'One step was' : `${dropped} steps were`} dropped to stay within it.`;
    const share = `${formatBytes(used)} of ${formatBytes(HISTORY_BYTES)}`;
    this.memory.textContent = `${share} for steps that can be undone.${gone}`;
  }
}
