import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saveSceneAs } from '../e2e/app.ts';
import { WorkUnderKills, makeWorkFiles } from '../e2e/killed-work.ts';
import type { KilledWork } from '../e2e/killed-work.ts';
import { until } from '../e2e/until.ts';
import type { Fault, FaultContext } from './fault.ts';

const KILLS = 10;
/** The keeper looks once a second, and a big step takes a moment to be written. */
const MOST_LOST_MS = 3000;

async function savedScene({ running }: KilledWork, path: string): Promise<Buffer> {
  try {
    await saveSceneAs(running, path);
    await until('nothing was saved', async () =>
      (await running.page.locator('#status .message').textContent())?.startsWith('Saved') === true ? true : undefined,
    );
    return await readFile(path);
  } finally {
    await running.close();
  }
}

/** Does the work in an app that is killed so many times, and saves the scene in the end. */
async function work({ folder, model, random }: FaultContext, kills: number) {
  const place = join(folder, `kills-${kills}`);
  const killed = new WorkUnderKills({ folder: place, model }, await makeWorkFiles(join(place, 'work')));
  const done = await killed.run(kills, random);
  return { losses: done.losses, scene: await savedScene(done, join(place, 'end.ply')) };
}

/** Kills the app ten times in a day's work, which must end bit for bit as one that nothing disturbed. */
const killedInWork: Fault = {
  name: 'the app killed ten times in its work',
  attempt: async (context) => {
    const undisturbed = await work(context, 0);
    const { losses, scene } = await work(context, KILLS);
    if (!scene.equals(undisturbed.scene)) throw new Error('The work ended otherwise than undisturbed.');
    const ageMs = Math.max(...losses.map((loss) => loss.ageMs));
    const steps = losses.reduce((sum, loss) => sum + loss.steps, 0);
    if (ageMs > MOST_LOST_MS) throw new Error(`What was ${(ageMs / 1000).toFixed(1)} s old was lost.`);
    return `${losses.length} kills, ${steps} steps lost, the oldest of ${(ageMs / 1000).toFixed(1)} s`;
  },
};

export const WORK_FAULTS: readonly Fault[] = [killedInWork];
