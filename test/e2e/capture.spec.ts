import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT, SCREENSHOTS, answerOpenDialog, clickMenu, launch } from './app.ts';

const CAPTURE = join(ROOT, 'test/data/capture');

test('a capture in a room opens on its subject, as it was photographed, and Refine cuts that out', async () => {
  const running = await launch(join(CAPTURE, 'scene.ply'));
  const { page } = running;
  const message = page.locator('#status .message');
  try {
    await expect(message).toContainText('Opened scene.ply');
    await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
    await page.screenshot({ path: join(SCREENSHOTS, 'capture-opened.png') });
    await answerOpenDialog(running, join(CAPTURE, 'transforms.json'));
    await clickMenu(running, 'judge.openCameras');
    await expect(message).toContainText('Read 16 cameras from transforms.json.');
    await expect(page.locator('.gauge')).toContainText(/Seen by the capture|Beside the capture/);
    await clickMenu(running, 'panel.refinement');
    await expect(page.locator('.region-words')).toContainText(/The subject is refined: 3,\d\d\d of 7,367 splats/);
    await page.locator('#viewport').focus();
    await page.keyboard.press('r');
    const card = page.locator('#banner.card');
    await expect(card).toContainText(/Refined 3,\d\d\d splats in /, { timeout: 120_000 });
    await expect(card).toContainText("the capture's cameras");
    await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
    await page.screenshot({ path: join(SCREENSHOTS, 'capture-refined.png') });
  } finally {
    await running.close();
  }
});
