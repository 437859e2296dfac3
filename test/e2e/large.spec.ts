import { appendFile, cp, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { createScene } from '../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { encodedBytes } from '../encoded-bytes.ts';
import { dataPath } from '../test-data.ts';
import { SCREENSHOTS, answerOpenDialog, clickMenu, launch } from './app.ts';
import type { RunningApp } from './app.ts';

const SPLATS = 1_000_000;
/** Reads of the whole file are longer, those of a preview shorter. */
const LONG_READ_BYTES = 200_000;
const SLOW = { timeout: 120_000 };
/** Making levels of the ball takes some seconds of a processor. */
const TURN_STEPS = 100;
const TURN_STEP_MS = 200;

test('a million splats show a preview while they load, which leaves what was open alone', async () => {
  const running = await launch();
  const { page, folder } = running;
  const message = page.locator('#status .message');
  const splats = page.locator('#status .splats');
  const extent = page.locator('#status .reduced');
  const elevation = page.locator('#status .elevation');
  const path = join(folder, 'million.ply');
  await writeFile(path, await encodedBytes(ballFromTopToBottom(), 'inria-ply'));
  await answerOpenDialog(running, path);
  const seePreview = async (): Promise<void> => {
    await holdLongReads(running);
    await clickMenu(running, 'file.open');
    await expect(extent).toHaveText('Preview');
    await expect(elevation).toHaveText('Elevation 15°');
    await expect(page.locator('#job')).toContainText('Opening million.ply');
  };
  try {
    await expect(message).toContainText('Opened sample.ply');
    await page.keyboard.press('4');
    await expect(elevation).toHaveText('Elevation 80°');

    await seePreview();
    const seen = await page.screenshot({ path: join(SCREENSHOTS, 'large-preview.png') });
    // The file begins at the top of the ball and ends at its bottom: both are there.
    expect(coloursOf(PNG.sync.read(seen))).toEqual({ red: true, blue: true });
    await expect(splats).toContainText('4,007 splats');
    await page.keyboard.press('Escape');
    await expect(message).toContainText('cancelled');
    await expect(extent).toHaveText('');
    await expect(elevation).toHaveText('Elevation 80°');

    await seePreview();
    await letReadsGo(running);
    await expect(message).toContainText('Opened million.ply', SLOW);
    await expect(splats).toContainText('1,000,000 splats');
    await expect(extent).toHaveText('', SLOW);
    await expect(elevation).toHaveText('Elevation 15°');
    await page.screenshot({ path: join(SCREENSHOTS, 'large-whole.png') });
    await page.keyboard.press('5');
    await expect(elevation).toHaveText('Elevation 89°', SLOW);
    await turnForAWhile(running);
    await page.screenshot({ path: join(SCREENSHOTS, 'large-moving.png') });
    await expect(page.locator('#status .message.error')).toHaveCount(0);
    await page.keyboard.press('5');
    await expect(elevation).toHaveText('Elevation 89°', SLOW);

    await seePreview();
    await truncate(path, 1_000_000);
    await letReadsGo(running);
    await expect(page.locator('#status .message.error')).toContainText('million.ply became shorter', SLOW);
    await expect(splats).toContainText('1,000,000 splats');
    await expect(elevation).toHaveText('Elevation 89°', SLOW);
  } finally {
    await running.close();
  }
});

test('a large streamed SOG is seen by its coarsest levels before the rest of it is read', async () => {
  const running = await launch();
  const { page, folder } = running;
  const extent = page.locator('#status .reduced');
  const message = page.locator('#status .message');
  const levels = join(folder, 'levels');
  await cp(dataPath('cases/lod_sky'), levels, { recursive: true });
  // As many splats as a large scene has, as the tree counts them: each in six hundred blocks.
  const block = { lods: { '0': { file: 1, count: 984 }, '1': { file: 0, count: 200 } } };
  const filenames = ['1_0/meta.json', '0_0/meta.json'];
  const tree = { children: Array<object>(600).fill(block) };
  const manifest = { version: 1, lodLevels: 2, environment: 'env/meta.json', filenames, tree };
  await writeFile(join(levels, 'lod-meta.json'), JSON.stringify(manifest));
  await appendFile(join(levels, '0_0/meta.json'), ' '.repeat(2 * LONG_READ_BYTES));
  try {
    await expect(message).toContainText('Opened sample.ply');
    await answerOpenDialog(running, levels);
    await holdLongReads(running);
    await clickMenu(running, 'file.open');
    await expect(extent).toHaveText('Preview');
    await page.screenshot({ path: join(SCREENSHOTS, 'levels-preview.png') });
    await expect(page.locator('#status .splats')).toContainText('4,007 splats');
    await letReadsGo(running);
    await expect(message).toContainText('Opened levels');
    await expect(extent).toHaveText('');
  } finally {
    await running.close();
  }
});

/** A ball, its splats from top to bottom: red in the upper half, blue below. */
function ballFromTopToBottom(): SplatScene {
  const scene = createScene(SPLATS, 0, { antialiased: false, up: '-y', format: 'generated', name: 'ball' });
  const size = Math.log(Math.sqrt((4 * Math.PI) / SPLATS));
  const goldenAngle = Math.PI * (3 - Math.sqrt(5));
  scene.logScales.fill(size);
  scene.logitOpacities.fill(4);
  for (let i = 0; i < SPLATS; i++) {
    const height = 1 - (2 * i + 1) / SPLATS;
    const across = Math.sqrt(1 - height * height);
    scene.positions.set([across * Math.cos(i * goldenAngle), -height, across * Math.sin(i * goldenAngle)], 3 * i);
    scene.quats[4 * i] = 1;
    scene.shDc.set(height > 0 ? [1.5, -1.5, -1.5] : [-1.5, -1.5, 1.5], 3 * i);
  }
  return scene;
}

/** Turns the view slowly, from before there are levels of detail until they are drawn. */
async function turnForAWhile({ page }: RunningApp): Promise<void> {
  const { x, y, width, height } = (await page.locator('#viewport').boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  for (let step = 0; step < TURN_STEPS; step++) {
    await page.mouse.move(x + width / 2 + step, y + height / 2);
    await page.waitForTimeout(TURN_STEP_MS);
  }
  await page.mouse.up();
}

/** Has reads of a whole file wait, so that its preview is seen however fast the machine is. */
async function holdLongReads({ app }: RunningApp): Promise<void> {
  await app.evaluate(async (_, longBytes) => {
    const scope = globalThis as unknown as { held?: Promise<void> | undefined; letGo?: () => void };
    const isNew = scope.letGo === undefined;
    scope.held = new Promise((resolve) => (scope.letGo = resolve));
    if (!isNew) return;
    const { open } = process.getBuiltinModule('node:fs/promises');
    const handle = await open(process.execPath);
    const prototype = Object.getPrototypeOf(handle) as { read: (...given: unknown[]) => Promise<unknown> };
    await handle.close();
    const { read } = prototype;
    prototype.read = async function (this: unknown, ...given) {
      if (typeof given[2] === 'number' && given[2] > longBytes) await scope.held;
      return read.apply(this, given);
    };
  }, LONG_READ_BYTES);
}

async function letReadsGo({ app }: RunningApp): Promise<void> {
  await app.evaluate(() => (globalThis as unknown as { letGo: () => void }).letGo());
}

/** Whether a picture has the colours of the ball's halves. */
function coloursOf({ data }: PNG): { readonly red: boolean; readonly blue: boolean } {
  const found = { red: false, blue: false };
  for (let i = 0; i < data.length; i += 4) {
    found.red ||= data[i] > 180 && data[i + 1] < 40 && data[i + 2] < 40;
    found.blue ||= data[i] < 40 && data[i + 1] < 40 && data[i + 2] > 180;
  }
  return found;
}
