import html from '../../../../docs/guide.md';
import { el } from '../../ui/dom.ts';

/** The guide with a list of its sections, each of which leads to its place. */
export function guidePage(): HTMLElement {
  const text = el('article', { 'aria-label': 'Guide' });
  text.innerHTML = html;
  // The text scrolls: without a place to focus, the keyboard could not.
  text.tabIndex = 0;
  text.autofocus = true;
  const sections = [...text.querySelectorAll('h3')].map((heading) => {
    const lead = el('button', { text: heading.textContent });
    lead.type = 'button';
    lead.addEventListener('click', () => {
      heading.scrollIntoView();
      text.focus({ preventScroll: true });
    });
    return el('li', {}, lead);
  });
  return el('div', { class: 'guide' }, el('nav', { 'aria-label': 'Sections' }, el('ul', {}, ...sections)), text);
}
