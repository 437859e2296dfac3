import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import { ROOT, SCREENSHOTS, clickMenu, dragOver, drop, dropOver, launch } from './app.ts';

test('a dropped scene opens, a bad one leaves the window as it was, and a checkpoint becomes the model', async () => {
  const running = await launch();
  const { page, folder } = running;
  const message = page.locator('#status .message');
  const splats = page.locator('#status .splats');
  try {
    await expect(message).toContainText('Opened sample.ply');
    await dragOver(running, [dataPath('scenes/3dgs_sr_demo.ply')]);
    await expect(page.locator('#drop')).toBeVisible();
    await page.screenshot({ path: join(SCREENSHOTS, 'drop.png') });
    // What is open stays until a person says so; what was dropped may go to the batch instead.
    await dropOver(running, dataPath('scenes/3dgs_sr_demo.ply'), 'Cancel');
    await expect(page.locator('#drop')).toBeHidden();
    await expect(page).toHaveTitle('sample.ply – SplatFormer Desktop');
    await dropOver(running, dataPath('scenes/3dgs_sr_demo.ply'), 'Add to the Batch');
    await expect(page.locator('.batch-summary')).toHaveText('1 waiting');
    await clickMenu(running, 'panel.batch');
    await dropOver(running, dataPath('scenes/3dgs_sr_demo.ply'));
    await expect(message).toContainText('Opened 3dgs_sr_demo.ply');
    await expect(splats).toContainText('4,255 splats');

    const bad = join(folder, 'bad.ply');
    await writeFile(bad, (await readFile(dataPath('weights/sample.ply'))).subarray(0, 20_000));
    await dropOver(running, bad);
    await expect(page.locator('#status .message.error')).toContainText('bad.ply');
    await expect(splats).toContainText('4,255 splats');

    const model = join(folder, 'other.pth');
    await copyFile(join(ROOT, 'models/splatformer-desktop.pth'), model);
    const description = JSON.parse(await readFile(join(ROOT, 'models/splatformer-desktop.json'), 'utf8')) as object;
    await writeFile(join(folder, 'other.json'), JSON.stringify({ ...description, name: 'Another network' }));
    await drop(running, [model]);
    await expect(message).toHaveText('Refine uses Another network.');
    await expect(splats).toContainText('4,255 splats');
  } finally {
    await running.close();
  }
});
