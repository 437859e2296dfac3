import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrivenApp } from '../e2e/driven-app.ts';
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
const STEP_SECONDS = 600;

export interface AppOptions {
  readonly folder: string;
  /** A checkpoint. */
  readonly model: string;
  readonly minutes: number;
  /** Hears of each look at the processes. */
  readonly onSample: (sample: Sample) => Promise<void>;
}

/** Opens, refines, saves and closes one scene after another, and looks at the app's processes after each. */
export async function soakApp({ folder, model, minutes, onSample }: AppOptions): Promise<void> {
  const app = await DrivenApp.launch(model);
  const outputs = join(folder, 'saved');
  await mkdir(outputs);
  const begun = performance.now();
  const elapsed = (): number => (performance.now() - begun) / 60_000;
  try {
    for (let round = 0; elapsed() < minutes; round++) {
      const output = join(outputs, `${round}.ply`);
      await app.open(dataPath(SCENES[round % SCENES.length]));
      await app.settled(/^Opened/, STEP_SECONDS);
      await app.refine();
      await app.settled(/^Refined/, STEP_SECONDS);
      await app.saveAs(output);
      await app.settled(/^Saved/, STEP_SECONDS);
      await rm(output);
      const heap = await app.heapMebibytes();
      const now = sample(app.pid, elapsed());
      await onSample({ ...now, mebibytes: { ...now.mebibytes, 'page heap': heap } });
    }
  } finally {
    await app.close();
  }
}
