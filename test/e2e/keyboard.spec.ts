import { expect, test } from '@playwright/test';
import { clickMenu, launch } from './app.ts';

test('keys go on working after a field was used, and Escape cancels from within one', async () => {
  const running = await launch();
  const { page } = running;
  const message = page.locator('#status .message');
  const isChecked = (id: string): Promise<boolean> =>
    running.app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.checked === true, id);
  try {
    await expect(message).toContainText('Opened sample.ply');
    await clickMenu(running, 'panel.edit');
    await page.locator('#dock').getByRole('button', { name: 'Values' }).click();
    const select = page.locator('#dock wa-select:visible');
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.localName);
    await select.click();
    // The component hands the focus to an option in the frame after.
    await expect.poll(focused).toBe('wa-option');
    await page.keyboard.press('Escape');
    await expect(select).not.toHaveAttribute('open');
    await expect.poll(focused).toBe('wa-select');

    const grid = await isChecked('view.grid');
    await page.keyboard.press('g');
    await expect.poll(() => isChecked('view.grid')).toBe(!grid);
    await expect(select).not.toHaveAttribute('open');
    await page.keyboard.press('3');
    await expect(page.locator('#status .elevation')).toHaveText('Elevation 70°');
    // A list that opens again before the frames of its closing are over closes with them, and takes the focus along.
    await expect(select.locator('wa-popup')).not.toHaveAttribute('active');
    await page.keyboard.press('ArrowDown');
    await expect(select).toHaveAttribute('open');
    await expect.poll(focused).toBe('wa-option');
    await page.keyboard.press('Escape');

    const from = page.getByRole('textbox', { name: 'From' });
    await from.selectText();
    await page.keyboard.press('g');
    await expect(from).toHaveValue('g');
    expect(await isChecked('view.grid')).toBe(!grid);

    await page.locator('#dock').getByRole('button', { name: 'Box' }).click();
    const field = page.locator('#dock').getByRole('textbox').and(page.locator(':visible')).first();
    await field.focus();
    await clickMenu(running, 'refine.run');
    await expect(page.locator('#job')).toBeVisible();
    await field.focus();
    await page.keyboard.press('Escape');
    await expect(message).toContainText('cancelled');
  } finally {
    await running.close();
  }
});

test('F6 reaches what lies over the scene too', async () => {
  const running = await launch();
  const { page } = running;
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await page.keyboard.press('r');
    await expect(page.locator('#banner')).toBeVisible();
    await clickMenu(running, 'panel.batch');
    await expect(page.locator('.batch-sheet')).toBeVisible();
    await page.locator('#viewport').focus();
    const reached: string[] = [];
    for (let press = 0; press < 9; press++) {
      await clickMenu(running, 'view.nextPart');
      const part = await page.evaluate(() => {
        const { activeElement } = document;
        return (
          ['viewport', 'banner', 'dock', 'rail', 'toolbar'].find((id) =>
            document.getElementById(id)?.contains(activeElement),
          ) ??
          ['compare-modes', 'batch-sheet'].find((name) => activeElement?.closest(`.${name}`) !== null) ??
          ''
        );
      });
      reached.push(part);
    }
    expect([...new Set(reached)].sort()).toEqual(
      expect.arrayContaining(['banner', 'batch-sheet', 'compare-modes', 'dock', 'rail', 'toolbar', 'viewport']),
    );
  } finally {
    await running.close();
  }
});
