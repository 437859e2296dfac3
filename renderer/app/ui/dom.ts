type Child = Node | string;

interface Attributes {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly role?: string;
  readonly [attribute: `aria-${string}` | `data-${string}`]: string;
}

/** Makes an element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes) as [string, string | undefined][]) {
    if (value === undefined) continue;
    if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** The page's element of this id; the page is ours, so it is there. */
export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element #${id}.`);
  return element as T;
}

/** The terms and descriptions of a `dl`, one pair a row. */
export function descriptionRows(rows: Iterable<readonly [term: string, description: string]>): HTMLElement[] {
  return [...rows].flatMap(([term, description]) => [el('dt', { text: term }), el('dd', { text: description })]);
}

/** The head row of a table; an empty text makes a head without one. */
export function tableHead(texts: readonly string[]): HTMLTableSectionElement {
  const heads = texts.map((text) => {
    const head = el('th', { text });
    head.scope = 'col';
    return head;
  });
  return el('thead', {}, el('tr', {}, ...heads));
}
