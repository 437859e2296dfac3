import { answerOpenDialog, clickMenu } from './app.ts';
import type { RunningApp } from './app.ts';

/** What a person can see of the state of the app, by name: items of the menu, the title, and the line at the bottom. */
export type Facts = Readonly<Record<string, string>>;

/** One thing that a person does. */
export interface WorkStep {
  readonly name: string;
  readonly act: (running: RunningApp) => Promise<void>;
  /** Whether it has been done. */
  readonly isDone: (facts: Facts) => boolean;
}

/** The files that the work takes. */
export interface WorkFiles {
  readonly first: string;
  readonly second: string;
  readonly cameras: string;
}

/** Not part of what is open: what the last start left, what is under way, and files that were written. */
const PASSING = /^(session\.|file\.reveal|refine\.cancel)/;

/** Reads the facts. */
export async function readFacts({ app, page }: RunningApp): Promise<Facts> {
  const items = await app.evaluate(({ Menu }) => {
    const all: [string, string][] = [];
    const visit = (menu: Electron.Menu): void => {
      for (const { id, label, enabled, checked, type, submenu } of menu.items) {
        if (type === 'submenu' && submenu !== undefined) visit(submenu);
        else if (/^[a-z]+\.\w+$/i.test(id))
          all.push([id, `${label}${enabled ? '' : ', grey'}${checked ? ', on' : ''}`]);
      }
    };
    const menu = Menu.getApplicationMenu();
    if (menu !== null) visit(menu);
    return all;
  });
  const line = await page.evaluate(() =>
    ['splats', 'elevation', 'fov'].map((name) => [name, document.querySelector(`#status .${name}`)?.textContent ?? '']),
  );
  const kept = items.filter(([id]) => !PASSING.test(id));
  return Object.fromEntries([...kept, ...line, ['title', await page.title()]]) as Facts;
}

/** Whether nothing is under way: no job, no picture. */
export async function isIdle({ page }: RunningApp): Promise<boolean> {
  return (await page.locator('#job:visible').count()) + (await page.locator('#viewport[data-drawing]').count()) === 0;
}

function isOn(id: string): (facts: Facts) => boolean {
  return (facts) => facts[id].endsWith(', on');
}

function menu(id: string, isDone: WorkStep['isDone']): WorkStep {
  return { name: id, act: (running) => clickMenu(running, id), isDone };
}

/** Opens a panel, or switches something on. */
function on(id: string): WorkStep {
  return menu(id, isOn(id));
}

function off(id: string): WorkStep {
  return menu(id, (facts) => !isOn(id)(facts));
}

function look(elevation: number): WorkStep {
  return menu(`view.elevation${elevation}`, ({ elevation: now }) => now === `Elevation ${elevation}°`);
}

/** A step of the history; the one before it must bear another name. */
function edit(id: string, label: string): WorkStep {
  return menu(id, (facts) => facts['edit.undo'].startsWith(`Undo ${label}`));
}

function undo(label: string): WorkStep {
  return menu('edit.undo', (facts) => facts['edit.redo'].startsWith(`Redo ${label}`));
}

function redo(label: string): WorkStep {
  return menu('edit.redo', (facts) => facts['edit.undo'].startsWith(`Undo ${label}`));
}

/** Opens another scene, without what was done to the one before. */
function open(path: string, title: string): WorkStep {
  return {
    name: `open ${title}`,
    act: async (running) => {
      await answerOpenDialog(running, path);
      await clickMenu(running, 'file.open');
      await running.page.locator('wa-dialog[open]').getByRole('button', { name: 'Discard' }).click();
    },
    isDone: ({ title: now }) => now.startsWith(title),
  };
}

function bookmark(count: number): WorkStep {
  return menu('show.addBookmark', (facts) => !facts[`show.bookmark${count}`].includes('grey'));
}

/** Selects by the box of the Edit panel. */
const selectByBox: WorkStep = {
  name: 'select by box',
  act: ({ page }) => page.locator('#dock').getByRole('button', { name: 'Select', exact: true }).click(),
  isDone: (facts) => facts['edit.undo'].startsWith('Undo Select by Box'),
};

/** Weakens the refinement, in its panel. */
const weaken: WorkStep = {
  name: 'strength',
  act: ({ page }) => page.locator('#dock wa-slider.strength').getByRole('slider').press('ArrowLeft'),
  isDone: (facts) => facts['edit.undo'].startsWith('Undo Set Strength'),
};

/** A day's work in short: each step leaves the app otherwise than the one before. */
export function workSteps({ first, second, cameras }: WorkFiles): readonly WorkStep[] {
  const openCameras: WorkStep = {
    name: 'open cameras',
    act: async (running) => {
      await answerOpenDialog(running, cameras);
      await clickMenu(running, 'judge.openCameras');
    },
    isDone: (facts) => !facts['judge.closeCameras'].includes('grey'),
  };
  return [
    on('panel.edit'),
    selectByBox,
    edit('edit.delete', 'Delete'),
    look(70),
    bookmark(1),
    edit('edit.invert', 'Invert Selection'),
    undo('Invert Selection'),
    on('view.grid'),
    edit('refine.run', 'Refine'),
    on('panel.refinement'),
    weaken,
    on('compare.split'),
    look(45),
    edit('edit.selectAll', 'Select All'),
    undo('Select All'),
    undo('Set Strength'),
    redo('Set Strength'),
    on('panel.show'),
    bookmark(2),
    menu('view.wider', ({ fov }) => fov !== ''),
    off('compare.split'),
    edit('refine.keep', 'Set as New Original'),
    openCameras,
    on('panel.compare'),
    look(89),
    on('panel.edit'),
    selectByBox,
    edit('edit.keep', 'Keep'),
    off('view.grid'),
    on('view.axes'),
    edit('edit.selectAll', 'Select All'),
    edit('edit.selectNone', 'Select None'),
    open(second, '3dgs_sr_demo.ply'),
    look(80),
    edit('edit.selectAll', 'Select All'),
    edit('refine.run', 'Refine'),
    off('panel.edit'),
    on('compare.sideBySide'),
    edit('edit.selectNone', 'Select None'),
    look(0),
    bookmark(1),
    open(first, 'chair.ply'),
    on('panel.edit'),
    edit('edit.invert', 'Invert Selection'),
    selectByBox,
    edit('edit.delete', 'Delete'),
    edit('refine.run', 'Refine'),
    look(70),
    undo('Refine'),
    redo('Refine'),
    edit('edit.selectAll', 'Select All'),
    off('view.axes'),
  ];
}
