import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { createScene, SCENE_ARRAYS } from '../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { selectByShape } from '../../renderer/edit/selection.ts';
import { readScene, sourceFromBytes } from '../../renderer/io/read-scene.ts';
import { encodedBytes } from '../encoded-bytes.ts';
import { ROOT, SCREENSHOTS, clickMenu, launch, saveSceneAs } from './app.ts';
import type { RunningApp } from './app.ts';

const SAMPLE_SPLATS = 4007;

async function read(path: string): Promise<SplatScene> {
  return readScene(sourceFromBytes('scene.ply', new Uint8Array(await readFile(path))));
}

/** What Save As writes now. */
async function saved(running: RunningApp, name: string): Promise<SplatScene> {
  const path = join(running.folder, `${name}.ply`);
  await saveSceneAs(running, path);
  await expect(running.page.locator('#status .message')).toContainText(`Saved ${name}.ply`);
  return read(path);
}

/** Names of the arrays in which two scenes differ in a bit. */
function differing(a: SplatScene, b: SplatScene): string[] {
  const bits = (array: Float32Array): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return SCENE_ARRAYS.filter((name) => !bits(a[name]).equals(bits(b[name])));
}

/** Bits of one splat, all attributes. */
function splatBits(scene: SplatScene, row: number): string {
  return SCENE_ARRAYS.map((name) => {
    const width = scene[name].length / scene.count;
    return Buffer.from(scene[name].slice(row * width, (row + 1) * width).buffer).toString('hex');
  }).join();
}

/** Label and state of a native menu item. */
async function menuItem({ app }: RunningApp, id: string): Promise<{ label: string; enabled: boolean }> {
  return app.evaluate(({ Menu }, itemId) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
    return { label: item?.label ?? '', enabled: item?.enabled ?? false };
  }, id);
}

async function refineSample(page: Page): Promise<void> {
  const message = page.locator('#status .message');
  await expect(message).toContainText('Opened sample.ply');
  await page.keyboard.press('r');
  await expect(message).toContainText('Refined 4,007 splats');
}

/** The slider's place by its own keys: Page Up goes a tenth of 100. */
async function setStrength(running: RunningApp, percent: number): Promise<void> {
  const { page } = running;
  const slider = page.locator('wa-slider.strength').getByRole('slider');
  await slider.focus();
  await slider.press('Home');
  for (let i = 0; i < Math.floor(percent / 10); i++) await slider.press('PageUp');
  for (let i = 0; i < percent % 10; i++) await slider.press('ArrowRight');
  await expect(page.locator('.slider-field:has(wa-slider.strength) .slider-value')).toHaveText(`${percent} %`);
  await expect.poll(async () => (await menuItem(running, 'edit.undo')).label).toBe(`Undo Set Strength to ${percent} %`);
}

test('strength, switches and the way back: what is saved is what the slider says', async () => {
  const running = await launch();
  const { page } = running;
  const message = page.locator('#status .message');
  try {
    const original = await read(join(ROOT, 'test/data/scenes/sample.ply'));
    await expect(message).toContainText('Opened sample.ply');
    await clickMenu(running, 'panel.refinement');
    await expect(page.locator('#dock .empty:visible')).toBeVisible();
    await page.screenshot({ path: join(SCREENSHOTS, 'refinement-empty.png') });
    expect(await menuItem(running, 'edit.undo')).toEqual({ label: 'Undo', enabled: false });
    await refineSample(page);
    const full = await saved(running, 'full');
    expect(differing(full, original)).toEqual([...SCENE_ARRAYS]);
    await page.screenshot({ path: join(SCREENSHOTS, 'refinement-panel.png') });

    await setStrength(running, 0);
    expect(differing(await saved(running, 'zero'), original)).toEqual([]);
    await setStrength(running, 50);
    const half = await saved(running, 'half');
    for (const name of SCENE_ARRAYS.filter((array) => array !== 'quats')) {
      let worst = 0;
      for (let i = 0; i < half[name].length; i++)
        worst = Math.max(worst, Math.abs(half[name][i] - (original[name][i] + full[name][i]) / 2));
      expect(worst, name).toBeLessThan(1e-5);
    }

    // One drag is one step, and the view follows while it goes on.
    const track = await page.locator('wa-slider.strength').getByRole('slider').boundingBox();
    if (track === null) throw new Error('The slider is not there.');
    const y = track.y + track.height / 2;
    await page.mouse.move(track.x + track.width * 0.5, y);
    await page.mouse.down();
    for (let step = 0; step <= 20; step++) await page.mouse.move(track.x + track.width * (0.5 + 0.02 * step), y);
    await page.mouse.up();
    const dragged = await page.locator('.slider-field:has(wa-slider.strength) .slider-value').textContent();
    expect(Number.parseInt(dragged ?? '', 10)).toBeGreaterThan(80);
    await expect.poll(async () => (await menuItem(running, 'edit.undo')).label).toBe(`Undo Set Strength to ${dragged}`);
    await page.screenshot({ path: join(SCREENSHOTS, 'refinement-strong.png') });
    await page.locator('#viewport').focus();
    await page.keyboard.press('Control+z');
    await expect(message).toContainText('Undid: Set Strength');
    expect(differing(await saved(running, 'undone'), half)).toEqual([]);
    await expect.poll(async () => (await menuItem(running, 'edit.redo')).label).toBe(`Redo Set Strength to ${dragged}`);

    await page.getByRole('button', { name: 'Back to 100 %' }).click();
    await expect.poll(async () => (await menuItem(running, 'edit.undo')).label).toBe('Undo Set Strength to 100 %');
    for (const attribute of ['means', 'scales', 'opacities', 'quats']) {
      await page.locator(`wa-switch[data-attribute="${attribute}"]`).click();
    }
    await expect.poll(async () => (await menuItem(running, 'edit.undo')).label).toBe('Undo Turn Rotations Off');
    const colours = await saved(running, 'colours');
    expect(differing(colours, original)).toEqual(['shDc', 'shRest']);
    expect(differing(colours, full)).toEqual(['positions', 'logScales', 'quats', 'logitOpacities']);
    await page.screenshot({ path: join(SCREENSHOTS, 'refinement-colours-only.png') });

    // The keyboard all the way back to the scene as opened, and forward again.
    await page.locator('#viewport').focus();
    for (let i = 0; i < 20 && (await menuItem(running, 'edit.undo')).enabled; i++) {
      await page.keyboard.press('Control+z');
      await page.waitForTimeout(60);
    }
    await expect(page.locator('#dock .empty:visible')).toBeVisible();
    expect(differing(await saved(running, 'reopened'), original)).toEqual([]);
    await page.keyboard.press('Control+y');
    await expect(message).toContainText('Redid: Refine.');
    expect(differing(await saved(running, 'redone'), full)).toEqual([]);
    for (let i = 0; i < 20 && (await menuItem(running, 'edit.redo')).enabled; i++) {
      await page.keyboard.press('Control+Shift+z');
      await page.waitForTimeout(60);
    }
    expect(differing(await saved(running, 'forward'), colours)).toEqual([]);

    await clickMenu(running, 'panel.edit');
    await page.getByRole('tab', { name: 'History' }).click();
    await expect(page.locator('.history [aria-current="step"]')).toHaveText('Turn Rotations Off');
    await page.screenshot({ path: join(SCREENSHOTS, 'edit-history.png') });
    const step = page.locator('.history button', { hasText: /^Refine$/ });
    await step.press('Enter');
    await expect(step).toHaveAttribute('aria-current', 'step');
    await expect(step).toBeFocused();
    expect(differing(await saved(running, 'jumped'), full)).toEqual([]);
  } finally {
    await running.close();
  }
});

test('a sphere limits the refinement, now and afterwards; others keep their bits', async () => {
  const running = await launch();
  const { page } = running;
  const message = page.locator('#status .message');
  try {
    const original = await read(join(ROOT, 'test/data/scenes/sample.ply'));
    await expect(message).toContainText('Opened sample.ply');
    await clickMenu(running, 'panel.edit');
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(SCREENSHOTS, 'edit-box.png') });
    await page.getByRole('button', { name: 'Sphere' }).click();
    for (const [label, value] of [
      ['Centre X', '0'],
      ['Centre Y', '0.1'],
      ['Centre Z', '0'],
      ['Radius', '0.25'],
    ] as const) {
      const field = page.getByRole('textbox', { name: label }).and(page.locator(':visible'));
      await field.fill(value);
      await field.press('Enter');
    }
    const mask = selectByShape(original, { kind: 'sphere', centre: [0, 0.1, 0], radius: 0.25 });
    const inside = mask.reduce((n, flag) => n + flag, 0);
    expect(inside).toBeGreaterThan(100);
    expect(inside).toBeLessThan(SAMPLE_SPLATS - 100);
    await expect(page.locator('.found')).toHaveText(`${inside.toLocaleString('en')} splats inside.`);
    await page.locator('[data-combine="replace"]').click();
    await expect(page.locator('.selected-count')).toHaveText(`${inside.toLocaleString('en')} of 4,007 splats selected`);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(SCREENSHOTS, 'edit-sphere.png') });

    await page.getByRole('button', { name: 'Refine selection' }).click();
    await expect(message).toContainText(`Refined the ${inside.toLocaleString('en')} selected splats`);
    const part = await saved(running, 'part');
    const changed = [...mask.keys()].filter((row) => splatBits(part, row) !== splatBits(original, row));
    expect(changed.every((row) => mask[row] === 1)).toBe(true);
    expect(changed.length).toBeGreaterThan(inside * 0.99);

    // Everywhere, and back to the selection's complement, without another run.
    await clickMenu(running, 'panel.refinement');
    await page.screenshot({ path: join(SCREENSHOTS, 'refinement-selection.png') });
    await page.getByRole('button', { name: 'Everywhere' }).click();
    await expect.poll(async () => (await menuItem(running, 'edit.undo')).label).toBe('Undo Refine Everywhere');
    const full = await saved(running, 'everywhere');
    for (const row of [0, 1000, 4000]) expect(splatBits(full, row)).not.toBe(splatBits(original, row));
    await page.locator('#viewport').focus();
    await page.keyboard.press('Control+i');
    await expect(message).toContainText(`${(SAMPLE_SPLATS - inside).toLocaleString('en')} splats selected`);
    await clickMenu(running, 'refine.selection');
    await expect.poll(async () => (await menuItem(running, 'edit.undo')).label).toBe('Undo Refine Only the Selection');
    const rest = await saved(running, 'rest');
    for (let row = 0; row < SAMPLE_SPLATS; row++)
      expect(splatBits(rest, row)).toBe(splatBits(mask[row] === 1 ? original : full, row));

    // Deleting keeps the refinement; the network then sees the edited scene.
    await page.keyboard.press('Delete');
    await expect(message).toContainText(
      `${(SAMPLE_SPLATS - inside).toLocaleString('en')} splats deleted; ${inside.toLocaleString('en')} splats left.`,
    );
    expect((await saved(running, 'deleted')).count).toBe(inside);
    await page.keyboard.press('r');
    await expect(message).toContainText(`Refined ${inside.toLocaleString('en')} splats`);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect(page.locator('#status .splats')).toContainText('4,007 splats');
    expect(differing(await saved(running, 'undeleted'), rest)).toEqual([]);
  } finally {
    await running.close();
  }
});

test('values, box and knobs select; crop and undo', async () => {
  const running = await launch();
  const { page } = running;
  const message = page.locator('#status .message');
  try {
    const original = await read(join(ROOT, 'test/data/scenes/sample.ply'));
    await expect(message).toContainText('Opened sample.ply');
    await clickMenu(running, 'panel.edit');
    // The knob of the box's right side makes it larger.
    const size = page.getByRole('textbox', { name: 'Size X' });
    const before = Number(await size.inputValue());
    const knob = page.locator('[data-handle="x+"]:visible');
    const at = await knob.boundingBox();
    const centre = await page.locator('[data-handle="centre"]:visible').boundingBox();
    if (at === null || centre === null) throw new Error('The knobs are not there.');
    await page.mouse.move(at.x + 8, at.y + 8);
    await page.mouse.down();
    await page.mouse.move(at.x + 8 + (at.x - centre.x) * 0.5, at.y + 8 + (at.y - centre.y) * 0.5, { steps: 5 });
    await page.mouse.up();
    expect(Number(await size.inputValue())).toBeGreaterThan(before * 1.1);
    const dragged = Number(await size.inputValue());
    await knob.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => Number(await size.inputValue())).toBeGreaterThan(dragged);

    await page.locator('#dock').getByRole('button', { name: 'Values' }).click();
    await page.getByRole('textbox', { name: 'From' }).fill('0.5');
    await page.getByRole('textbox', { name: 'From' }).press('Enter');
    const solid = [...original.logitOpacities].filter((logit) => 1 / (1 + Math.exp(-logit)) >= 0.5).length;
    await expect(page.locator('.found')).toHaveText(`${solid.toLocaleString('en')} splats in this range.`);
    await page.locator('[data-combine="replace"]').click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(SCREENSHOTS, 'edit-values.png') });
    await page.locator('#dock').getByRole('button', { name: 'Keep only' }).click();
    await expect(message).toContainText(`${solid.toLocaleString('en')} splats left`);
    const cropped = await saved(running, 'cropped');
    expect(cropped).toMatchObject({
      count: solid,
      shDegree: original.shDegree,
      meta: { antialiased: original.meta.antialiased },
    });
    expect(cropped.logitOpacities.every((logit) => logit >= -1e-6)).toBe(true);
    await page.locator('#viewport').focus();
    await page.keyboard.press('Control+z');
    expect(differing(await saved(running, 'uncropped'), original)).toEqual([]);
  } finally {
    await running.close();
  }
});

test('decimation to half and floaters: seen and counted first, applied, undone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-planted-'));
  const planted = join(folder, 'planted.ply');
  await writeFile(planted, await encodedBytes(await plantedScene(), 'inria-ply'));
  const running = await launch(planted);
  const { page } = running;
  const message = page.locator('#status .message');
  const outcome = page.locator('.outcome');
  try {
    const original = await read(planted);
    await expect(page.locator('#status .splats')).toContainText('4,047 splats');
    await clickMenu(running, 'panel.edit');
    await page.getByRole('tab', { name: 'Clean up' }).click();
    await page.getByRole('button', { name: 'Detached parts' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await expect(outcome).toBeVisible();
    await expect(outcome).toContainText('of 4,047 splats would go.');
    const found = Number(/^([\d,]+) of/.exec((await outcome.textContent()) ?? '')?.[1]?.replace(',', ''));
    expect(found).toBeGreaterThanOrEqual(40);
    expect(found).toBeLessThan(400);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(SCREENSHOTS, 'clean-up-floaters.png') });
    expect(differing(await saved(running, 'not-yet'), original)).toEqual([]);
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(message).toContainText(`${found} splats deleted`);
    const cleaned = await saved(running, 'cleaned');
    expect(cleaned).toMatchObject({ count: 4047 - found, shDegree: 1, meta: { antialiased: true } });
    const left = new Set(Array.from({ length: cleaned.count }, (_, row) => splatBits(cleaned, row)));
    for (let row = SAMPLE_SPLATS; row < 4047; row++) expect(left.has(splatBits(original, row))).toBe(false);
    await page.locator('#viewport').focus();
    await page.keyboard.press('Control+z');
    await expect(page.locator('#status .splats')).toContainText('4,047 splats');

    await page.locator('#dock').getByRole('button', { name: 'Decimate' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await expect(outcome).toContainText('4,047 splats become 2,024.', { timeout: 60_000 });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(SCREENSHOTS, 'clean-up-decimate-goes.png') });
    await page.getByRole('button', { name: 'Result' }).click();
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(SCREENSHOTS, 'clean-up-decimate-result.png') });
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(message).toContainText('Decimated from 4,047 splats to 2,024 splats.');
    expect(await saved(running, 'half')).toMatchObject({ count: 2024, shDegree: 1, meta: { antialiased: true } });
    await page.locator('#viewport').focus();
    await page.keyboard.press('Control+z');
    expect(differing(await saved(running, 'whole'), original)).toEqual([]);
  } finally {
    await running.close();
    await rm(folder, { recursive: true });
  }
});

/** The sample, anti-aliased, with 40 solid splats in a clump beside it. */
async function plantedScene(): Promise<SplatScene> {
  const sample = await read(join(ROOT, 'test/data/scenes/sample.ply'));
  const scene = createScene(sample.count + 40, sample.shDegree, { ...sample.meta, antialiased: true });
  for (const name of SCENE_ARRAYS) scene[name].set(sample[name]);
  for (let i = 0; i < 40; i++) {
    const row = sample.count + i;
    scene.positions.set([-0.3 + 0.01 * (i % 4), 0.17 + 0.01 * (i >> 3), 0.3 + 0.01 * ((i >> 2) & 1)], 3 * row);
    scene.logScales.fill(Math.log(0.012), 3 * row, 3 * row + 3);
    scene.quats.set([1, 0, 0, 0], 4 * row);
    scene.logitOpacities[row] = 4;
    scene.shDc.set([1.5, -1, -1], 3 * row);
  }
  return scene;
}
