import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SCREENSHOTS, clickMenu, launch } from './app.ts';

test('a result is swept over once, told in figures, and taken back; the next one says what time is left', async () => {
  const running = await launch();
  const { page } = running;
  const card = page.locator('#banner.card');
  const message = page.locator('#status .message');
  try {
    await expect(message).toContainText('Opened sample.ply');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    // The line sweeps only a moment, so whether it was there is noted as it comes.
    const swept = await page.evaluateHandle(() => {
      const seen = { positions: [] as number[] };
      const divider = document.querySelector<HTMLElement>('.compare-layer .split-divider');
      if (divider === null) throw new Error('There is no line.');
      new MutationObserver(() => {
        if (!divider.hidden) seen.positions.push(Number(divider.getAttribute('aria-valuenow')));
      }).observe(divider, { attributes: true });
      return seen;
    });
    await page.keyboard.press('r');
    await expect(page.locator('.compare-layer[data-sweeping]')).toHaveCount(1, { timeout: 60_000 });
    await page.screenshot({ path: join(SCREENSHOTS, 'result-sweep.png') });
    await expect(page.locator('.compare-layer[data-sweeping]')).toHaveCount(0);
    const positions = await swept.evaluate((seen) => seen.positions);
    expect(positions.length).toBeGreaterThan(1);
    expect(positions).toEqual([...positions].sort((a, b) => b - a));
    await expect(page.locator('.compare-layer .split-divider')).toBeHidden();

    await expect(card).toContainText('Refined 4,007 splats in ');
    await expect(card.locator('dt')).toHaveText(['Region', 'Changed', 'Evidence', 'Time']);
    await expect(card).toContainText('The whole scene');
    await expect(card).toContainText(/On average: positions [\d.]+ %/);
    await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);
    await page.screenshot({ path: join(SCREENSHOTS, 'result-card.png') });

    await card.getByRole('button', { name: 'Take It Back' }).click();
    await expect(message).toContainText('The scene is as it was before it was refined.');
    await expect(card).toBeHidden();
    await expect(page.locator('#viewport[data-drawing]')).toHaveCount(0);

    const left = page.locator('#job .time');
    const times = await left.evaluateHandle((element) => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(element.textContent)).observe(element, { childList: true });
      return seen;
    });
    await page.keyboard.press('r');
    await expect(card).toBeVisible({ timeout: 60_000 });
    expect((await times.evaluate((seen) => seen.join('\n'))).match(/ about \d+ s left/g)?.length).toBeGreaterThan(1);
    // Only the first one sweeps.
    await expect(page.locator('.compare-layer[data-sweeping]')).toHaveCount(0);
    await clickMenu(running, 'edit.undo');
    await expect(card).toBeHidden();
  } finally {
    await running.close();
  }
});
