import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { encodedBytes } from '../encoded-bytes.ts';
import { madeScene, onSphere } from '../unit/refine/made-scenes.ts';
import type { MadeSplats } from '../unit/refine/made-scenes.ts';
import { SCREENSHOTS, answerSaveDialog, clickMenu, launchWith } from './app.ts';
import type { RunningApp } from './app.ts';

/** Far from the origin and in units of hundredths: sizes on the screen must not care. */
const UNIT = 0.01;
const MIDDLE = [5, -3, 2] as const;

/** A finely captured ball in a coarse bowl that is open towards the viewer. */
function ballInBowl(): SplatScene {
  const bowl: MadeSplats['place'] = (u, v, w) => {
    const [x, y, z] = onSphere([0, 0, 0], 8 * UNIT)(u, v, w);
    return [MIDDLE[0] + x, MIDDLE[1] + y, MIDDLE[2] - Math.abs(z)];
  };
  return madeScene([
    { count: 2500, place: onSphere(MIDDLE, 0.5 * UNIT), size: 0.02 * UNIT },
    { count: 1500, place: bowl, size: 0.35 * UNIT },
  ]);
}

const words = (page: Page) => page.locator('.region-words');

async function undoLabel({ app }: RunningApp): Promise<string> {
  return app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('edit.undo')?.label ?? '');
}

async function shot(page: Page, name: string): Promise<Buffer> {
  // The scene is shaded a moment after the region came to rest.
  await page.waitForTimeout(400);
  await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
  return page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** The picture that Save Picture writes. */
async function savedPicture(running: RunningApp, name: string): Promise<Buffer> {
  const path = join(running.folder, `${name}.png`);
  await answerSaveDialog(running, path);
  await clickMenu(running, 'show.picture');
  await running.page.locator('.show-save-picture').getByRole('button', { name: 'Save…' }).click();
  await expect(running.page.locator('#status .message')).toContainText(`Saved ${name}.png`);
  return readFile(path);
}

test('the region is seen, placed by pointer, keys and numbers, undone, and there again at the next start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-region-'));
  const scenePath = join(folder, 'bowl.ply');
  await writeFile(scenePath, await encodedBytes(ballInBowl(), 'inria-ply'));
  const userData = join(folder, 'user-data');
  try {
    const running = await launchWith({ userData }, scenePath);
    const { page } = running;
    const field = (label: string) => page.locator('#dock').getByRole('textbox', { name: label, exact: true });
    const choose = (label: string) => page.locator('#dock').getByRole('button', { name: label, exact: true }).click();
    try {
      await expect(page.locator('#status .message')).toContainText('Opened bowl.ply');
      const plain = await savedPicture(running, 'plain');
      await clickMenu(running, 'panel.refinement');
      await expect(words(page)).toContainText('The subject is refined: 2,500 of 4,000 splats');
      await shot(page, 'region-automatic');
      // What is shown over the scene is in no picture.
      expect((await savedPicture(running, 'with-region')).equals(plain)).toBe(true);

      await choose('Own');
      await expect(words(page)).toContainText('2,500 of 4,000 splats are inside');
      await expect.poll(() => undoLabel(running)).toBe('Undo Choose Region');
      // Up in the picture, from whichever side the scene is seen.
      const knob = page.getByRole('button', { name: 'Region: Side towards +z' });
      await expect(knob).toBeVisible();
      const before = Number(await field('Radius').inputValue());
      const box = await knob.boundingBox();
      if (box === null) throw new Error('The knob is not there.');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const centre = await page.getByRole('button', { name: 'Region: Centre' }).boundingBox();
      if (centre === null) throw new Error('The middle is not there.');
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let step = 1; step <= 8; step++)
        await page.mouse.move(x + (step / 8) * (x - centre.x - 8) * 2, y + (step / 8) * (y - centre.y - 8) * 2);
      await page.mouse.up();
      await expect.poll(async () => Number(await field('Radius').inputValue())).toBeGreaterThan(2 * before);
      await expect.poll(() => undoLabel(running)).toBe('Undo Set Region');
      await shot(page, 'region-own');

      await page.getByRole('button', { name: 'Region: Centre' }).press('ArrowRight');
      await field('Radius').fill('0.02');
      await field('Radius').press('Enter');
      await page.locator('#viewport').focus();
      // A drag, a key and a number are a step each, or together with what came right before them.
      await expect
        .poll(async () => {
          await page.keyboard.press('Control+z');
          return words(page).textContent();
        })
        .toContain('The subject is refined');
      await expect.poll(() => undoLabel(running)).toBe('Undo');
      await choose('Own');
      await field('Radius').fill('0.02');
      await field('Radius').press('Enter');
      await page.locator('wa-switch', { hasText: 'Show in the scene' }).click();
      await expect(page.getByRole('button', { name: 'Region: Centre' })).toBeHidden();
      await shot(page, 'region-hidden');
    } finally {
      await running.close();
    }
    const again = await launchWith({ userData }, scenePath);
    try {
      await expect(again.page).toHaveTitle('bowl.ply – SplatFormer Desktop');
      // The panel is open as it was.
      await expect(again.page.locator('#dock').getByRole('textbox', { name: 'Radius', exact: true })).toHaveValue(
        '0.02',
      );
      expect(await undoLabel(again)).toBe('Undo');
    } finally {
      await again.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
