import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { colourMap } from '../../renderer/core/colour-map.ts';
import { SCREENSHOTS, clickMenu, launch } from './app.ts';

/** A rectangle of the canvas in CSS pixels. */
interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The canvas as it looks once nothing changes any more: slow adapters draw fewer pixels while the view moves. */
async function settledCanvas(page: Page): Promise<PNG> {
  const box = await page.locator('#viewport').boundingBox();
  if (box === null) throw new Error('The window has no canvas.');
  await drawn(page);
  let last: Buffer | undefined;
  for (let attempt = 0; attempt < 60; attempt++) {
    await page.waitForTimeout(400);
    const shot = await page.screenshot({ clip: box });
    if (last?.equals(shot) === true) return PNG.sync.read(shot);
    last = shot;
  }
  throw new Error('The picture did not come to rest.');
}

/** Waits until the canvas shows what was asked of it so far: until a redraw has begun, two pictures are equal too. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = (): Promise<number> => new Promise(requestAnimationFrame);
    await nextFrame();
    await nextFrame();
    const until = performance.now() + 30_000;
    const moving = '#viewport[data-drawing], .compare-layer[data-sweeping]';
    while (document.querySelector(moving) !== null && performance.now() < until) await nextFrame();
  });
}

/** Pixels in which two pictures differ inside an area. */
function differing(a: PNG, b: PNG, area: Area): number {
  return differences(a, b, area).length;
}

/** The pixels in which two pictures differ inside an area, in words. */
function differences(a: PNG, b: PNG, { left, top, right, bottom }: Area): string[] {
  const found: string[] = [];
  for (let y = Math.ceil(top); y < bottom; y++) {
    for (let x = Math.ceil(left); x < right; x++) {
      const i = (y * a.width + x) * 4;
      if (a.data[i] !== b.data[i] || a.data[i + 1] !== b.data[i + 1] || a.data[i + 2] !== b.data[i + 2]) {
        found.push(
          `${x}, ${y}: ${[...a.data.subarray(i, i + 3)].join(' ')} and ${[...b.data.subarray(i, i + 3)].join(' ')}`,
        );
      }
    }
  }
  return found;
}

/** Share of the pixels of an area whose colour is one of a map's, give or take what blending at edges makes. */
function shareOfMap(picture: PNG, map: Parameters<typeof colourMap>[0], { left, top, right, bottom }: Area): number {
  const table = colourMap(map);
  const known = new Set<number>();
  for (let i = 0; i < table.length; i += 3) known.add((table[i] << 16) | (table[i + 1] << 8) | table[i + 2]);
  let hits = 0;
  let all = 0;
  for (let y = Math.ceil(top); y < bottom; y += 3) {
    for (let x = Math.ceil(left); x < right; x += 3) {
      const i = (y * picture.width + x) * 4;
      all++;
      if (known.has((picture.data[i] << 16) | (picture.data[i + 1] << 8) | picture.data[i + 2])) hits++;
    }
  }
  return hits / all;
}

/** The colours of an area, each once. */
function colours(picture: PNG, { left, top, right, bottom }: Area): string[] {
  const found = new Set<string>();
  for (let y = Math.ceil(top); y < bottom; y++) {
    for (let x = Math.ceil(left); x < right; x++) {
      const i = (y * picture.width + x) * 4;
      found.add([...picture.data.subarray(i, i + 3)].join(' '));
    }
  }
  return [...found];
}

test('before and after compared: split, side by side, heat map, flicker, changes', async () => {
  test.setTimeout(600_000);
  const running = await launch();
  const { app, page } = running;
  const message = page.locator('#status .message');
  const menuItem = (id: string) =>
    app.evaluate(({ Menu }, itemId) => {
      const item = Menu.getApplicationMenu()?.getMenuItemById(itemId);
      return { isEnabled: item?.enabled, isChecked: item?.checked, label: item?.label };
    }, id);
  const shot = (name: string) => page.screenshot({ path: join(SCREENSHOTS, `compare-${name}.png`) });
  const modes = page.locator('.compare-modes');
  const divider = page.getByRole('separator', { name: 'Line between before and after' });
  const legend = page.locator('.compare-legend');
  /** Presses a key over the scene: fields of the panel keep theirs. */
  const press = async (key: string): Promise<void> => {
    await page.locator('#viewport').focus();
    await page.keyboard.press(key);
  };
  try {
    await expect(message).toContainText('Opened sample.ply');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    // Nothing to compare: no bar, greyed commands, and keys that do nothing.
    await expect(modes).toBeHidden();
    expect(await menuItem('compare.split')).toMatchObject({ isEnabled: false });
    await press('l');
    await expect(divider).toBeHidden();
    await clickMenu(running, 'panel.compare');
    await expect(page.locator('#dock')).toContainText('nothing to compare yet');
    await shot('empty');
    await clickMenu(running, 'panel.compare');

    await press('3');
    await press('r');
    await expect(message).toContainText('Refined');
    await expect(modes).toBeVisible();
    await page.locator('#banner').getByRole('button', { name: 'Dismiss' }).click();
    const after = await settledCanvas(page);
    await press('b');
    const before = await settledCanvas(page);
    // Away from the bar, from what lies in the lower corner, and from the ring around a canvas that has the focus.
    const middle = { left: 4, top: before.height * 0.2, right: before.width - 4, bottom: before.height * 0.65 };
    expect(differing(before, after, middle)).toBeGreaterThan(1000);

    // Split: before left of the line, after right of it, to the bit; dragged by the mouse and moved by keys.
    await press('l');
    await expect(divider).toBeVisible();
    await expect(modes.getByRole('button', { name: 'Split' })).toHaveAttribute('aria-pressed', 'true');
    const expectSplit = async (share: number, direction: 'vertical' | 'horizontal'): Promise<void> => {
      const picture = await settledCanvas(page);
      const line = share * (direction === 'vertical' ? picture.width : picture.height);
      const clear = 14;
      const first =
        direction === 'vertical' ? { ...middle, right: line - clear } : { ...middle, bottom: line - clear - 40 };
      const second =
        direction === 'vertical' ? { ...middle, left: line + clear } : { ...middle, top: line + clear + 40 };
      expect(differences(picture, before, first).slice(0, 5)).toEqual([]);
      expect(differences(picture, after, second).slice(0, 5)).toEqual([]);
      expect(differing(picture, before, second)).toBeGreaterThan(100);
    };
    await expectSplit(0.5, 'vertical');
    await shot('split');
    // Neither side alone is shown, and a click on one shows just that.
    const sides = page.locator('#toolbar [data-command="refine.compare"]');
    for (const side of [0, 1]) await expect(sides.nth(side)).toHaveAttribute('aria-pressed', 'false');
    await sides.nth(0).click();
    await expect(divider).toBeHidden();
    await expect(sides.nth(0)).toHaveAttribute('aria-pressed', 'true');
    await press('l');
    const box = await page.locator('#viewport').boundingBox();
    if (box === null) throw new Error('The window has no canvas.');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.7);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.7, { steps: 4 });
    await page.mouse.up();
    await expect(divider).toHaveAttribute('aria-valuenow', '40');
    await divider.press('Shift+ArrowRight');
    await divider.press('ArrowRight');
    await expect(divider).toHaveAttribute('aria-valuenow', '51');
    await divider.press('Shift+ArrowLeft');
    await expectSplit(0.41, 'vertical');
    await press('\\');
    await expect(divider).toHaveAttribute('aria-orientation', 'horizontal');
    await divider.dblclick();
    await expectSplit(0.5, 'horizontal');
    await shot('split-horizontal');
    await press('\\');

    // Side by side: both halves framed by the same camera.
    await press('j');
    await expect(divider).toBeHidden();
    const halves = await settledCanvas(page);
    await shot('side-by-side');
    expect(differing(halves, after, middle)).toBeGreaterThan(1000);

    // Heat map: every pixel is a colour of the map.
    await clickMenu(running, 'panel.compare');
    await press('h');
    await expect(legend).toContainText('Difference of brightness');
    const heat = await settledCanvas(page);
    expect(
      shareOfMap(heat, 'inferno', {
        left: 4,
        top: heat.height * 0.2,
        right: heat.width - 4,
        bottom: heat.height * 0.6,
      }),
    ).toBe(1);
    await shot('heat');
    // The mode outlives a change of strength: at 0 % nothing differs any more.
    await clickMenu(running, 'panel.refinement');
    const strength = page.locator('wa-slider.strength').getByRole('slider');
    await strength.focus();
    await strength.press('Home');
    await expect(page.locator('.slider-field:has(wa-slider.strength) .slider-value')).toHaveText('0 %');
    const none = await settledCanvas(page);
    expect(
      colours(none, { left: 4, top: none.height * 0.2, right: none.width - 4, bottom: none.height * 0.6 }),
    ).toEqual(['0 0 4']);
    await page.getByRole('button', { name: 'Back to 100 %' }).click();
    await clickMenu(running, 'panel.compare');
    await page.locator('#dock wa-select').filter({ visible: true }).last().click();
    await page.getByRole('option', { name: 'Darker or lighter' }).click();
    await expect(legend).toContainText('darker or lighter');
    const signed = await settledCanvas(page);
    expect(
      shareOfMap(signed, 'berlin', {
        left: 4,
        top: signed.height * 0.2,
        right: signed.width - 4,
        bottom: signed.height * 0.6,
      }),
    ).toBe(1);
    await shot('heat-signed');
    expect(await menuItem('compare.heat')).toMatchObject({ isChecked: true });

    // Changes: colours of the map, a legend in its unit, a histogram that says what it holds.
    await press('c');
    await expect(legend).toContainText('Moved');
    await expect(page.locator('#dock .histogram.full canvas')).toHaveAttribute(
      'aria-label',
      /Histogram of 4,007 splats from 0 % to/,
    );
    await expect(page.locator('#dock .figures').filter({ visible: true })).toContainText('98 % of them within');
    await settledCanvas(page);
    await shot('changes-moved');
    for (const [option, name] of [
      ['Grown', 'grown'],
      ['Recoloured', 'recoloured'],
      ['Opacity', 'opacity'],
    ] as const) {
      await page.locator('#dock wa-select').filter({ visible: true }).last().click();
      await page.getByRole('option', { name: option }).click();
      await expect(legend.locator('.title')).toHaveText(option);
      await settledCanvas(page);
      await shot(`changes-${name}`);
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await shot('changes-light');
    await page.emulateMedia({ colorScheme: null });

    // Flicker: before and after take turns.
    await press('k');
    const tags = { before: page.locator('.compare-tag.before'), after: page.locator('.compare-tag.after') };
    await expect(tags.before).toBeVisible();
    await expect(tags.after).toBeVisible();
    await expect(tags.before).toBeHidden();
    await shot('flicker');

    // Escape and B lead back to the plain picture; where motion is unwelcome nothing flickers.
    await press('Escape');
    await expect(tags.after).toBeHidden();
    await clickMenu(running, 'panel.compare');
    // Whoever changed the strength sees the result.
    expect(differences(await settledCanvas(page), after, middle).slice(0, 5)).toEqual([]);
    await press('k');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect(modes.getByRole('button', { name: 'Flicker' })).toBeDisabled();
    await expect(tags.before).toBeHidden();
    await expect.poll(() => menuItem('compare.flicker')).toMatchObject({ isEnabled: false });
    await page.emulateMedia({ reducedMotion: null });
    await press('l');
    await press('b');
    await expect(divider).toBeHidden();
    expect(differences(await settledCanvas(page), before, middle).slice(0, 5)).toEqual([]);

    // A mode outlives another refinement, and the steps back from it, and ends with the refinement itself.
    await press('l');
    await expect.poll(() => menuItem('edit.undo')).toMatchObject({ label: 'Undo Set Strength to 100 %' });
    await press('r');
    await expect.poll(() => menuItem('edit.undo')).toMatchObject({ label: 'Undo Refine' });
    await expect(page.locator('#job')).toBeHidden();
    await expect(divider).toBeVisible();
    await clickMenu(running, 'edit.undo');
    await expect(message).toContainText('Undid');
    await expect(divider).toBeVisible();
    // The first refinement and the two changes of its strength.
    for (let step = 0; step < 3 && (await divider.isVisible()); step++) {
      await clickMenu(running, 'edit.undo');
      await page.waitForTimeout(300);
    }
    await expect(divider).toBeHidden();
    await expect(modes).toBeHidden();
  } finally {
    await running.close();
  }
});

test('frame timings name every pass', async () => {
  const running = await launch();
  const { page } = running;
  const card = page.locator('.frame-timings');
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await clickMenu(running, 'view.timings');
    for (const pass of ['project', 'sort', 'draw', 'present', 'Frame']) await expect(card).toContainText(pass);
    await expect(card).toContainText(/\d ms/);
    await page.screenshot({ path: join(SCREENSHOTS, 'frame-timings.png') });
    await clickMenu(running, 'view.timings');
    await expect(card).toBeHidden();
  } finally {
    await running.close();
  }
});

test('of two pictures side by side the tools take the one under the pointer', async () => {
  const running = await launch();
  const { page } = running;
  const dock = page.locator('#dock');
  const selected = dock.locator('.selected-count');
  try {
    await expect(page.locator('#status .message')).toContainText('Opened sample.ply');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.locator('#viewport').focus();
    await page.keyboard.press('r');
    await expect(page.locator('#status .message')).toContainText('Refined');
    await clickMenu(running, 'panel.edit');
    await clickMenu(running, 'compare.sideBySide');
    await settledCanvas(page);
    const canvas = await page.locator('#viewport').boundingBox();
    if (canvas === null) throw new Error('There is no canvas.');
    const at = (x: number, y: number) => [canvas.x + x * canvas.width, canvas.y + y * canvas.height] as const;
    await dock.getByRole('button', { name: 'Rectangle' }).click();
    // Each picture holds the whole scene, and a drag all over it takes nearly all of it.
    for (const left of [0.02, 0.52]) {
      await page.mouse.move(...at(left, 0.15));
      await page.mouse.down();
      await page.mouse.move(...at(left + 0.46, 0.9), { steps: 4 });
      await page.mouse.up();
      await expect(selected).toContainText(' of 4,007 splats selected');
      const count = Number(/^([\d,]+) of/.exec((await selected.textContent()) ?? '')?.[1]?.replace(',', ''));
      expect(count).toBeGreaterThan(3900);
      await clickMenu(running, 'edit.selectNone');
    }
  } finally {
    await running.close();
  }
});
