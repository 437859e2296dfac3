import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { rangesOf } from '../../renderer/io/scene-ranges.ts';
import { encodeInriaPly } from '../../renderer/io/write-inria-ply.ts';
import type { RunningApp } from '../e2e/app.ts';
import { answerOpenDialog, clickMenu, launch } from '../e2e/app.ts';
import { generateScene } from '../gpu/scenes.ts';

/** A frame of a million splats takes a software adapter about twenty seconds. */
const FRAME_LIMIT_MS = 180_000;

/** Ten minutes: the region's surroundings are drawn from all sides before and after. */
const REFINE_LIMIT_MS = 600_000;

/**
 * Opens a generated scene of SH degree 1, or a file, in the real app, in its smallest window, looks at it from three
 * sides, refines what lies in a ball where one is given, and prints how long its preview, opening, each picture and the
 * refinement took, and the most memory of each process: node test/bench/run.mjs app [SPLATS|SCENE] [X,Y,Z,RADIUS].
 * Throws where a picture does not come. SPLATFORMER_ELECTRON names the Electron and dist/ holds the build, as in
 * npm test.
 */
export async function main([scene = '1000000', region]: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-bench-'));
  try {
    await look(/^\d+$/.test(scene) ? await generated(Number(scene), folder) : scene, region);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function generated(count: number, folder: string): Promise<string> {
  const source = generateScene({ count, shDegree: 1, seed: 1 });
  // As dense scenes are: the more splats, the smaller.
  const shrink = Math.log(count / 500) / 2.2;
  for (let i = 0; i < source.logScales.length; i++) source.logScales[i] -= shrink;
  const file = join(folder, 'generated.ply');
  await writeFile(file, (await encodeInriaPly(rangesOf(source))).pieces());
  return file;
}

async function look(file: string, region: string | undefined): Promise<void> {
  const running = await launch();
  const { app, page } = running;
  try {
    page.setDefaultTimeout(FRAME_LIMIT_MS);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(640, 420));
    await page.locator('#status .message', { hasText: 'Opened sample' }).waitFor();
    await page.locator('#viewport:not([data-drawing])').waitFor();
    await answerOpenDialog(running, file);
    const started = performance.now();
    await clickMenu(running, 'file.open');
    const preview = page.locator('#status .reduced', { hasText: 'Preview' });
    const message = page.locator('#status .message', { hasText: `Opened ${basename(file)}` });
    await preview.or(message).first().waitFor();
    if (await preview.isVisible()) process.stdout.write(`preview after ${seconds(started)} s\n`);
    await message.waitFor();
    process.stdout.write(`${await message.innerText()}\n`);
    await page.locator('#viewport:not([data-drawing])').waitFor();
    process.stdout.write(`picture at rest after ${seconds(started)} s\n`);
    await clickMenu(running, 'view.timings');
    const card = page.locator('.frame-timings');
    await card.getByText('Frame', { exact: true }).waitFor();
    process.stdout.write(`${await passes(card.innerText())}\n`);
    for (const key of ['1', '4']) {
      const before = await card.innerText();
      const pressed = performance.now();
      await page.keyboard.press(key);
      await page.waitForFunction(
        (text) => document.querySelector<HTMLElement>('.frame-timings')?.innerText !== text,
        before,
      );
      process.stdout.write(`key ${key}: picture after ${seconds(pressed)} s; ${await passes(card.innerText())}\n`);
    }
    if (region !== undefined) await refine(running, region);
  } finally {
    process.stdout.write(`${await memory(running)}\n`);
    await running.close();
  }
}

async function refine(running: RunningApp, region: string): Promise<void> {
  const { page } = running;
  await clickMenu(running, 'panel.refinement');
  const dock = page.locator('#dock');
  await dock.getByRole('button', { name: 'Own', exact: true }).click();
  const numbers = region.split(',');
  for (const [index, label] of ['Centre X', 'Centre Y', 'Centre Z', 'Radius'].entries()) {
    const field = dock.getByRole('textbox', { name: label, exact: true });
    await field.fill(numbers[index]);
    await field.press('Enter');
  }
  process.stdout.write(`${await page.locator('.region-words').innerText()}\n`);
  const started = performance.now();
  await clickMenu(running, 'refine.run');
  const result = page.locator('#banner.card');
  await result.filter({ hasText: 'Refined' }).waitFor({ timeout: REFINE_LIMIT_MS });
  process.stdout.write(`refined after ${seconds(started)} s: ${await passes(result.innerText())}\n`);
  await page.locator('#viewport:not([data-drawing])').waitFor();
  process.stdout.write(`picture of the answer after ${seconds(started)} s\n`);
}

/** The most memory that each process of the app had, where the system tells. */
async function memory({ app }: RunningApp): Promise<string> {
  const processes = await app.evaluate(({ app: main }) => main.getAppMetrics().map(({ pid, type }) => ({ pid, type })));
  const parts = processes.map(async ({ pid, type }) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const most = /VmHWM:\s+(\d+) kB/.exec(status);
    return most === null ? [] : [`${type} ${(Number(most[1]) / 1e6).toFixed(2)} GB`];
  });
  return (await Promise.all(parts)).flat().join(', ');
}

async function passes(text: Promise<string>): Promise<string> {
  return (await text).replace(/\n+/g, ' ');
}

function seconds(sinceMs: number): string {
  return ((performance.now() - sinceMs) / 1000).toFixed(1);
}
