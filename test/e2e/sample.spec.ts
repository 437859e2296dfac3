import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeSmallModel } from '../models/reference-models.ts';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, clickMenu, drop, launchWith } from './app.ts';

test('the sample shows by a line what Refine does, proved by its capture, and asks for no saving', async () => {
  const model = await writeSmallModel(test.info().outputDir);
  const running = await launchWith({ hasShippedSample: true }, `--model=${model}`);
  const { page } = running;
  const message = page.locator('#status .message');
  const steps = page.locator('.first-run');
  const drawn = (): Promise<void> => expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
  try {
    await expect(message).toContainText('Opened sample.ply');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 70°');
    await drawn();
    await expect(page.locator('#toolbar wa-icon svg').first()).toBeVisible();
    await page.screenshot({ path: join(SCREENSHOTS, 'sample.png') });
    await steps.getByRole('button', { name: 'Dismiss' }).click();
    await clickMenu(running, 'help.firstSteps');
    await expect(steps).toBeVisible();
    // It comes with its capture, which is not in the way of the first look.
    await clickMenu(running, 'panel.judge');
    await expect(page.locator('#dock')).toContainText('all photos found');
    await clickMenu(running, 'panel.judge');
    await page.locator('#viewport').focus();
    await page.keyboard.press('r');
    await expect(page.locator('#banner')).toContainText('Refined 19,992 splats', { timeout: 120_000 });
    await expect(page.locator('.compare-layer[data-sweeping]')).toHaveCount(0);
    await expect(page.locator('.compare-layer .split-divider')).toHaveAttribute('aria-valuenow', '50');
    await drawn();
    await page.screenshot({ path: join(SCREENSHOTS, 'sample-refined.png') });
    // The steps are done then, and nothing is left over the scene.
    await page.locator('#viewport').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('b');
    await expect(steps).toHaveCount(0);
    await clickMenu(running, 'panel.refinement');
    await expect(page.locator('#dock')).toContainText("16 of the capture's cameras");
    await clickMenu(running, 'panel.refinement');
    await expect(page).toHaveTitle('sample.ply – SplatFormer Desktop');
    await drop(running, [dataPath('scenes/plant.splat')]);
    await expect(message).toContainText('Opened plant.splat');
    await clickMenu(running, 'help.sample');
    await expect(message).toContainText('Opened sample.ply');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 70°');
    // Its cameras keep the scene where it is, but not from being measured; closing them is one click.
    const dock = page.locator('#dock');
    const level = dock.getByRole('button', { name: 'Level the ground' });
    await clickMenu(running, 'panel.edit');
    await dock.getByRole('tab', { name: 'Place' }).click();
    await expect(level).toBeDisabled();
    await expect(dock.getByRole('button', { name: 'Measure a distance' })).toBeEnabled();
    await page.screenshot({ path: join(SCREENSHOTS, 'sample-place.png') });
    await dock.getByRole('button', { name: 'Close the cameras' }).click();
    await expect(level).toBeEnabled();
  } finally {
    await running.close();
  }
});
