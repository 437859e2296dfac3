import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, clickMenu, drop, launch } from './app.ts';

const PLANT = dataPath('scenes/plant.splat');

/** Waits until nothing is left to be drawn. */
async function drawn(page: Page): Promise<void> {
  await expect(page.locator('#viewport:not([data-drawing])')).toBeVisible();
}

/**
 * Pixels of the canvas that are not the background, as shares of its width and height: the first and last column and
 * row.
 */
async function extent(page: Page): Promise<readonly [left: number, right: number, top: number, bottom: number]> {
  await drawn(page);
  const png = (await page.locator('#viewport').screenshot()).toString('base64');
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (context === null) throw new Error('There is no context.');
    context.drawImage(picture, 0, 0);
    const { data: rgba } = context.getImageData(0, 0, width, height);
    // The middle of the canvas: buttons and messages lie over its edges.
    const isScene = (x: number, y: number): boolean =>
      [0, 1, 2].some((k) => Math.abs(rgba[4 * (y * width + x) + k] - rgba[k + 4 * (width * 3 + 3)]) > 40);
    const columns: number[] = [];
    const rows: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (isScene(x, y)) {
          columns.push(x / width);
          rows.push(y / height);
        }
    const least = (values: number[]): number => values.reduce((a, b) => Math.min(a, b), 1);
    const most = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
    return [least(columns), most(columns), least(rows), most(rows)] as const;
  }, png);
}

test('all of a scene is framed, also after a panel has opened', async () => {
  const running = await launch(PLANT);
  const { page } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened plant.splat');
    for (const panel of [undefined, 'panel.edit'] as const) {
      if (panel !== undefined) await clickMenu(running, panel);
      const [left, right, top, bottom] = await extent(page);
      await page.screenshot({ path: join(SCREENSHOTS, `flows-frame-${panel ?? 'none'}.png`) });
      expect(Math.min(left, 1 - right, top, 1 - bottom)).toBeGreaterThan(0.01);
      expect(Math.max(right - left, bottom - top)).toBeGreaterThan(0.6);
    }
  } finally {
    await running.close();
  }
});

test('a dropped SOG folder opens as a scene under its own name', async () => {
  const running = await launch();
  const { page } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await drop(running, [dataPath('scenes/playbot')]);
    await expect(page.locator('#status .message')).toContainText('Opened playbot');
    await expect(page).toHaveTitle('playbot – SplatFormer Desktop');
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-sog-folder.png') });
  } finally {
    await running.close();
  }
});
