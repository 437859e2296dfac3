import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMAND_TABLE } from '../../renderer/bridge/commands.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('the guide names menus, items and submenus that there are', () => {
  // Items that Electron's side adds to the table of commands.
  const systemItems = [...read('electron/window/menu.ts').matchAll(/label: '([^']+)'/g)].map((match) => match[1]);
  const named = [...read('docs/guide.md').matchAll(/\*(\w+) > ([^*\n]+)\*/g)].map((match) => ({
    menu: match[1],
    item: match[2],
  }));
  const wrong = named.filter(({ menu, item }) => {
    const labels = COMMAND_TABLE.filter((command) => command.menu === menu).flatMap(({ label, submenu }) =>
      submenu === undefined ? [label] : [label, submenu],
    );
    return !labels.includes(item) && !systemItems.includes(item);
  });
  expect(wrong).toEqual([]);
  expect(named.length).toBeGreaterThan(15);
});

test('the architecture page knows every folder of the page and of the desktop', () => {
  const page = read('docs/architecture.md');
  const folders = (path: string): string[] =>
    readdirSync(join(ROOT, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${path}/${name}/`);
  expect([...folders('renderer'), ...folders('electron')].filter((folder) => !page.includes(folder))).toEqual([]);
});

test('links between the documents lead somewhere', () => {
  const documents = [
    'README.md',
    'electron/models/README.md',
    'models/README.md',
    'renderer/refine/README.md',
    ...readdirSync(join(ROOT, 'docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const broken = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:)([^)#\s]+)/g)]
      .map((match) => resolve(ROOT, document, '..', match[1]))
      .filter((path) => !isThere(path))
      .map((path) => `${document} -> ${path.slice(ROOT.length + 1)}`),
  );
  expect(broken).toEqual([]);
});

function isThere(path: string): boolean {
  try {
    return readdirSync(join(path, '..')).includes(path.slice(path.lastIndexOf('/') + 1));
  } catch {
    return false;
  }
}
