import { el } from './dom.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';

export interface ButtonLook {
  /** `primary` is the one to press, `danger` takes something away, `plain` has neither border nor ground. */
  readonly kind?: 'primary' | 'danger' | 'plain' | undefined;
  /** Stands before the label. */
  readonly icon?: IconName;
  /** What a pointer at rest reads. */
  readonly title?: string;
  /** A button over the scene gives the focus back after a click with the mouse. */
  readonly givesFocusBack?: boolean;
}

/** Makes a button with a label. */
export function button(label: string, action: () => void, look: ButtonLook = {}): HTMLButtonElement {
  const element = el('button', look.title === undefined ? {} : { title: look.title });
  element.type = 'button';
  if (look.kind !== undefined) element.classList.add(look.kind);
  if (look.icon === undefined) element.textContent = label;
  else element.append(icon(look.icon), el('span', { class: 'label', text: label }));
  element.addEventListener('click', (event) => {
    // Space and Enter belong to the scene again after a click with the mouse; who came by keyboard stays.
    if (look.givesFocusBack === true && event.detail > 0) element.blur();
    action();
  });
  return element;
}

/** Makes a button of an icon alone; `label` is its title and what a screen reader says. */
export function iconButton(name: IconName, label: string, action: () => void): HTMLButtonElement {
  const element = el('button', { class: 'plain icon-button', title: label, 'aria-label': label }, icon(name));
  element.type = 'button';
  element.addEventListener('click', action);
  return element;
}

/** Changes what an icon button shows and is called. */
export function setIconButton(element: HTMLButtonElement, name: IconName, label: string): void {
  element.title = label;
  element.setAttribute('aria-label', label);
  element.replaceChildren(icon(name));
}

/** Changes the label of a button with an icon, and the icon. */
export function setLabelAndIcon(element: HTMLButtonElement, label: string, name: IconName): void {
  element.querySelector('wa-icon')?.setAttribute('name', name);
  element.querySelector('.label')?.replaceChildren(label);
}

/** Makes a button of more than a label: a row of a list, say. */
export function rowButton(action: () => void, ...children: Node[]): HTMLButtonElement {
  const element = el('button', { class: 'plain' }, ...children);
  element.type = 'button';
  element.addEventListener('click', action);
  return element;
}

/** A text with the shortcut that does the same, as buttons have it for a title. */
export function withShortcut(text: string, shortcut: string): string {
  return shortcut === '' ? text : `${text} (${shortcut})`;
}

/** Puts buttons side by side without a gap. */
export function buttonGroup(label: string, ...buttons: HTMLElement[]): HTMLElement {
  return el('div', { class: 'segments', role: 'group', 'aria-label': label }, ...buttons);
}

export interface Segments<T extends string> {
  readonly element: HTMLElement;
  show(value: T, disabled?: readonly T[]): void;
}

/** Makes buttons side by side of which one is pressed. */
export function segments<T extends string>(
  label: string,
  options: readonly (readonly [value: T, label: string])[],
  chosen: (value: T) => void,
): Segments<T> {
  const buttons = options.map(([value, text]) => [value, button(text, () => chosen(value))] as const);
  return {
    element: buttonGroup(label, ...buttons.map(([, item]) => item)),
    show: (value, disabled = []) => {
      for (const [own, item] of buttons) {
        item.setAttribute('aria-pressed', String(own === value));
        item.disabled = disabled.includes(own);
      }
    },
  };
}
