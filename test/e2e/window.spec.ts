import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import { ROOT, SCREENSHOTS, clickMenu, launch, launchWith } from './app.ts';
import type { RunningApp } from './app.ts';

test('guides, flight, help, diagnostics, and a GPU process that dies', async () => {
  const userData = await mkdtemp(join(tmpdir(), 'splatformer-e2e-'));
  const running = await launchWith({ userData });
  const { app, page } = running;
  const message = page.locator('#status .message');
  try {
    await expect(message).toContainText('Opened sample.ply');
    await page.keyboard.press('5');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 89°');
    await page.keyboard.press('1');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 0°');
    await page.keyboard.press('2');
    await page.keyboard.press('g');
    await page.keyboard.press('x');
    await expect
      .poll(() => app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('view.grid')?.checked))
      .toBe(true);
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 45°');
    await page.screenshot({ path: join(SCREENSHOTS, 'guides.png') });

    await clickMenu(running, 'view.fly');
    await expect(page.locator('[data-command="view.fly"]')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.down('KeyE');
    await expect(page.locator('#status .rate')).toContainText('fps');
    await page.keyboard.up('KeyE');

    await page.keyboard.press('?');
    await expect(page.locator('#help')).toBeVisible();
    await page.screenshot({ path: join(SCREENSHOTS, 'help.png') });
    await page.keyboard.press('Escape');
    await expect(page.locator('#help')).toBeHidden();
    await showsTheGuide(running);

    await clickMenu(running, 'help.diagnostics');
    await expect(message).toContainText('clipboard');
    const text = await app.evaluate(({ clipboard }) => clipboard.readText());
    expect(text).toContain('Cross-origin isolated: true');
    expect(text).toContain('4007 splats');

    // It dies again and again: no time is final.
    for (let time = 0; time < 4; time++) {
      await clickMenu(running, 'help.diagnostics');
      await expect(message).toContainText('clipboard');
      const gpuProcess = await app.evaluate(
        ({ app: electron }) => electron.getAppMetrics().find(({ type }) => type === 'GPU')?.pid,
      );
      expect(gpuProcess).toBeDefined();
      process.kill(gpuProcess as number, 'SIGKILL');
      await expect(message).toContainText('The graphics card stopped responding and was', { timeout: 60_000 });
    }
    await waitsForTheGraphicsCard(running);
    await page.keyboard.press('4');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 80°');
    await page.screenshot({ path: join(SCREENSHOTS, 'after-gpu-loss.png') });
    await restartsWithWhatIsOpen(running, userData);
  } finally {
    await running.close();
    await rm(userData, { recursive: true, force: true });
  }
});

/** The guide opens, its sections are reached, it scrolls by keys, leads nowhere, and Escape closes it. */
async function showsTheGuide(running: RunningApp): Promise<void> {
  const { page } = running;
  await clickMenu(running, 'help.guide');
  const guide = page.locator('wa-dialog[open] .guide');
  const text = guide.locator('article');
  await expect(text).toBeFocused();
  await expect(guide.getByRole('heading', { name: '1. Open and look' })).toBeVisible();
  await page.screenshot({ path: join(SCREENSHOTS, 'guide.png') });
  const scrolled = (): Promise<number> => text.evaluate((element) => element.scrollTop);
  await page.keyboard.press('PageDown');
  // Chromium scrolls a page in steps, and would go on with them after a jump that comes in between.
  const isAtRest = async (): Promise<boolean> => {
    const before = await scrolled();
    await page.waitForTimeout(200);
    return before > 0 && before === (await scrolled());
  };
  await expect.poll(isAtRest).toBe(true);
  await guide.getByRole('button', { name: '8. Models' }).click();
  await expect(guide.getByRole('heading', { name: '8. Models' })).toBeInViewport();
  await page.screenshot({ path: join(SCREENSHOTS, 'guide-models.png') });
  await expect(guide.locator('a, script, img')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(guide).toBeHidden();
}

/** Restart, as the card of a lost graphics card offers it, brings back what is open though another scene is named. */
async function restartsWithWhatIsOpen(running: RunningApp, userData: string): Promise<void> {
  const { app, page } = running;
  await clickMenu(running, 'panel.edit');
  await page.locator('#dock').getByRole('button', { name: 'Select', exact: true }).click();
  await expect(page.locator('#status .message')).toContainText('selected');
  await clickMenu(running, 'edit.delete');
  await expect(page.locator('#status .message')).toContainText('deleted');
  // The new start would be nobody's here: it is only asked for.
  await app.evaluate(({ app: electron }) => {
    const asked: string[][] = [];
    Object.assign(globalThis, { askedToStart: asked });
    electron.relaunch = (options) => void asked.push([...(options?.args ?? [])]);
    electron.exit = () => undefined;
  });
  await clickMenu(running, 'view.restart');
  const askedToStart = (): Promise<string[][]> =>
    app.evaluate(() => (globalThis as unknown as { askedToStart: string[][] }).askedToStart);
  await expect.poll(askedToStart).toHaveLength(1);
  expect((await askedToStart())[0]).toContain('--graphics=software');
  const gone = new Promise<void>((resolve) => app.process().once('exit', () => resolve()));
  app.process().kill('SIGKILL');
  await gone;
  const next = await launchWith({ userData }, dataPath('scenes/3dgs_sr_demo.ply'));
  try {
    await expect(next.page.locator('#status .message')).toContainText('Restored sample.ply: 2 steps that');
    expect(existsSync(join(userData, 'session-wanted'))).toBe(false);
  } finally {
    await next.close();
  }
}

/** A graphics card that does not come back is told by a card, which asks for it again; the scene can be saved. */
async function waitsForTheGraphicsCard({ app, page }: RunningApp): Promise<void> {
  const notice = page.locator('#notice');
  await page.evaluate(() => {
    const { gpu } = navigator;
    const scope = globalThis as unknown as { giveBack?: () => void };
    const own = Object.getOwnPropertyDescriptor(gpu, 'requestAdapter');
    Object.defineProperty(gpu, 'requestAdapter', { value: () => Promise.resolve(null), configurable: true });
    scope.giveBack = () => {
      if (own === undefined) Reflect.deleteProperty(gpu, 'requestAdapter');
      else Object.defineProperty(gpu, 'requestAdapter', own);
    };
  });
  const gpuProcess = await app.evaluate(
    ({ app: electron }) => electron.getAppMetrics().find(({ type }) => type === 'GPU')?.pid,
  );
  process.kill(gpuProcess as number, 'SIGKILL');
  await expect(notice).toContainText('The graphics card is not responding', { timeout: 60_000 });
  await expect(notice.getByRole('button', { name: 'Save As…' })).toBeEnabled();
  await expect(notice.getByRole('button', { name: 'Restart' })).toBeEnabled();
  await page.screenshot({ path: join(SCREENSHOTS, 'gpu-gone.png') });
  await page.evaluate(() => (globalThis as unknown as { giveBack: () => void }).giveBack());
  await notice.getByRole('button', { name: 'Try Again' }).click();
  await expect(page.locator('#status .message')).toContainText('The graphics card stopped responding and was', {
    timeout: 60_000,
  });
  await expect(notice).toBeHidden();
}

test('without a graphics card the app asks for the next graphics mode until one works', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-e2e-'));
  try {
    // What the launcher does: start again in the mode that the exit code names.
    expect(await exitCodeOf('default', folder)).toBe(82);
    expect(await exitCodeOf('x11-vulkan', folder)).toBe(83);
    const log = await readFile(join(folder, 'splatformer.log'), 'utf8');
    expect(log).toContain('Graphics mode x11-vulkan: WebGPU found no adapter.');
    const settings = JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as {
      graphics: { trying?: string };
    };
    expect(settings.graphics.trying).toBe('software');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Starts the app in a graphics mode; resolves with its exit code, or rejects after a minute. */
function exitCodeOf(mode: string, userData: string): Promise<number | null> {
  const [executable, ...switches] = JSON.parse(process.env['SPLATFORMER_ELECTRON'] ?? '[]') as [string, ...string[]];
  // Hides any real graphics card from Vulkan, so that the test means the same everywhere.
  const env = {
    ...process.env,
    SPLATFORMER_LAUNCHER: '1',
    VK_ICD_FILENAMES: '/nonexistent.json',
    VK_DRIVER_FILES: '/nonexistent.json',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [...switches, `--graphics=${mode}`, `--user-data-dir=${userData}`, ROOT], {
      env,
      stdio: 'ignore',
      timeout: 60_000,
    });
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

test('a page whose process ends comes back with its scene, and without it when it ends again', async () => {
  const running = await launch();
  const inPage = (code: string): Promise<string> =>
    running.app.evaluate(
      ({ BrowserWindow }, text) =>
        BrowserWindow.getAllWindows()[0].webContents.executeJavaScript(text) as Promise<string>,
      code,
    );
  // A page that is gone never answers: it has to be back before it is asked.
  const crash = (): Promise<void> =>
    running.app.evaluate(({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0];
      const loaded = new Promise<void>((resolve) => webContents.once('did-finish-load', () => resolve()));
      webContents.forcefullyCrashRenderer();
      return loaded;
    });
  try {
    await expect(running.page.locator('#status .message')).toContainText('Opened sample.ply');
    await running.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => {
        (globalThis as { asked?: number }).asked = ((globalThis as { asked?: number }).asked ?? 0) + 1;
        return Promise.resolve({ response: 0, checkboxChecked: false });
      };
    });
    const asked = (): Promise<number> => running.app.evaluate(() => (globalThis as { asked?: number }).asked ?? 0);
    const text = (selector: string): Promise<string> =>
      inPage(`document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`);
    const session = join(running.folder, 'user-data', 'session', 'project.json');
    await expect.poll(() => existsSync(session), { timeout: 30_000 }).toBe(true);
    await crash();
    await expect.poll(() => text('#status .message'), { timeout: 60_000 }).toContain('Restored sample.ply');
    expect(await asked()).toBe(0);
    expect(await text('#status .splats')).toContain('4,007');
    // What ends the page again may be the scene: it is only offered.
    await crash();
    await expect.poll(() => text('#notice'), { timeout: 60_000 }).toContain('loaded again without a scene');
    expect(await asked()).toBe(1);
    expect(await text('#status .splats')).not.toContain('4,007');
    await clickMenu(running, 'session.restore');
    await expect.poll(() => text('#status .message'), { timeout: 60_000 }).toContain('Restored sample.ply');
  } finally {
    await running.close();
  }
});
