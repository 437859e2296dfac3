import { Menu, app } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuState } from '../../renderer/bridge/window.ts';
import { COMMAND_TABLE, MENUS } from '../../renderer/bridge/commands.ts';
import type { Command, MenuName } from '../../renderer/bridge/commands.ts';

export interface RecentScene {
  readonly title: string;
  readonly path: string;
}

export interface MenuActions {
  readonly runCommand: (id: string) => void;
  readonly openRecent: (path: string) => void;
  readonly clearRecent: () => void;
  readonly resetGraphics: () => void;
  readonly showLog: () => void;
  readonly reportProblem: () => void;
}

/** Builds the native menu from the table of commands, plus what only the system can do (quit, recent files, zoom). */
export function installMenu(state: MenuState, recentScenes: readonly RecentScene[], actions: MenuActions): void {
  const menus = MENUS.map((name): MenuItemConstructorOptions => ({
    label: name,
    submenu: [...commandItems(name, state, actions), ...systemItems(name, recentScenes, actions)],
  }));
  // A menu of no items would open as an empty sliver.
  const filled = menus.filter(({ submenu }) => Array.isArray(submenu) && submenu.length > 0);
  const isMac = process.platform === 'darwin';
  Menu.setApplicationMenu(Menu.buildFromTemplate(isMac ? [{ role: 'appMenu' }, ...filled] : filled));
}

function commandItems(menu: MenuName, state: MenuState, actions: MenuActions): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  const submenus = new Map<string, MenuItemConstructorOptions[]>();
  for (const command of COMMAND_TABLE.filter((candidate) => candidate.menu === menu)) {
    const item = commandItem(command, state, actions);
    if (command.submenu === undefined) {
      if (command.separatorBefore === true) items.push({ type: 'separator' });
      items.push(item, ...alternateItems(command, state, actions));
      continue;
    }
    let submenu = submenus.get(command.submenu);
    if (submenu === undefined) {
      submenu = [];
      submenus.set(command.submenu, submenu);
      items.push({ label: command.submenu, submenu });
    }
    submenu.push(item);
  }
  return items;
}

function commandItem(command: Command, state: MenuState, actions: MenuActions): MenuItemConstructorOptions {
  const shortcut = command.accelerator ?? command.key;
  return {
    id: command.id,
    // Single keys belong to the page, which knows whether a person is typing; the menu only shows them.
    ...(shortcut === undefined
      ? {}
      : { accelerator: acceleratorOf(shortcut), registerAccelerator: command.accelerator !== undefined }),
    label: state.labels[command.id] ?? command.label,
    enabled: !state.disabled.includes(command.id),
    ...(command.kind === 'check' ? { type: 'checkbox' as const, checked: state.checked.includes(command.id) } : {}),
    click: () => actions.runCommand(command.id),
  };
}

/** One accelerator is all that a menu item has: items out of sight hold the others. */
function alternateItems(
  { id, label, alternateAccelerators = [] }: Command,
  state: MenuState,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  return alternateAccelerators.map((accelerator) => ({
    label,
    accelerator,
    visible: false,
    enabled: !state.disabled.includes(id),
    click: () => actions.runCommand(id),
  }));
}

function acceleratorOf(shortcut: string): string {
  return shortcut === 'escape' ? 'Esc' : shortcut.length === 1 ? shortcut.toUpperCase() : shortcut;
}

function systemItems(
  menu: MenuName,
  recentScenes: readonly RecentScene[],
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  switch (menu) {
    case 'File':
      return [
        { label: 'Open Recent', submenu: recentItems(recentScenes, actions), enabled: recentScenes.length > 0 },
        { type: 'separator' },
        { role: process.platform === 'darwin' ? 'close' : 'quit' },
      ];
    case 'View':
      return [
        { type: 'separator' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { label: 'Restart with Standard Graphics', click: actions.resetGraphics },
      ];
    case 'Help':
      return [
        { label: 'Show Log File', click: actions.showLog },
        { label: 'Report a Problem…', click: actions.reportProblem },
        { role: 'toggleDevTools' },
        { type: 'separator' },
        { label: `About ${app.getName()}`, click: () => app.showAboutPanel() },
      ];
    case 'Edit':
      return [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }];
    case 'Camera':
    case 'Refine':
    case 'Model':
      return [];
  }
}

function recentItems(recentScenes: readonly RecentScene[], actions: MenuActions): MenuItemConstructorOptions[] {
  return [
    ...recentScenes.map(({ title, path }) => ({
      label: title,
      sublabel: path,
      toolTip: path,
      click: () => actions.openRecent(path),
    })),
    { type: 'separator' as const },
    { label: 'Clear Recent Files', click: actions.clearRecent },
  ];
}
