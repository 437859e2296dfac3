import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, answerOpenDialog, saveSceneAs, clickMenu, launch } from './app.ts';

const PLANT = dataPath('scenes/plant.splat');
const PLANT_SPLATS = '22,730 splats';

test('the main job: open, look from above, refine, compare, save, reopen', async () => {
  const running = await launch(PLANT);
  const { page, folder } = running;
  const message = page.locator('#status .message');
  const elevation = page.locator('#status .elevation');
  try {
    await expect(page.locator('#status .splats')).toContainText(PLANT_SPLATS);
    await expect(page.locator('#status .adapter')).toContainText('Software graphics');
    await page.keyboard.press('3');
    await expect(elevation).toHaveText('Elevation 70°');
    await page.screenshot({ path: join(SCREENSHOTS, 'plant-before.png') });

    await page.keyboard.press('r');
    await expect(page.locator('#job')).toBeVisible();
    await expect(message).toContainText('Refined 22,730 splats');
    await expect(page.locator('[data-command="refine.compare"]').nth(1)).toHaveAttribute('aria-pressed', 'true');
    await page.screenshot({ path: join(SCREENSHOTS, 'plant-after.png') });
    await page.keyboard.press('b');
    await expect(page.locator('[data-command="refine.compare"]').nth(0)).toHaveAttribute('aria-pressed', 'true');

    const saved = join(folder, 'plant-refined.ply');
    await saveSceneAs(running, saved);
    await expect(message).toContainText('Saved plant-refined.ply');
    const header = (await readFile(saved)).subarray(0, 200).toString('latin1');
    expect(header).toContain('element vertex 22730');

    await answerOpenDialog(running, saved);
    await clickMenu(running, 'file.open');
    await expect(message).toContainText('Opened plant-refined.ply');
    await expect(page.locator('#status .splats')).toContainText(PLANT_SPLATS);
  } finally {
    await running.close();
  }
});

test('the sample, a bad file, a cancelled refinement and undo', async () => {
  const running = await launch();
  const { page, folder } = running;
  const message = page.locator('#status .message');
  try {
    await expect(message).toContainText('Opened sample.ply');
    await page.keyboard.press('4');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 80°');
    await page.screenshot({ path: join(SCREENSHOTS, 'sample-before.png') });

    await page.keyboard.press('r');
    await expect(message).toContainText('Refined 4,007 splats');
    await page.screenshot({ path: join(SCREENSHOTS, 'sample-after.png') });
    await clickMenu(running, 'edit.undo');
    await expect(message).toContainText('Undid: Refine.');
    await expect(page.locator('[data-command="file.saveAs"]')).toBeEnabled();

    const bad = join(folder, 'bad.ply');
    const sample = await readFile(dataPath('weights/sample.ply'));
    await writeFile(bad, sample.subarray(0, 20_000));
    await answerOpenDialog(running, bad);
    await clickMenu(running, 'file.open');
    await expect(page.locator('#status .message.error')).toContainText('bad.ply');
    await expect(page.locator('#status .splats')).toContainText('4,007 splats');
    expect((await stat(bad)).size).toBe(20_000);

    await answerOpenDialog(running, PLANT);
    await clickMenu(running, 'file.open');
    await expect(page.locator('#status .splats')).toContainText(PLANT_SPLATS);
    await page.keyboard.press('r');
    await expect(page.locator('#job')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(message).toContainText('cancelled');
    await expect(page.locator('#job')).toBeHidden();
    await expect(page.locator('[data-command="refine.run"]')).toBeEnabled();
  } finally {
    await running.close();
  }
});
