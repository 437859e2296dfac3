import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, clickMenu, launch } from './app.ts';
import type { RunningApp } from './app.ts';

const PLANT = dataPath('scenes/plant.splat');

async function drawn(page: Page): Promise<void> {
  await expect(page.locator('#viewport:not([data-drawing])')).toBeVisible();
}

/** Opens the plant and the panel's tab Place. */
async function openPlace(): Promise<RunningApp & { field: (name: string) => Locator }> {
  const running = await launch(PLANT);
  const { page } = running;
  const dock = page.locator('#dock');
  await expect(page.locator('#status .message')).toContainText('Opened plant.splat');
  await clickMenu(running, 'panel.edit');
  await dock.getByRole('tab', { name: 'Place' }).click();
  await drawn(page);
  return { ...running, field: (name) => dock.getByRole('textbox', { name, exact: true }) };
}

async function enter(field: Locator, value: string): Promise<void> {
  await field.fill(value);
  await field.press('Enter');
}

async function numberIn(field: Locator): Promise<number> {
  return Number(await field.inputValue());
}

/** Looks along axes by the gizmo in the corner, from the other side at a second click, by keys too. */
async function looksAlongAxes(running: RunningApp): Promise<void> {
  const { page } = running;
  const end = (name: string): Locator => page.getByRole('button', { name: `Look from ${name}`, exact: true });
  const elevation = page.locator('#status .elevation');
  await expect(elevation).toHaveText('Elevation 15°');
  await end('+X').focus();
  await page.keyboard.press('Enter');
  await expect(elevation).toHaveText('Elevation 0°');
  await drawn(page);
  // The end that is looked from lies in the middle of the gizmo.
  const [from, opposite] = await Promise.all([end('+X').boundingBox(), end('−X').boundingBox()]);
  expect(Math.hypot((from?.x ?? 0) - (opposite?.x ?? 99), (from?.y ?? 0) - (opposite?.y ?? 99))).toBeLessThan(4);
  // −Y is up.
  await end('−Y').click();
  await expect(elevation).toHaveText('Elevation 90°');
  await drawn(page);
  await page.screenshot({ path: join(SCREENSHOTS, 'gizmo-above.png') });
  await end('−Y').click();
  await expect(elevation).toHaveText(/^Elevation .90°$/);
  await clickMenu(running, 'view.gizmo');
  await expect(end('+X')).toBeHidden();
}

test('handles in the view place the scene, in step with the numbers; the gizmo turns the view', async () => {
  const running = await openPlace();
  const { page, field } = running;
  const knob = (name: string): Locator => page.getByRole('button', { name, exact: true }).locator('circle');
  const drag = async (name: string, dx: number, dy: number, end: 'release' | 'escape'): Promise<void> => {
    const box = await knob(name).boundingBox();
    if (box === null) throw new Error(`There is no knob ${name}.`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + dx, y + dy, { steps: 4 });
    if (end === 'escape') {
      await expect(field('Move X')).not.toHaveValue('0');
      await page.keyboard.press('Escape');
    }
    await page.mouse.up();
    await drawn(page);
  };
  try {
    await drag('Move along X', -60, 0, 'escape');
    await expect(field('Move X')).toHaveValue('0');
    await expect(page).toHaveTitle(/^plant/);
    await drag('Move along X', -60, 0, 'release');
    await expect.poll(() => numberIn(field('Move X'))).toBeGreaterThan(0.01);
    const moved = await field('Move X').inputValue();
    await drag('Scale', 60, -60, 'release');
    await expect.poll(() => numberIn(field('Scale'))).toBeGreaterThan(1.2);
    await page.getByRole('button', { name: 'Turn about Y', exact: true }).focus();
    for (let press = 0; press < 3; press++) await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => numberIn(field('Turn Y'))).toBeCloseTo(30, 3);
    await page.screenshot({ path: join(SCREENSHOTS, 'place-handles.png') });
    await enter(field('Move Y'), '1');
    await expect(field('Move X')).toHaveValue(moved);
    await clickMenu(running, 'edit.undo');
    await expect(page.locator('#status .message')).toHaveText('Undid: Place.');
    await expect(page).toHaveTitle(/^plant/);
    for (const name of ['Move X', 'Turn Y']) await expect(field(name)).toHaveValue('0');
    await looksAlongAxes(running);
  } finally {
    await running.close();
  }
});

test('the scene is placed by numbers, by a measured distance and by points of the ground', async () => {
  const running = await openPlace();
  const { page, field } = running;
  const dock = page.locator('#dock');
  const message = page.locator('#status .message');
  try {
    await enter(field('Turn X'), '60');
    await enter(field('Scale'), '10');
    await expect(page).toHaveTitle(/^• plant/);
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-place.png') });
    await clickMenu(running, 'edit.undo');
    await expect(message).toHaveText('Undid: Place.');
    await expect(page).toHaveTitle(/^plant/);
    await expect(field('Scale')).toHaveValue('1');
    await drawn(page);

    const canvas = await page.locator('#viewport').boundingBox();
    if (canvas === null) throw new Error('There is no canvas.');
    const click = async (x: number, y: number): Promise<void> => {
      await page.mouse.click(canvas.x + x * canvas.width, canvas.y + y * canvas.height);
    };
    await dock.getByRole('button', { name: 'Measure a distance' }).click();
    await expect(dock).toContainText('Click 2 points in the view.');
    await click(0.47, 0.66);
    await expect(dock).toContainText('Click one more point in the view.');
    await click(0.5, 0.8);
    await expect(dock.locator('.measured')).toContainText('units');
    await expect(page.locator('.picked-points polyline')).toHaveAttribute('points', /^\S+ \S+$/);
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-measure.png') });
    await enter(field('Its real length'), '42');
    await expect(message).toContainText('times as large now.');
    await drawn(page);
    await dock.getByRole('button', { name: 'Level the ground' }).click();
    await click(0.45, 0.67);
    await click(0.54, 0.67);
    await expect(dock).toContainText('Click one more point of the ground');
    await click(0.5, 0.7);
    await expect(message).toHaveText('The ground through the three points is level now.');
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-level.png') });
    await clickMenu(running, 'edit.undo');
    await clickMenu(running, 'edit.undo');
    await expect(message).toHaveText('Undid: Set the Scale.');
    await expect(page).toHaveTitle(/^plant/);
  } finally {
    await running.close();
  }
});
