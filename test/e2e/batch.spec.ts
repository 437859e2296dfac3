import { link, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { reportSchema } from '../../renderer/batch/report.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { cropPly } from '../crop-ply.ts';
import { writeSmallModel } from '../models/reference-models.ts';
import { dataPath } from '../test-data.ts';
import {
  ROOT,
  SCREENSHOTS,
  answerCloseQuestion,
  answerOpenDialog,
  answerSaveDialog,
  clickMenu,
  launch,
} from './app.ts';
import type { RunningApp } from './app.ts';

const OUTPUTS = 'scenes/refined';
/** As long as the names are that phones and training give. */
const LONG_NAME = 'living_room_iphone_2024-05-11_30k';
/** What a machine busy with other things keeps where a free one takes a moment. */
const LOADED_MS = 15_000;

async function makeScenes(folder: string, scenes: Readonly<Record<string, number>>): Promise<string> {
  const sample = await readFile(join(ROOT, 'test/data/scenes/sample.ply'));
  const root = join(folder, 'scenes');
  for (const [name, splats] of Object.entries(scenes)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), cropPly(sample, splats));
  }
  return root;
}

async function splatsOf(path: string): Promise<number> {
  const source = await openFileSource(path);
  try {
    return (await readScene(source)).count;
  } finally {
    await source.close();
  }
}

/** Opens the batch from the menu and adds a folder by its dialog. */
async function addFolder(running: RunningApp, folder: string): Promise<void> {
  await clickMenu(running, 'refine.batch');
  await answerOpenDialog(running, folder);
  await running.page.getByRole('button', { name: 'Add folder…' }).click();
}

/** Starts the app with the small reference model, which answers sooner than the shipped one. */
async function launchWithSmallModel(): Promise<RunningApp> {
  const models = await mkdtemp(join(tmpdir(), 'splatformer-models-'));
  const running = await launch(`--model=${await writeSmallModel(models)}`);
  const close = async (): Promise<void> => {
    await running.close();
    await rm(models, { recursive: true });
  };
  return { ...running, close };
}

/** Lets the batch refine with the model of `launchWithSmallModel`. */
async function chooseSmallModel(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Model' }).click();
  await page.getByRole('option', { name: 'small', exact: true }).click();
}

const row = (page: Page, name: string): Locator =>
  page.locator('.batch-table tbody tr', { has: page.getByText(name, { exact: true }) }).first();
const summary = (page: Page): Locator => page.locator('.batch-summary');
const run = (page: Page, name: string): Locator =>
  page.locator('.batch-controls').getByRole('button', { name, exact: true });

async function act(page: Page, name: string, action: string): Promise<void> {
  await row(page, name).hover();
  await row(page, name).locator(`[data-action="${action}"]`).click();
}

/** Waits until the file is under way. It looks every frame: a small file is done before expect looks again. */
async function seenRunning(page: Page, name: string): Promise<void> {
  const isRunning = await page.evaluate(async (wanted) => {
    const isNamed = ({ textContent }: Element): boolean => textContent === wanted;
    const until = performance.now() + 60_000;
    while (performance.now() < until) {
      if ([...document.querySelectorAll('.batch-table tr[data-state="running"] .name')].some(isNamed)) return true;
      await new Promise(requestAnimationFrame);
    }
    return false;
  }, name);
  expect(isRunning, `${name} is running`).toBe(true);
}

/** Memory of the main process and of the batch's. */
function residentMebibytes({ app }: RunningApp): Promise<Record<'main' | 'batch', number>> {
  return app.evaluate(({ app: electron }) => {
    const metrics = electron.getAppMetrics();
    const of = (isIt: (metric: (typeof metrics)[number]) => boolean): number =>
      Math.round((metrics.find(isIt)?.memory.workingSetSize ?? 0) / 1024);
    return { main: of(({ type }) => type === 'Browser'), batch: of(({ name }) => name === 'SplatFormer batch') };
  });
}

/** No grave fault of accessibility in the list and its settings. */
async function expectNoFaults(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .include('.batch-sheet')
    .include('#dock')
    .analyze();
  expect(
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`),
  ).toEqual([]);
}

/** The names of results are not cut off, in a window of this width. */
async function expectWholeNames({ app, page }: RunningApp, width: number): Promise<void> {
  await app.evaluate(({ BrowserWindow }, wide) => BrowserWindow.getAllWindows()[0]?.setContentSize(wide, 800), width);
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
  const cut = page
    .locator('.batch-table tr[data-state="done"] .result')
    .evaluateAll((results) => results.filter((result) => result.scrollHeight > result.clientHeight).length);
  expect(await cut, `in a window of ${width}`).toBe(0);
  await page.screenshot({ path: join(SCREENSHOTS, `batch-done-${width}.png`) });
}

/** Notes what the app shows on the taskbar and in notifications, which no test can see. */
async function watchDesktop({ app }: RunningApp): Promise<() => Promise<{ bars: number[]; notes: string[] }>> {
  await app.evaluate(({ BrowserWindow, Notification }) => {
    const seen = { bars: [] as number[], notes: [] as string[] };
    (globalThis as unknown as { seen: typeof seen }).seen = seen;
    const setBar = BrowserWindow.prototype.setProgressBar;
    BrowserWindow.prototype.setProgressBar = function (fraction, options) {
      seen.bars.push(fraction);
      setBar.call(this, fraction, options);
    };
    Notification.isSupported = () => true;
    Notification.prototype.show = function () {
      seen.notes.push(`${this.title}: ${this.body}`);
    };
  });
  return () => app.evaluate(() => (globalThis as unknown as { seen: { bars: number[]; notes: string[] } }).seen);
}

test('a folder with a bad file: run, see, retry, report, open a result', async () => {
  test.setTimeout(180_000);
  const running = await launch();
  const { page, folder } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply', { timeout: 30_000 });
    const scenes = await makeScenes(folder, {
      'garden.ply': 900,
      [`${LONG_NAME}/point_cloud.ply`]: 300,
      'yard/point_cloud.ply': 301,
    });
    const good = await readFile(join(scenes, 'garden.ply'));
    await writeFile(join(scenes, 'broken.ply'), good.subarray(0, good.length - 5000));
    const seen = await watchDesktop(running);
    await clickMenu(running, 'refine.batch');
    await expect(page.locator('.batch-sheet')).toBeVisible();
    await page.screenshot({ path: join(SCREENSHOTS, 'batch-empty.png') });
    await addFolder(running, scenes);
    await expect(page.locator('.batch-table tbody tr')).toHaveCount(4);
    await expect(summary(page)).toHaveText('4 waiting');
    // One name in two folders: the folder goes into the names by itself.
    await expect(page.locator('.batch-controls .hint', { hasText: 'For example' })).toHaveText(
      'For example scenes-broken-refined.ply',
    );
    await run(page, 'Start').click();
    await expect(page.locator('.batch-table tr[data-state="running"]')).toHaveCount(1);
    // The viewer stays usable meanwhile.
    await page.locator('#viewport').focus();
    await page.keyboard.press('4');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 80°');
    await expect(summary(page)).toHaveText('3 done, 1 failed', { timeout: 60_000 });
    await expect(row(page, 'broken.ply')).toContainText('broken.ply ends too early');
    await expect(page.locator('#status .message')).toContainText('The batch is finished: 3 done, 1 failed.');
    expect((await readdir(join(folder, OUTPUTS))).sort()).toEqual([
      `${LONG_NAME}-point_cloud-refined.ply`,
      'scenes-garden-refined.ply',
      'yard-point_cloud-refined.ply',
    ]);
    expect(await splatsOf(join(folder, OUTPUTS, `${LONG_NAME}-point_cloud-refined.ply`))).toBe(300);
    const { bars, notes } = await seen();
    expect(notes).toEqual(['The batch is finished, with failures: 3 done, 1 failed']);
    expect(bars.some((fraction) => fraction > 0 && fraction < 1)).toBe(true);
    expect(bars.at(-1)).toBe(-1);
    for (const width of [1024, 1600, 1280]) await expectWholeNames(running, width);

    await writeFile(join(scenes, 'broken.ply'), good);
    await act(page, 'broken.ply', 'retry');
    await expect(summary(page)).toHaveText('4 done', { timeout: 60_000 });
    await expectNoFaults(page);
    await clickMenu(running, 'view.themeLight');
    await expect(page.locator('html')).toHaveClass(/wa-light/);
    await expectNoFaults(page);
    await page.screenshot({ path: join(SCREENSHOTS, 'batch-light.png') });

    for (const name of ['report.json', 'report.html']) {
      await answerSaveDialog(running, join(folder, name));
      await page.getByRole('button', { name: 'Save report…' }).click();
      await expect(page.locator('#status .message')).toContainText(`Saved ${name}`);
    }
    const report = reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
    expect(report.summary).toMatchObject({ files: 4, splats: 900 + 900 + 300 + 301 });
    expect(report.files.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
    const html = await readFile(join(folder, 'report.html'), 'utf8');
    expect(html).toContain('yard-point_cloud-refined.ply');
    expect(html).not.toMatch(/<script|src=/);

    await row(page, 'garden.ply').focus();
    await page.keyboard.press('Enter');
    await expect(page.locator('#status .message')).toContainText('Opened scenes-garden-refined.ply');
    await row(page, 'garden.ply').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Delete');
    await expect(page.locator('.batch-table tbody tr')).toHaveCount(3);
    await page.getByRole('button', { name: 'Clear list' }).click();
    await expect(page.locator('.batch-empty')).toBeVisible();
  } finally {
    await running.close();
  }
});

test('formats and names; nothing is overwritten unless told; a bad pattern is refused where it is typed', async () => {
  test.setTimeout(120_000);
  const running = await launch();
  const { page, folder } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply', { timeout: 30_000 });
    const scenes = await makeScenes(folder, { 'a.ply': 200 });
    await addFolder(running, scenes);
    const pattern = page.getByRole('textbox', { name: 'File names' });
    await pattern.fill('{nme}');
    await expect(page.locator('.batch-controls .error-text')).toContainText('{nme} stands for nothing.');
    await pattern.fill('{name}_{strength}');
    await expect(page.locator('.batch-controls .hint', { hasText: 'For example' })).toHaveText('For example a_100.ply');
    await pattern.press('Enter');
    await page.getByRole('combobox', { name: 'Format' }).click();
    await page.getByRole('option', { name: 'SPZ' }).click();
    await page.getByRole('combobox', { name: 'Up axis' }).click();
    await page.getByRole('option', { name: '−Y' }).click();
    const chosen = join(folder, 'chosen');
    await mkdir(chosen);
    await answerOpenDialog(running, chosen);
    await page.getByRole('button', { name: 'Choose…' }).click();
    await expect(page.locator('.batch-folder')).toContainText('chosen');
    await writeFile(join(chosen, 'a_100.spz'), 'precious');
    await run(page, 'Start').click();
    await expect(summary(page)).toHaveText('1 skipped', { timeout: 60_000 });
    expect(await readFile(join(chosen, 'a_100.spz'), 'utf8')).toBe('precious');
    await page.locator('.batch-controls wa-switch').click();
    await act(page, 'a.ply', 'retry');
    await expect(summary(page)).toHaveText('1 done', { timeout: 60_000 });
    expect(await splatsOf(join(chosen, 'a_100.spz'))).toBe(200);
  } finally {
    await running.close();
  }
});

test('pause, cancel one, quit in the middle and resume, be killed in the middle and resume', async () => {
  test.setTimeout(300_000);
  const first = await launch();
  const userData = join(first.folder, 'user-data-kept');
  await first.app.close();
  const scenes = await makeScenes(
    first.folder,
    Object.fromEntries(['a', 'd', 'e', 'f'].map((name) => [`${name}.ply`, 4007])),
  );
  // Large enough that what happens to them happens in their middle.
  const plant = await readFile(dataPath('scenes/plant.splat'));
  for (const [name, splats] of [
    ['b', 22_000],
    ['c', 12_000],
  ] as const)
    await writeFile(join(scenes, `${name}.splat`), plant.subarray(0, splats * 32));
  const outputs = join(first.folder, OUTPUTS);
  const again = (): Promise<RunningApp> => launch(`--user-data-dir=${userData}`);
  try {
    let running = await again();
    let { page } = running;
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply', { timeout: 30_000 });
    await addFolder(running, scenes);
    await expect(summary(page)).toHaveText('6 waiting');
    await run(page, 'Start').click();
    await expect(row(page, 'a.ply').locator('progress')).toBeVisible();
    await run(page, 'Pause').click();
    await expect(page.locator('.batch-controls .hint', { hasText: /^Paused$/ })).toBeVisible({ timeout: 30_000 });
    const held = await summary(page).textContent();
    await page.screenshot({ path: join(SCREENSHOTS, 'batch-paused.png') });
    await page.waitForTimeout(1500);
    await expect(summary(page)).toHaveText(held ?? '');
    await run(page, 'Resume').click();
    await expect(row(page, 'b.splat')).toHaveAttribute('data-state', 'running', { timeout: 120_000 });
    await act(page, 'b.splat', 'cancel');
    await expect(row(page, 'b.splat')).toHaveAttribute('data-state', 'cancelled', { timeout: LOADED_MS });
    await expect(row(page, 'c.splat')).toHaveAttribute('data-state', 'running', { timeout: 120_000 });
    // Nothing else is unsaved: without a question about the batch it would not be asked, and without an answer not end.
    await answerCloseQuestion(running, 'Stop It');
    await running.app.close();
    expect((await readdir(outputs)).filter((name) => name.startsWith('.'))).toEqual([]);

    running = await again();
    page = running.page;
    await expect(page.locator('.batch-offer')).toBeVisible({ timeout: 30_000 });
    await expect(page.locator('.batch-offer')).toContainText('The app ended in the middle of this batch');
    await page.screenshot({ path: join(SCREENSHOTS, 'batch-resume.png') });
    const finished = await stat(join(outputs, 'a-refined.ply'));
    await page.getByRole('button', { name: 'Resume' }).first().click();
    await seenRunning(page, 'd.ply');
    const gone = new Promise((resolve) => running.app.process().once('exit', resolve));
    running.app.process().kill('SIGKILL');
    await gone;

    running = await again();
    page = running.page;
    await expect(page.locator('.batch-offer')).toBeVisible({ timeout: 30_000 });
    await page.locator('.batch-offer').getByRole('button', { name: 'Resume' }).click();
    await expect(summary(page)).toHaveText('5 done, 1 cancelled', { timeout: 120_000 });
    await expect(page.locator('.batch-offer')).toBeHidden();
    expect((await readdir(outputs)).sort()).toEqual(['a', 'c', 'd', 'e', 'f'].map((name) => `${name}-refined.ply`));
    for (const name of ['a', 'c', 'd', 'e', 'f'])
      expect(await splatsOf(join(outputs, `${name}-refined.ply`))).toBe(name === 'c' ? 12_000 : 4007);
    expect((await stat(join(outputs, 'a-refined.ply'))).mtimeMs).toBe(finished.mtimeMs);
    await running.app.close();
  } finally {
    await rm(first.folder, { recursive: true, force: true });
  }
});

test('a dropped folder, a thousand rows, and memory that stays flat over 200 files', async () => {
  test.setTimeout(300_000);
  const running = await launchWithSmallModel();
  const { page, folder, app } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply', { timeout: 30_000 });
    const scenes = await makeScenes(
      folder,
      Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`scene-${String(n).padStart(4, '0')}.ply`, 150])),
    );
    const session = await app.context().newCDPSession(page);
    const data = { items: [], files: [scenes], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
    await expect(page.locator('.batch-table table')).toHaveAttribute('aria-rowcount', '1001', { timeout: 30_000 });
    await expect(summary(page)).toHaveText('1,000 waiting');
    await chooseSmallModel(page);
    await run(page, 'Start').click();
    await expect(page.locator('.batch-table tr[data-state="done"]')).not.toHaveCount(0, { timeout: 30_000 });
    // While files finish, a key in the long table is answered.
    await row(page, 'scene-0000.ply').focus();
    const answered = await page.evaluate(async () => {
      const from = performance.now();
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'End', bubbles: true, cancelable: true }),
      );
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return { ms: performance.now() - from, name: document.activeElement?.querySelector('.name')?.textContent };
    });
    expect(answered.name).toBe('scene-0999.ply');
    expect(answered.ms).toBeLessThan(LOADED_MS);
    await page.screenshot({ path: join(SCREENSHOTS, 'batch-thousand.png') });
    const done = async (): Promise<number> =>
      Number(/([\d,]+) done/.exec((await summary(page).textContent()) ?? '')?.[1]);
    const memory: Record<string, number>[] = [];
    for (const files of [60, 80, 100, 160, 180, 200]) {
      await expect.poll(done, { timeout: 120_000 }).toBeGreaterThanOrEqual(files);
      memory.push(await residentMebibytes(running));
    }
    process.stderr.write(`Resident MiB after 60 to 200 files: ${JSON.stringify(memory)}\n`);
    for (const name of ['main', 'batch'] as const) {
      const [early, late] = [memory.slice(0, 3), memory.slice(3)].map(
        (samples) => samples.reduce((sum, sample) => sum + sample[name], 0) / 3,
      ) as [number, number];
      expect(late, name).toBeLessThan(early * 1.15);
    }
    await run(page, 'Cancel all').click();
    await expect(summary(page)).toContainText('cancelled');
    await expect(page.locator('.batch-table tr[data-state="running"]')).toHaveCount(0);
    expect((await readdir(join(folder, OUTPUTS))).length).toBe(await done());
  } finally {
    await running.close();
  }
});

test('a list of twenty thousand files is shown, walked and cancelled like a short one', async () => {
  test.setTimeout(300_000);
  const running = await launchWithSmallModel();
  const { page, folder } = running;
  const FILES = 20_000;
  const nameOf = (n: number): string => `scene-${String(n).padStart(5, '0')}.ply`;
  const pageMebibytes = (): Promise<number> =>
    running.app.evaluate(({ app }) => {
      const tab = app.getAppMetrics().find(({ type }) => type === 'Tab');
      return Math.round((tab?.memory.workingSetSize ?? 0) / 1024);
    });
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply', { timeout: 30_000 });
    const scenes = await makeScenes(folder, { [nameOf(0)]: 150 });
    for (let n = 1; n < FILES; n++) await link(join(scenes, nameOf(0)), join(scenes, nameOf(n)));
    const before = await pageMebibytes();
    await addFolder(running, scenes);
    await expect(summary(page)).toHaveText('20,000 waiting');
    const rows = page.locator('.batch-table tbody tr[data-id]');
    expect(await rows.count()).toBeLessThan(400);
    await row(page, nameOf(0)).focus();
    await page.keyboard.press('End');
    await expect(row(page, nameOf(FILES - 1))).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(row(page, nameOf(FILES - 2))).toBeFocused();
    await page.screenshot({ path: join(SCREENSHOTS, 'batch-twenty-thousand.png') });
    await page.keyboard.press('Home');
    await expect(row(page, nameOf(0))).toBeFocused();

    await chooseSmallModel(page);
    await run(page, 'Start').click();
    await expect(summary(page)).toContainText('done');
    const from = performance.now();
    await run(page, 'Cancel all').click();
    await expect(summary(page)).not.toContainText(/waiting|running/);
    const [after, seconds] = [await pageMebibytes(), (performance.now() - from) / 1000];
    process.stderr.write(`20,000 files: page ${before} to ${after} MiB, cancelled in ${seconds.toFixed(1)} s\n`);
    expect(after - before).toBeLessThan(500);
    expect(await rows.count()).toBeLessThan(400);
  } finally {
    await running.close();
  }
});

test('where the page has a graphics card, it refines for the batch', async () => {
  test.setTimeout(240_000);
  const running = await launchWithSmallModel();
  const { page, folder } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply', { timeout: 30_000 });
    // Software graphics stand in for the card that this machine may not have.
    await page.evaluate(() =>
      window.desktop.reportGraphics({ usable: true, description: 'A card', isSoftware: false }),
    );
    const scenes = await makeScenes(folder, { 'a.ply': 60, 'b.ply': 60 });
    await addFolder(running, scenes);
    await chooseSmallModel(page);
    await run(page, 'Start').click();
    await expect(summary(page)).toHaveText('2 done', { timeout: 200_000 });
    await answerSaveDialog(running, join(folder, 'report.json'));
    await page.getByRole('button', { name: 'Save report…' }).click();
    await expect(page.locator('#status .message')).toContainText('Saved report.json');
    const report = reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')));
    expect(report.files.map(({ result }) => result?.backend)).toEqual(['webgpu', 'webgpu']);
    expect(await splatsOf(join(folder, OUTPUTS, 'a-refined.ply'))).toBe(60);
  } finally {
    await running.close();
  }
});
