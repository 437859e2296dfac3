import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, answerSaveDialog, chooseFormat, clickMenu, dropOver, launch } from './app.ts';

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
    await dropOver(running, dataPath('scenes/playbot'));
    await expect(page.locator('#status .message')).toContainText('Opened playbot');
    await expect(page).toHaveTitle('playbot – SplatFormer Desktop');
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-sog-folder.png') });
  } finally {
    await running.close();
  }
});

test('Save asks for a format and a place once, tells the truth about both, and shows where the file is', async () => {
  const running = await launch(PLANT);
  const { app, page, folder } = running;
  const message = page.locator('#status .message');
  const banner = page.locator('#banner');
  const file = join(folder, 'mine.spz');
  try {
    await expect(message).toContainText('Opened plant.splat');
    await app.evaluate(({ dialog, shell }, filePath) => {
      const seen = { names: [] as string[], shown: [] as string[] };
      Object.assign(globalThis, { seen });
      dialog.showSaveDialog = ((_window: unknown, { defaultPath = '' }: Electron.SaveDialogOptions) => {
        seen.names.push(defaultPath);
        return Promise.resolve({ canceled: false, filePath });
      }) as typeof dialog.showSaveDialog;
      shell.showItemInFolder = (path) => void seen.shown.push(path);
    }, file);
    const seen = () =>
      app.evaluate(() => (globalThis as unknown as { seen: { names: string[]; shown: string[] } }).seen);
    await clickMenu(running, 'file.save');
    await page.locator('.save-format input[value="spz"]').check();
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-save.png') });
    await chooseFormat(running, 'spz');
    await expect(banner).toContainText('Saved mine.spz');
    expect((await seen()).names[0]).toMatch(/plant\.spz$/);
    const { mtimeMs } = await stat(file);
    await banner.getByRole('button', { name: 'Show in Folder' }).click();
    await expect.poll(async () => (await seen()).shown).toEqual([file]);

    await clickMenu(running, 'edit.selectAll');
    await expect(banner).toBeHidden();
    await clickMenu(running, 'file.save');
    await expect(message).toContainText('mine.spz holds the scene as it is.');
    await page.keyboard.press('r');
    await expect(banner).toContainText('Refined', { timeout: 120_000 });
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-banner.png') });
    await clickMenu(running, 'file.save');
    await expect(banner).toContainText('Saved mine.spz');
    expect((await stat(file)).mtimeMs).toBeGreaterThan(mtimeMs);
    expect((await seen()).names).toHaveLength(1);
  } finally {
    await running.close();
  }
});

test('messages have their places: an error goes with the next success, Cancel is no error, nothing moves', async () => {
  const running = await launch();
  const { app, page, folder } = running;
  const message = page.locator('#status .message');
  const boxes = (): Promise<Record<string, number>> =>
    page.evaluate(() =>
      Object.fromEntries(
        ['view.frame', 'refine.compare', 'refine.run', 'file.saveAs'].map((id) => [
          id,
          document.querySelector(`#toolbar [data-command="${id}"]`)?.getBoundingClientRect().left ?? -1,
        ]),
      ),
    );
  try {
    await expect(message).toContainText('Opened sample.ply');
    const before = await boxes();
    await page.keyboard.press('r');
    await expect(page.locator('#job')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(message).toContainText('cancelled');
    await page.keyboard.press('r');
    await expect(message).toContainText('Refined 4,007 splats', { timeout: 120_000 });
    expect(await boxes()).toEqual(before);

    await answerSaveDialog(running, join(folder, 'bad.txt'));
    await clickMenu(running, 'file.saveAs');
    await chooseFormat(running);
    await expect(page.locator('#banner.error')).toContainText('bad.txt was not saved');
    const overlap = await page.evaluate(() => {
      const [banner, gauge] = ['#banner', '.gauge'].map((selector) =>
        document.querySelector(selector)?.getBoundingClientRect(),
      );
      return banner !== undefined && gauge !== undefined && banner.right > gauge.left && banner.bottom > gauge.top;
    });
    expect(overlap).toBe(false);
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-error.png') });
    // What is said next is seen, whatever stands over the scene.
    await clickMenu(running, 'view.zoomIn');
    await expect(page.locator('#banner')).toBeHidden();
    await expect(message).toHaveText(/^Interface size/);
    expect(await message.evaluate((element) => getComputedStyle(element).clipPath)).toBe('none');
    await clickMenu(running, 'view.zoomReset');
    await clickMenu(running, 'edit.undo');
    await expect(page.locator('#banner')).toBeHidden();
    await expect(message).toHaveText('Undid: Refine.');
    const userData = await app.evaluate(({ app: electron }) => electron.getPath('userData'));
    const log = await readFile(join(userData, 'splatformer.log'), 'utf8');
    expect(log.split('\n').filter((line) => / error /i.test(line))).toEqual([]);
  } finally {
    await running.close();
  }
});

test('a selection is made on the picture or on the bars, and is seen without the panel', async () => {
  const running = await launch(PLANT);
  const { page } = running;
  const dock = page.locator('#dock');
  const selected = dock.locator('.selected-count');
  const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, from[1], { steps: 4 });
    await page.mouse.move(...to, { steps: 4 });
    await page.mouse.up();
  };
  try {
    await expect(page.locator('#status .message')).toContainText('Opened plant.splat');
    await clickMenu(running, 'panel.edit');
    await drawn(page);
    const canvas = await page.locator('#viewport').boundingBox();
    if (canvas === null) throw new Error('There is no canvas.');
    const at = (x: number, y: number): readonly [number, number] => [
      canvas.x + x * canvas.width,
      canvas.y + y * canvas.height,
    ];
    for (const [tool, from, to] of [
      ['Rectangle', at(0.2, 0.05), at(0.8, 0.4)],
      ['Lasso', at(0.3, 0.3), at(0.5, 0.6)],
      ['Brush', at(0.3, 0.5), at(0.6, 0.5)],
      ['Pick', at(0.5, 0.75), at(0.5, 0.75)],
    ] as const) {
      await dock.getByRole('button', { name: tool }).click();
      const before = await selected.textContent();
      await drag(from, to);
      await expect(selected).not.toHaveText(before ?? '');
      await expect(selected).toContainText(tool === 'Pick' ? /^1 of/ : /^[\d,]+ of 22,730 splats selected/);
      await drawn(page);
      await page.screenshot({ path: join(SCREENSHOTS, `flows-select-${tool.toLowerCase()}.png`) });
    }
    await dock.getByRole('button', { name: 'Values' }).click();
    const bars = await dock.locator('.edit-panel .histogram canvas').boundingBox();
    if (bars === null) throw new Error('There are no bars.');
    await drag([bars.x + bars.width * 0.5, bars.y + 20], [bars.x + bars.width, bars.y + 20]);
    const from = dock.getByRole('textbox', { name: 'From' });
    await expect.poll(async () => Number(await from.inputValue())).toBeGreaterThan(0.4);
    await dock.getByRole('button', { name: 'Select', exact: true }).click();
    await expect(page.locator('#status .message')).toContainText('selected.');
    await dock.getByRole('button', { name: 'Box' }).click();
    await dock.getByRole('textbox', { name: 'Turn Y' }).fill('30');
    await dock.getByRole('textbox', { name: 'Turn Y' }).press('Enter');
    await drawn(page);
    await page.screenshot({ path: join(SCREENSHOTS, 'flows-select-box.png') });
    await clickMenu(running, 'panel.edit');
    await expect(dock).toBeHidden();
    await drawn(page);
    const picture = await page.locator('#viewport').screenshot({ path: join(SCREENSHOTS, 'flows-selected.png') });
    await clickMenu(running, 'edit.selectNone');
    await drawn(page);
    expect((await page.locator('#viewport').screenshot()).equals(picture)).toBe(false);
  } finally {
    await running.close();
  }
});
