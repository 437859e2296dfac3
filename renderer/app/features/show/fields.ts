import { el } from '../../ui/dom.ts';
import { icon } from '../../ui/icons.ts';
import type { IconName } from '../../ui/icons.ts';

/** A button of an icon alone; `label` is its title and what a screen reader says. */
export function iconButton(name: IconName, label: string, action: () => void): HTMLButtonElement {
  const element = el('button', { class: 'plain show-icon', title: label, 'aria-label': label }, icon(name));
  element.type = 'button';
  element.addEventListener('click', action);
  return element;
}

/** A choice of one of a few. */
export function selectField<T extends string>(
  label: string,
  options: readonly (readonly [value: T, label: string])[],
  changed: (value: T) => void,
): { readonly element: HTMLElementTagNameMap['wa-select']; show(value: T): void } {
  const element = el('wa-select');
  element.label = label;
  element.size = 'small';
  for (const [value, text] of options) {
    const option = el('wa-option', { text });
    option.value = value;
    element.append(option);
  }
  element.addEventListener('change', () => {
    const chosen = options.find(([value]) => value === element.value);
    if (chosen !== undefined) changed(chosen[0]);
  });
  return { element, show: (value) => (element.value = value) };
}

export function switchField(
  label: string,
  changed: (on: boolean) => void,
): { readonly element: HTMLElementTagNameMap['wa-switch']; show(on: boolean): void } {
  const element = el('wa-switch', { text: label });
  element.size = 'small';
  element.addEventListener('change', () => changed(element.checked));
  return { element, show: (on) => (element.checked = on) };
}
