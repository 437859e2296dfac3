import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { SCREENSHOTS, answerOpenDialog, clickMenu, launch, watchShown } from './app.ts';
import type { RunningApp } from './app.ts';

const THEMES = ['Dark', 'Light'] as const;
const DIALOGS = ['help.guide', 'help.keys', 'help.updates', 'model.manage', 'show.picture', 'show.video'];

test('the first start shows the sample from above with three steps, which go when done or dismissed', async () => {
  const running = await launch();
  const { page } = running;
  const card = page.locator('.first-run');
  try {
    await resize(running);
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 70°');
    await expect(card).toBeVisible();
    await picture(running, 'first-run');

    await page.locator('#viewport').focus();
    await page.keyboard.press('ArrowRight');
    await expect(card.locator('li.done')).toHaveCount(1);
    await page.keyboard.press('ArrowUp');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 75°');
    const jobWasShown = await watchShown(page, '#job');
    await page.keyboard.press('r');
    await picture(running, 'loading');
    await expect(page.locator('#banner')).toContainText('Refined 4,007 splats');
    expect(await jobWasShown()).toBe(true);
    await expect(card.locator('li.done')).toHaveCount(2);
    await picture(running, 'refined');
    await zoomTo(running, 200);
    await expectFits(page, 'refined, 200 %');
    await picture(running, 'refined-200');
    await zoomTo(running, 100);
    for (const panel of ['refinement', 'compare', 'edit', 'show']) {
      await page.locator(`#rail [data-panel="${panel}"]`).click();
      await expectNoFaults(page, `refined, ${panel}`);
      await picture(running, `refined-${panel}`);
    }
    await page.locator('#dock').getByRole('button', { name: 'Close panel' }).click();
    const bad = join(running.folder, 'bad.ply');
    await writeFile(bad, 'ply\nformat binary_little_endian 1.0\nelement vertex 5\nend_header\n');
    await answerOpenDialog(running, bad);
    await clickMenu(running, 'file.open');
    const question = page.locator('wa-dialog[open]').filter({ hasText: 'sample.ply has unsaved changes' });
    await expect(question.getByRole('button', { name: 'Discard' })).toBeVisible();
    await expectNoFaults(page, 'refined, unsaved');
    await question.getByRole('button', { name: 'Discard' }).click();
    await expect(page.locator('#banner.error')).toContainText('bad.ply');
    await expect(page).toHaveTitle('• sample.ply – SplatFormer Desktop');
    await picture(running, 'refined-error');
    await page.locator('#banner').getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.locator('#banner')).toBeHidden();
    expect((await settings(running)).view.hintDismissed).toBe(false);

    await card.getByRole('button', { name: 'Dismiss' }).click();
    await expect(card).toBeHidden();
    await expect.poll(async () => (await settings(running)).view.hintDismissed).toBe(true);
    await page.reload();
    // What was not saved comes back, seen as it was.
    await expect(page.locator('#status .message')).toContainText('Restored sample.ply');
    await expect(card).toBeHidden();
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 75°');
  } finally {
    await running.close();
  }
});

test('both themes at 100 and 200 %, each panel open, have no accessibility fault and nothing cut off', async () => {
  test.setTimeout(480_000);
  const running = await launch();
  const { page } = running;
  const policyErrors: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) policyErrors.push(message.text());
  });
  try {
    await resize(running);
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    // There is something to film: a turntable needs no keys.
    await clickMenu(running, 'panel.show');
    await page.locator('.show-panel').getByRole('button', { name: 'Turntable', exact: true }).click();
    await clickMenu(running, 'panel.show');
    await expect(page.locator('#dock')).toBeHidden();
    const panels = await page
      .locator('#rail button')
      .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).dataset['panel'] ?? ''));
    await expectToolbarApart(running);
    for (const theme of THEMES) {
      await clickMenu(running, `view.theme${theme}`);
      await expect(page.locator('html')).toHaveClass(new RegExp(`wa-${theme.toLowerCase()}`));
      await expectNoFaults(page, `${theme}, plain`);
      await picture(running, `${theme}-100-plain`);
      for (const panel of panels) {
        await page.locator(`#rail [data-panel="${panel}"]`).click();
        await expect(page.locator('#dock')).toBeVisible();
        await expectNoFaults(page, `${theme}, ${panel}`);
        await picture(running, `${theme}-100-${panel}`);
      }
      await zoomTo(running, 200);
      await expectFits(page, `${theme}, 200 %`);
      for (const panel of panels) {
        if ((await page.locator(`#rail [data-panel="${panel}"]`).getAttribute('aria-expanded')) !== 'true')
          await page.locator(`#rail [data-panel="${panel}"]`).click();
        await expectFits(page, `${theme}, 200 %, ${panel}`);
        await picture(running, `${theme}-200-${panel}`);
      }
      if (panels.length > 0) await page.locator('#dock').getByRole('button', { name: 'Close panel' }).click();
      await expect(page.locator('#dock')).toBeHidden();
      await picture(running, `${theme}-200-plain`);
      await zoomTo(running, 100);
      for (const dialog of DIALOGS) {
        await clickMenu(running, dialog);
        await expect(page.locator('wa-dialog[open]')).toHaveCount(1);
        await expectNoFaults(page, `${theme}, ${dialog}`);
        await picture(running, `${theme}-100-${dialog}`);
        await page.keyboard.press('Escape');
        await expect(page.locator('wa-dialog[open]')).toHaveCount(0);
      }
    }
    expect(policyErrors).toEqual([]);
    const log = await page.evaluate(() => window.desktop.recentLog());
    expect(log.ok ? log.value : '').toContain('Started');
    expect(log.ok ? log.value : '').not.toContain('No feature owns');
    expect((await settings(running)).view).toMatchObject({ theme: 'light', zoomPercent: 100, openPanel: '' });
  } finally {
    await running.close();
  }
});

test('a bad file at the start leaves a card that says so, and the keyboard reaches every part', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-looks-'));
  const bad = join(folder, 'bad.ply');
  await writeFile(bad, 'ply\nformat binary_little_endian 1.0\nelement vertex 5\nend_header\n');
  const running = await launch(bad);
  const { page } = running;
  try {
    await resize(running);
    const card = page.locator('#notice .card.error');
    await expect(card).toContainText('bad.ply');
    for (const theme of THEMES) {
      await clickMenu(running, `view.theme${theme}`);
      await expectNoFaults(page, `${theme}, error`);
      await picture(running, `${theme}-100-error`);
    }
    await card.getByRole('button', { name: 'Open…' }).focus();
    await page.keyboard.press('Tab');
    await answerOpenDialog(running, join(folder, 'gone.ply'));
    await clickMenu(running, 'file.open');
    await expect(card).toContainText('gone.ply');

    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.closest('header, main, aside, nav')?.tagName ?? '');
    await page.locator('#viewport').focus();
    const reached = new Set<string>();
    for (let press = 0; press < 4; press++) {
      await clickMenu(running, 'view.nextPart');
      await expect.poll(focused).not.toBe('');
      reached.add(await focused());
    }
    expect([...reached]).toEqual(expect.arrayContaining(['HEADER', 'MAIN']));
    expect(await page.locator('#rail').isVisible()).toBe(reached.has('NAV'));
  } finally {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** A common small laptop's window. */
async function resize({ app }: RunningApp): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
}

async function zoomTo(running: RunningApp, percent: number): Promise<void> {
  const { app, page } = running;
  const zoom = (): Promise<number> =>
    app.evaluate(({ BrowserWindow }) =>
      Math.round((BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor() ?? 0) * 100),
    );
  for (let now = await zoom(); now !== percent; now = await zoom()) {
    await clickMenu(running, now < percent ? 'view.zoomIn' : 'view.zoomOut');
    await expect.poll(zoom).not.toBe(now);
  }
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(Math.round(128_000 / percent));
}

/** No part of the toolbar lies over another, however wide the window is. */
async function expectToolbarApart(running: RunningApp): Promise<void> {
  const { app, page } = running;
  for (let width = 640; width <= 1280; width += 20) {
    await app.evaluate(({ BrowserWindow }, wide) => BrowserWindow.getAllWindows()[0]?.setContentSize(wide, 800), width);
    await expect.poll(() => page.evaluate(() => innerWidth)).toBe(width);
    const overlaps = await page.evaluate(() => {
      const boxes = [...document.querySelectorAll('#toolbar button, #toolbar .scene-name')]
        .filter((element) => element.checkVisibility())
        .map((element) => element.getBoundingClientRect());
      return boxes.filter(({ left }, i) => i > 0 && left < boxes[i - 1].right - 0.5).length;
    });
    expect.soft(overlaps, `in a window of ${width}`).toBe(0);
  }
  await resize(running);
}

async function expectNoFaults(page: Page, where: string): Promise<void> {
  // A button on its way from one colour to another has neither's contrast.
  await page.evaluate(
    async () => void (await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))),
  );
  // The usual mode opens a second page, which Electron does not give.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect
    .soft(
      grave.map(
        ({ id, nodes }) =>
          `${where}: ${id}: ` +
          nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ''}`).join(' | '),
      ),
    )
    .toEqual([]);
}

/** Nothing wider than the window, no toolbar or status button outside of it, the scene still in sight. */
async function expectFits(page: Page, where: string): Promise<void> {
  const faults = await page.evaluate(() => {
    const wrong: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page is wider than the window');
    for (const element of document.querySelectorAll<HTMLElement>('#toolbar button, #rail, #dock, #status')) {
      if (!element.checkVisibility()) continue;
      const { left, right, bottom } = element.getBoundingClientRect();
      if (left < -0.5 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5)
        wrong.push(`${element.id || element.title} is cut off`);
    }
    const canvas = document.querySelector('#viewport')?.getBoundingClientRect();
    if (canvas === undefined || canvas.width < 120 || canvas.height < 120) wrong.push('the scene is too small');
    for (const element of document.querySelectorAll<HTMLElement>('.dock-body'))
      if (element.scrollWidth > element.clientWidth + 1) wrong.push('the panel is wider than the dock');
    return wrong;
  });
  expect.soft(faults.map((fault) => `${where}: ${fault}`)).toEqual([]);
}

/** The window's own picture: Playwright's would cut a zoomed page. */
async function picture({ app, page }: RunningApp, name: string): Promise<void> {
  // It is the last frame that reached the screen, and that lags behind the page on a busy machine.
  await page.evaluate(() => new Promise((resolve) => void requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForTimeout(400);
  const png = await app.evaluate(async ({ BrowserWindow }) =>
    (await BrowserWindow.getAllWindows()[0]?.webContents.capturePage())?.toPNG().toString('base64'),
  );
  await mkdir(SCREENSHOTS, { recursive: true });
  await writeFile(join(SCREENSHOTS, `looks-${name.toLowerCase()}.png`), Buffer.from(png ?? '', 'base64'));
}

interface StoredSettings {
  readonly view: {
    readonly theme: string;
    readonly zoomPercent: number;
    readonly openPanel: string;
    readonly hintDismissed: boolean;
  };
}

async function settings({ app }: RunningApp): Promise<StoredSettings> {
  const folder = await app.evaluate(({ app: electron }) => electron.getPath('userData'));
  return JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as StoredSettings;
}
