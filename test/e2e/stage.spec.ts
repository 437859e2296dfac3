import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, clickMenu, launch } from './app.ts';
import type { RunningApp } from './app.ts';

const PLANT = dataPath('scenes/plant.splat');
/** Any channel that is brighter than this is no background. */
const BRIGHT = 70;
/** The ring of a canvas that has the focus is no scene either; pixels. */
const RING = 4;

test.beforeAll(() => mkdir(SCREENSHOTS, { recursive: true }));

async function open(): Promise<RunningApp> {
  const running = await launch(PLANT);
  await expect(running.page.locator('#status .message')).toContainText('Opened plant.splat');
  await drawn(running.page);
  return running;
}

async function drawn(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  await expect(page.locator('#viewport:not([data-drawing])')).toBeVisible();
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error('It is not shown.');
  return box;
}

const shot = (page: Page, name: string) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });

/** The first and the last row of the window in which something of the scene is seen, whatever lies over it. */
async function rowsOfScene(page: Page): Promise<readonly [number, number]> {
  const hide = (isHidden: boolean): Promise<void> =>
    page.locator('#overlay, #floor').evaluateAll(
      (elements, visibility) => {
        for (const element of elements)
          for (const child of element.children) (child as HTMLElement).style.visibility = visibility;
      },
      isHidden ? 'hidden' : '',
    );
  const canvas = await boxOf(page.locator('#viewport'));
  await hide(true);
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip: canvas }));
  await hide(false);
  const isSeen = (y: number): boolean =>
    data.subarray(4 * (y * width + RING), 4 * ((y + 1) * width - RING)).some((value, i) => i % 4 < 3 && value > BRIGHT);
  const rows = Array.from({ length: height - 2 * RING }, (_, y) => y + RING).filter(isSeen);
  return [canvas.y + rows[0], canvas.y + rows[rows.length - 1]];
}

test('Frame All shows the scene above the list of the batch and the timeline', async () => {
  const running = await open();
  const { page } = running;
  try {
    const [top, bottom] = await rowsOfScene(page);
    const { y, height } = await boxOf(page.locator('#viewport'));
    expect(bottom - top).toBeGreaterThan(0.5 * height);

    await clickMenu(running, 'refine.batch');
    await drawn(page);
    const sheet = await boxOf(page.locator('.batch-sheet'));
    await shot(page, 'stage-batch');
    // It was framed, and still is.
    const [topBeside, bottomBeside] = await rowsOfScene(page);
    expect(bottomBeside).toBeLessThan(sheet.y);
    expect(topBeside).toBeGreaterThan(y);
    await page.locator('#viewport').focus();
    for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight');
    await page.mouse.move(300, 200);
    await page.mouse.wheel(0, -400);
    await drawn(page);
    expect((await rowsOfScene(page))[1]).toBeGreaterThan(sheet.y);
    await page.keyboard.press('f');
    await drawn(page);
    const [, framed] = await rowsOfScene(page);
    expect(framed).toBeLessThan(sheet.y);
    expect(framed).toBeGreaterThan(y + 0.5 * (sheet.y - y));

    await clickMenu(running, 'panel.show');
    await clickMenu(running, 'show.turntable');
    await expect(page.locator('.show-timeline')).toBeVisible();
    await clickMenu(running, 'show.turntable');
    await page.locator('#viewport').focus();
    await page.keyboard.press('f');
    await drawn(page);
    await shot(page, 'stage-timeline');
    expect((await rowsOfScene(page))[1]).toBeLessThan((await boxOf(page.locator('.show-timeline'))).y);
  } finally {
    await running.close();
  }
});

test('a splat that was picked has a mark, which goes with the camera and the scene', async () => {
  const running = await open();
  const { page } = running;
  const dock = page.locator('#dock');
  const mark = page.locator('.selection-marks g');
  const middleOf = async (): Promise<readonly [number, number]> => {
    const { x, y, width, height } = await boxOf(mark.locator('circle'));
    return [x + width / 2, y + height / 2];
  };
  try {
    await clickMenu(running, 'panel.edit');
    await dock.getByRole('button', { name: 'Pick', exact: true }).click();
    await expect(dock).toContainText('Click the picture to select the splat');
    await drawn(page);
    const canvas = await boxOf(page.locator('#viewport'));
    const [x, y] = [canvas.x + 0.32 * canvas.width, canvas.y + 0.31 * canvas.height];
    await page.mouse.click(x, y);
    await expect(page.locator('#status .message')).toHaveText('1 splat selected.');
    await drawn(page);
    await expect(mark).toHaveCount(1);
    const picked = await middleOf();
    expect(Math.hypot(picked[0] - x, picked[1] - y)).toBeLessThan(0.1 * canvas.height);
    await shot(page, 'stage-pick');

    await page.locator('#viewport').focus();
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
    await drawn(page);
    const turned = await middleOf();
    expect(Math.hypot(turned[0] - picked[0], turned[1] - picked[1])).toBeGreaterThan(5);

    // The selection outlives the placing of the scene, and the mark goes with it.
    await dock.getByRole('tab', { name: 'Place' }).click();
    await dock.getByRole('textbox', { name: 'Turn Y', exact: true }).fill('90');
    await dock.getByRole('textbox', { name: 'Turn Y', exact: true }).press('Enter');
    await drawn(page);
    await expect(mark).toHaveCount(1);
    const placed = await middleOf();
    expect(Math.hypot(placed[0] - turned[0], placed[1] - turned[1])).toBeGreaterThan(5);
    await clickMenu(running, 'panel.edit');
    await shot(page, 'stage-pick-placed');
    await clickMenu(running, 'edit.selectNone');
    await expect(mark).toHaveCount(0);
  } finally {
    await running.close();
  }
});
