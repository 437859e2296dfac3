import { el } from '../../ui/dom.ts';
import type { IconName } from '../../ui/icons.ts';
import { icon } from '../../ui/icons.ts';

/** A button with a text, and an icon before it where one is named. */
export function button(text: string, act: () => void, iconName?: IconName): HTMLButtonElement {
  const element = el(
    'button',
    { title: text },
    ...(iconName === undefined ? [] : [icon(iconName)]),
    el('span', { text }),
  );
  element.type = 'button';
  element.addEventListener('click', () => act());
  return element;
}
