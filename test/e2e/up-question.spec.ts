import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { clickMenu, launch, launchWith, ROOT, SCREENSHOTS, type RunningApp } from './app.ts';

const SCENE = join(ROOT, 'test/data/scan/scene.ply');
/** Nothing in it tells which way is up. */
const SILENT = join(ROOT, 'test/data/scenes/plant.splat');
let running: RunningApp;

test.afterEach(() => running.close());

test('the up axis is found, and chosen by pictures with the keyboard', async () => {
  running = await launch(SCENE);
  const { page } = running;
  await expect(page.locator('#status .message')).toContainText('Opened scene.ply');
  await page.screenshot({ path: join(SCREENSHOTS, 'up-found.png') });
  await clickMenu(running, 'view.upAsk');
  const card = page.getByRole('region', { name: 'Which way is up?' });
  await expect(card.getByRole('button', { name: /is up$/ })).toHaveCount(6);
  await expect(card.getByRole('button', { name: '+Z is up' })).toHaveAttribute('aria-current', 'true');
  await expect(card.getByRole('button', { name: '+X is up' })).toBeFocused();
  const isDrawn = (index: number) =>
    card
      .locator('canvas')
      .nth(index)
      .evaluate((canvas) => {
        const context = (canvas as HTMLCanvasElement).getContext('2d');
        return context?.getImageData(0, 0, 132, 99).data.some((value, at) => at % 4 < 3 && value > 120) === true;
      });
  for (let index = 0; index < 6; index++) await expect.poll(() => isDrawn(index), { timeout: 30_000 }).toBe(true);
  await page.screenshot({ path: join(SCREENSHOTS, 'up-question.png') });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(card).toBeHidden();
  await clickMenu(running, 'view.upAsk');
  await expect(card.getByRole('button', { name: '−X is up' })).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Escape');
  await expect(card).toBeHidden();
});

test('a scene of which nothing tells the axis asks for it, until a person has answered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-up-'));
  const options = { userData: join(folder, 'user-data') };
  try {
    running = await launchWith(options, SILENT);
    const message = running.page.locator('#status .message');
    await expect(message).toContainText('Up may be −Y: nothing in the file tells.');
    await running.page.locator('#banner').getByRole('button', { name: 'Choose Up…' }).click();
    await running.page.getByRole('button', { name: '−Y is up' }).click();
    await expect(message).toHaveText('Up is −Y.');
    await running.close();
    running = await launchWith(options, SILENT);
    await expect(running.page.locator('#status .message')).toContainText('Opened plant.splat');
    await expect(running.page.locator('#banner')).toBeHidden();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
