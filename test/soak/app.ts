import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answerOpenDialog, clickMenu, launch, saveSceneAs } from '../e2e/app.ts';
import type { RunningApp } from '../e2e/app.ts';
import { dataPath } from '../test-data.ts';
import { sample } from './samples.ts';
import type { Sample } from './samples.ts';

/** A scene of each way of reading: PLY, splat, compressed PLY, SPZ, a SOG folder. */
const SCENES = [
  'weights/sample.ply',
  'scenes/3dgs_sr_demo.ply',
  'scenes/plant.splat',
  'scenes/biker.compressed.ply',
  'scenes/biker.spz',
  'scenes/playbot/6_0/meta.json',
];
const STEP_MS = 300_000;

export interface AppOptions {
  readonly folder: string;
  /** A checkpoint. */
  readonly model: string;
  readonly minutes: number;
  readonly say: (text: string) => void;
}

/** Opens, refines, saves and closes one scene after another, and looks at the app's processes after each. */
export async function soakApp({ folder, model, minutes, say }: AppOptions): Promise<Sample[]> {
  const running = await launch(`--model=${model}`);
  const outputs = join(folder, 'saved');
  await mkdir(outputs);
  const samples: Sample[] = [];
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 60_000;
  try {
    await told(running, 'Opened sample.ply');
    const session = await running.app.context().newCDPSession(running.page);
    for (let round = 0; elapsed() < minutes; round++) {
      const scene = SCENES[round % SCENES.length];
      await once(running, dataPath(scene), join(outputs, `${round}.ply`));
      await rm(join(outputs, `${round}.ply`));
      // What is garbage is no leak.
      await session.send('HeapProfiler.collectGarbage');
      const heap = (await session.send('Runtime.getHeapUsage')) as { usedSize: number };
      const now = sample(running.app.process().pid ?? NaN, elapsed());
      samples.push({ ...now, mebibytes: { ...now.mebibytes, 'page heap': heap.usedSize / 2 ** 20 } });
      if (round % 10 === 0) say(`${elapsed().toFixed(1)} min, ${round + 1} scenes: ${JSON.stringify(samples.at(-1))}`);
    }
    return samples;
  } finally {
    await running.close();
  }
}

async function once(running: RunningApp, scene: string, output: string): Promise<void> {
  await answerOpenDialog(running, scene);
  await clickMenu(running, 'file.open');
  await told(running, 'Opened');
  await running.page.keyboard.press('r');
  await told(running, 'Refined');
  await saveSceneAs(running, output);
  await told(running, 'Saved');
}

async function told({ page }: RunningApp, words: string): Promise<void> {
  await page.locator('#status .message', { hasText: words }).waitFor({ timeout: STEP_MS });
}
