import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import {
  SCREENSHOTS,
  answerOpenDialog,
  answerSaveDialog,
  chooseFormat,
  clickMenu,
  launch,
  ROOT,
  saveSceneAs,
} from './app.ts';

const PLANT = join(ROOT, 'test/data/scenes/plant.splat');

/** What stands out from the background of a picture: where its middle is, as shares of the sides, and its colour. */
function subjectOf(bytes: Buffer): { readonly x: number; readonly y: number; readonly rgb: readonly number[] } {
  const { width, height, data } = PNG.sync.read(bytes);
  const sums = [0, 0, 0, 0, 0];
  let count = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const rgb = [0, 1, 2].map((k) => data[4 * pixel + k]);
    // The plant is green and brown; backgrounds, grids and controls are grey.
    if (Math.max(...rgb) - Math.min(...rgb) < 40) continue;
    [(pixel % width) / width, Math.floor(pixel / width) / height, ...rgb].forEach((value, k) => (sums[k] += value));
    count++;
  }
  const [x, y, ...rgb] = sums.map((sum) => sum / count);
  return { x, y, rgb };
}

test('a saved glTF and a streamed SOG open again, and a web page shows the same without a network', async () => {
  test.slow();
  const running = await launch(PLANT);
  const { page, folder } = running;
  const message = page.locator('#status .message');
  const banner = page.locator('#banner');
  try {
    await expect(message).toContainText('Opened plant.splat');
    await clickMenu(running, 'show.addBookmark');
    const own = await page
      .locator('canvas')
      .first()
      .screenshot({ path: join(SCREENSHOTS, 'exchange-app.png') });
    await saveSceneAs(running, join(folder, 'plant.html'), 'html');
    await expect(banner).toContainText('Saved plant.html');
    // A page is for browsers: here it can't be opened again.
    const recent = await running.app.evaluate(({ Menu }) => {
      const items = Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items ?? []);
      return items?.find(({ label }) => label === 'Open Recent')?.submenu?.items.map(({ label }) => label);
    });
    expect(recent).toContain('plant.splat');
    expect(recent).not.toContain('plant.html');
    await expect(banner).not.toContainText('harmonics');

    await clickMenu(running, 'file.saveAs');
    await page.screenshot({ path: join(SCREENSHOTS, 'exchange-formats.png') });
    await answerSaveDialog(running, join(folder, 'plant.glb'));
    await chooseFormat(running, 'glb');
    await expect(banner).toContainText('Saved plant.glb');
    // Without an ending, as a person types the name of a folder.
    await saveSceneAs(running, join(folder, 'for the web'), 'streamed-sog');
    await expect(banner).toContainText('Saved for the web');
    expect((await readdir(join(folder, 'for the web'))).sort()).toContain('lod-meta.json');

    for (const name of ['plant.glb', 'for the web/lod-meta.json']) {
      await answerOpenDialog(running, join(folder, name));
      await clickMenu(running, 'file.open');
      await expect(message).toContainText(`Opened ${name.split('/')[0]}`);
      await page.screenshot({ path: join(SCREENSHOTS, `exchange-${name.split('/')[0]}.png`) });
    }

    const [executablePath, ...switches] = JSON.parse(process.env['SPLATFORMER_ELECTRON'] ?? '[]') as [string];
    const host = join(import.meta.dirname, 'outside-page');
    // Else the viewer turns about the scene until someone takes hold of it.
    const address = `${pathToFileURL(join(folder, 'plant.html')).href}?noanim`;
    const args = [...switches, '--host-resolver-rules=MAP * ~NOTFOUND', '--enable-unsafe-swiftshader', host, address];
    const browser = await _electron.launch({ executablePath, args, timeout: 60_000 });
    try {
      const shown = await browser.firstWindow();
      const asked: string[] = [];
      const errors: string[] = [];
      shown.on('request', (request) => asked.push(request.url()));
      shown.on('pageerror', (error) => errors.push(error.message));
      const picture = async (): Promise<ReturnType<typeof subjectOf>> =>
        subjectOf(await shown.screenshot({ path: join(SCREENSHOTS, 'exchange-page.png') }));
      const expected = subjectOf(own);
      await expect.poll(async () => Math.abs((await picture()).y - expected.y)).toBeLessThan(0.08);
      const { x, rgb } = await picture();
      expect(Math.abs(x - expected.x)).toBeLessThan(0.08);
      rgb.forEach((value, k) => expect(Math.abs(value - expected.rgb[k]), `channel ${k}`).toBeLessThan(30));
      expect(await shown.title()).toBe('plant');
      await expect(shown.getByText('View 1')).toBeAttached();
      expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      expect(errors).toEqual([]);
    } finally {
      await browser.close();
    }
  } finally {
    await running.close();
  }
});
