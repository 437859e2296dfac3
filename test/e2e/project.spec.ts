import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { writeSmallModel } from '../models/reference-models.ts';
import { dataPath } from '../test-data.ts';
import {
  SCREENSHOTS,
  answerCloseQuestion,
  answerOpenDialog,
  answerSaveDialog,
  clickMenu,
  drop,
  launchWith,
  saveSceneAs,
} from './app.ts';
import type { RunningApp } from './app.ts';

const OTHER = dataPath('scenes/3dgs_sr_demo.ply');
const CAMERAS = [{ id: 0, img_name: '1', width: 640, height: 480, position: [0, 0, -2], fx: 600, fy: 600 }].map(
  (camera) => ({
    ...camera,
    rotation: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  }),
);

let folder: string;
let userData: string;
let work: string;
let model: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-project-'));
  userData = join(folder, 'user-data');
  work = join(folder, 'work');
  await mkdir(work);
  await mkdir(SCREENSHOTS, { recursive: true });
  await copyFile(dataPath('scenes/sample.ply'), join(work, 'chair.ply'));
  await writeFile(join(work, 'cameras.json'), JSON.stringify(CAMERAS));
  model = await writeSmallModel(join(folder, 'model'));
});

test.afterEach(() => rm(folder, { recursive: true, force: true }));

const start = (...args: string[]): Promise<RunningApp> => launchWith({ userData }, '--model', model, ...args);
const message = ({ page }: RunningApp): Locator => page.locator('#status .message');
const banner = ({ page }: RunningApp): Locator => page.locator('#banner');
const shot = ({ page }: RunningApp, name: string) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });

/** Deletes and undoes, refines, weakens that, selects, opens cameras, marks a view and goes to another. */
async function doWork(running: RunningApp): Promise<void> {
  const { page } = running;
  const dock = page.locator('#dock');
  await expect(message(running)).toContainText('Opened chair.ply');
  await clickMenu(running, 'panel.edit');
  await dock.getByRole('button', { name: 'Select', exact: true }).click();
  await expect(message(running)).toContainText('selected');
  await clickMenu(running, 'edit.delete');
  await expect(message(running)).toContainText('deleted');
  await clickMenu(running, 'refine.run');
  await expect(message(running)).toContainText('Refined', { timeout: 60_000 });
  await clickMenu(running, 'panel.refinement');
  await dock.locator('wa-slider.strength').getByRole('slider').press('ArrowLeft');
  await expect.poll(() => undoLabel(running)).toContain('Strength');
  await clickMenu(running, 'edit.selectAll');
  await clickMenu(running, 'edit.undo');
  await answerOpenDialog(running, join(work, 'cameras.json'));
  await clickMenu(running, 'judge.openCameras');
  await expect(message(running)).toContainText('Read 1 cameras');
  await page.keyboard.press('4');
  await clickMenu(running, 'show.addBookmark');
  await clickMenu(running, 'view.grid');
  await clickMenu(running, 'compare.split');
  await page.keyboard.press('ArrowRight');
  await clickMenu(running, 'panel.edit');
}

async function undoLabel({ app }: RunningApp): Promise<string> {
  return app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('edit.undo')?.label ?? '');
}

/** All that a person sees of what is open. */
async function seen(running: RunningApp): Promise<object> {
  const { page } = running;
  await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
  await page.getByRole('tab', { name: 'History' }).click();
  const steps = await page
    .locator('.history button')
    .evaluateAll((buttons) => buttons.map((one) => [one.textContent, one.className, one.ariaCurrent]));
  const counts = await page.locator('#status .splats').textContent();
  await page.getByRole('tab', { name: 'Select' }).click();
  await clickMenu(running, 'panel.show');
  const dock = page.locator('#dock');
  await expect.poll(() => dock.innerText()).toContain('Bookmarks');
  const bookmarks = await dock.innerText();
  await clickMenu(running, 'panel.judge');
  const cameras = await page.getByRole('listbox', { name: 'Cameras of the capture' }).textContent();
  await clickMenu(running, 'panel.edit');
  await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
  const elevation = await page.locator('#status .elevation').textContent();
  const ticked = await running.app.evaluate(
    ({ Menu }, ids) => {
      const menu = Menu.getApplicationMenu();
      return ids.map((id) => menu?.getMenuItemById(id)?.checked);
    },
    ['compare.split', 'view.grid', 'judge.showCameras'],
  );
  return { steps, undo: await undoLabel(running), counts, bookmarks, cameras, elevation, ticked };
}

/** The session on disk, once it is that of now. */
async function sessionKept(holds: (text: string) => boolean): Promise<void> {
  const read = (): Promise<string> => readFile(join(userData, 'session', 'project.json'), 'utf8').catch(() => '');
  await expect.poll(async () => holds(await read()), { timeout: 30_000 }).toBe(true);
}

/** Ends the app as a crash does. */
async function kill({ app }: RunningApp): Promise<void> {
  const gone = new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
  app.process().kill('SIGKILL');
  await gone;
}

/** Quits as a person does; nothing may be asked. */
async function quit(running: RunningApp): Promise<void> {
  const gone = new Promise<void>((resolve) => running.app.process().once('exit', () => resolve()));
  await answerCloseQuestion(running, 'Cancel');
  await running.app.evaluate(({ app }) => app.quit()).catch(() => undefined);
  await gone;
}

test('an app that was killed has everything back, bit for bit, and a clean end leaves nothing', async () => {
  const first = await start(join(work, 'chair.ply'));
  await doWork(first);
  const before = await seen(first);
  await saveSceneAs(first, join(folder, 'before.ply'));
  await expect(message(first)).toContainText('Saved before.ply');
  await sessionKept((text) => text.includes('before.ply') && text.includes('"split"'));
  await shot(first, 'session-before');
  await kill(first);

  const second = await start();
  try {
    await expect(banner(second)).toContainText('Restored chair.ply');
    await shot(second, 'session-restored');
    expect(await seen(second)).toEqual(before);
    await expect(second.page).toHaveTitle('chair.ply – SplatFormer Desktop');
    await saveSceneAs(second, join(folder, 'after.ply'));
    await expect(message(second)).toContainText('Saved after.ply');
    const [was, is] = await Promise.all(['before', 'after'].map((name) => readFile(join(folder, `${name}.ply`))));
    expect(is?.equals(was ?? Buffer.of())).toBe(true);
    // Undo goes on from there.
    await clickMenu(second, 'edit.undo');
    await expect.poll(() => undoLabel(second)).toBe('Undo Refine');
    await expect(second.page).toHaveTitle('• chair.ply – SplatFormer Desktop');
    await clickMenu(second, 'edit.redo');
    await quit(second);
  } finally {
    await second.close().catch(() => undefined);
  }
  expect(existsSync(join(userData, 'session'))).toBe(false);
  expect(existsSync(join(userData, 'session-left'))).toBe(false);
});

test('a session is offered where another scene was asked for, and where restoring was tried', async () => {
  const first = await start(join(work, 'chair.ply'));
  await expect(message(first)).toContainText('Opened chair.ply');
  await clickMenu(first, 'edit.selectAll');
  await sessionKept((text) => text.includes('Select All'));
  await kill(first);
  const second = await start(OTHER);
  await expect(message(second)).toContainText('Opened 3dgs_sr_demo.ply');
  await expect(banner(second)).toContainText('The last session did not end as it should');
  await shot(second, 'session-offered');
  await banner(second).getByRole('button', { name: 'Restore' }).click();
  await expect(message(second)).toContainText('Restored chair.ply: 1 step that');
  await sessionKept((text) => text.includes('chair.ply'));
  await expect.poll(() => existsSync(join(userData, 'session-left'))).toBe(false);
  await kill(second);
  // It ended soon after restoring: that may have been the cause.
  const third = await start();
  try {
    await expect(message(third)).toContainText('Opened sample.ply');
    await expect(banner(third)).toContainText('The last session did not end as it should');
    await clickMenu(third, 'session.discard');
    await expect(message(third)).toContainText('is gone');
    expect(existsSync(join(userData, 'session-left'))).toBe(false);
  } finally {
    await third.close();
  }
});

test('a project is saved, opened, moved, and told where its scene is; one that is damaged is named', async () => {
  const project = join(work, 'chair.sfproj');
  const first = await start(join(work, 'chair.ply'));
  await doWork(first);
  const before = await seen(first);
  await expect(first.page).toHaveTitle('• chair.ply – SplatFormer Desktop');
  await answerSaveDialog(first, project);
  await clickMenu(first, 'project.saveAs');
  await expect(banner(first)).toContainText('Saved chair.sfproj: 5 steps');
  await expect(first.page).toHaveTitle('chair.sfproj – SplatFormer Desktop');
  await shot(first, 'project-saved');
  await quit(first);
  expect(existsSync(join(userData, 'session'))).toBe(false);

  const second = await start(project);
  try {
    await expect(message(second)).toContainText('Opened chair.sfproj: 5 steps');
    await shot(second, 'project-opened');
    expect(await seen(second)).toEqual(before);
    await clickMenu(second, 'edit.selectAll');
    await clickMenu(second, 'edit.undo');
    await clickMenu(second, 'edit.undo');
    await expect(second.page).toHaveTitle('• chair.sfproj – SplatFormer Desktop');
    await clickMenu(second, 'file.save');
    await expect(message(second)).toContainText('Saved chair.sfproj');
    await expect(second.page).toHaveTitle('chair.sfproj – SplatFormer Desktop');

    // Its folder moved, and the scene has another name.
    const moved = join(folder, 'moved');
    await rename(work, moved);
    await rename(join(moved, 'chair.ply'), join(moved, 'seat.ply'));
    await answerOpenDialog(second, join(moved, 'seat.ply'));
    await drop(second, [join(moved, 'chair.sfproj')]);
    const question = second.page.locator('wa-dialog[open]').filter({ hasText: 'Where is chair.ply?' });
    await expect(question.getByRole('button', { name: 'Locate…' })).toBeVisible();
    await shot(second, 'project-scene-missing');
    await question.getByRole('button', { name: 'Locate…' }).click();
    await expect(message(second)).toContainText('Opened chair.sfproj');
    await expect.poll(() => undoLabel(second)).toBe('Undo Refine');

    const bytes = await readFile(join(moved, 'chair.sfproj'));
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(join(moved, 'damaged.sfproj'), bytes);
    await drop(second, [join(moved, 'damaged.sfproj')]);
    await expect(message(second)).toContainText('damaged.sfproj is damaged');
    await shot(second, 'project-damaged');
    await expect(second.page).toHaveTitle('chair.sfproj – SplatFormer Desktop');
  } finally {
    await second.close();
  }
});
