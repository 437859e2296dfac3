import type { Page } from 'playwright';
import { launch } from '../e2e/app.ts';

const LIMIT_MS = 120_000;

/**
 * How long a person waits for the first answer after a start, and for the next one, whose network is loaded: the app
 * opens its sample (4,007 splats) and refines it twice, on the native CPU where there is no graphics card:
 * node test/bench/run.mjs first-answer. SPLATFORMER_ELECTRON names the Electron and dist/ holds the build, as in
 * npm test.
 */
export async function main(): Promise<void> {
  const begun = performance.now();
  const running = await launch();
  const { page } = running;
  const say = (what: string, from: number): void =>
    void process.stdout.write(`${what} ${((performance.now() - from) / 1000).toFixed(1)} s\n`);
  try {
    page.setDefaultTimeout(LIMIT_MS);
    await page.locator('#status .message', { hasText: 'Opened sample' }).waitFor();
    await page.locator('#viewport:not([data-drawing])').waitFor();
    say('started and drawn after', begun);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    say('first answer after', await refined(page));
    await page.locator('#banner.card').getByRole('button', { name: 'Take It Back' }).click();
    await page.locator('#banner.card').waitFor({ state: 'hidden' });
    say('next answer after', await refined(page));
  } finally {
    await running.close();
  }
}

/** Refines what is open, and returns when that began. */
async function refined(page: Page): Promise<number> {
  const begun = performance.now();
  await page.keyboard.press('r');
  await page.locator('#banner.card', { hasText: 'Refined' }).waitFor();
  return begun;
}
