import { button, rowButton } from '../../ui/buttons.ts';
import { el } from '../../ui/dom.ts';
import type { ModelInfo } from '../../../bridge/models.ts';
import { makeDialog } from '../../ui/dialog.ts';
import { icon } from '../../ui/icons.ts';
import { ModelDetails } from './model-details.ts';
import type { ModelActions } from './model-details.ts';
import { stateWords } from './words.ts';

/** What the dialog shows. */
export interface ModelsState {
  readonly infos: readonly ModelInfo[];
  /** ID of the model that Refine uses. */
  readonly currentId: string | undefined;
  /** What went wrong the last time, by model ID; under '' what belongs to none. */
  readonly problems: ReadonlyMap<string, string>;
}

/** All models: the list on the left, the one picked there on the right. */
export class ModelsDialog {
  private readonly list = el('ul', { class: 'model-list', 'aria-label': 'Models' });
  private readonly problem = el('p', { class: 'error-text', 'aria-live': 'assertive' });
  private readonly details: ModelDetails;
  private readonly dialog;
  private state: ModelsState = { infos: [], currentId: undefined, problems: new Map() };
  private pickedId: string | undefined;

  constructor(actions: ModelActions) {
    this.details = new ModelDetails(actions);
    const add = button('Add checkpoint…', () => actions.add(), { icon: 'folder' });
    this.list.addEventListener('keydown', (event) => this.step(event));
    const left = el('div', { class: 'model-side' }, this.list, this.problem, add);
    this.dialog = makeDialog('Models', el('div', { class: 'models' }, left, this.details.element));
    this.dialog.element.classList.add('wide');
  }

  get isOpen(): boolean {
    return this.dialog.element.open;
  }

  open(): void {
    this.pickedId = this.state.currentId ?? this.pickedId;
    this.draw();
    this.dialog.open();
  }

  /** Shows a model of the list on the right. */
  pick(id: string): void {
    this.pickedId = id;
    this.draw();
  }

  show(state: ModelsState): void {
    this.state = state;
    this.draw();
  }

  private draw(): void {
    const { infos, currentId, problems } = this.state;
    const picked = infos.find(({ id }) => id === this.pickedId) ?? infos.find(({ id }) => id === currentId) ?? infos[0];
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['model'] : undefined;
    this.list.replaceChildren(...infos.map((info) => this.item(info, info.id === picked?.id)));
    if (focused !== undefined) this.buttonOf(focused)?.focus();
    this.problem.textContent = problems.get('') ?? '';
    this.problem.hidden = !problems.has('');
    if (picked !== undefined) this.details.show(picked, picked.id === currentId, problems.get(picked.id));
  }

  private item(info: ModelInfo, isPicked: boolean): HTMLElement {
    const { currentId, problems } = this.state;
    const isCurrent = info.id === currentId;
    const hasFailed = problems.has(info.id);
    const item = rowButton(
      () => this.pick(info.id),
      el('span', { class: 'name', text: info.name }),
      el('span', {
        class: info.state === 'missing' || (hasFailed && info.transfer === undefined) ? 'state missing' : 'state',
        text: stateWords(info, isCurrent, hasFailed),
      }),
    );
    item.dataset['model'] = info.id;
    if (isPicked) item.setAttribute('aria-current', 'true');
    item.tabIndex = isPicked ? 0 : -1;
    if (isCurrent) item.append(icon('check'));
    return el('li', {}, item);
  }

  /** Arrow keys walk the list, as in any list; Tab leaves it. */
  private step(event: KeyboardEvent): void {
    const { infos } = this.state;
    const at = infos.findIndex(({ id }) => id === this.pickedId);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: infos.length - 1 }[event.key];
    const info = to === undefined ? undefined : infos[Math.min(infos.length - 1, Math.max(0, to))];
    if (info === undefined) return;
    event.preventDefault();
    this.pick(info.id);
    this.buttonOf(info.id)?.focus();
  }

  private buttonOf(id: string): HTMLElement | null {
    return this.list.querySelector<HTMLElement>(`[data-model="${CSS.escape(id)}"]`);
  }
}
