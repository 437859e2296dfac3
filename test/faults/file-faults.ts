import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dataPath } from '../test-data.ts';
import { DrivenApp } from '../e2e/driven-app.ts';
import type { Fault } from './fault.ts';
import { pause } from '../e2e/until.ts';
import { withMount } from './mounts.ts';
import { countWhole, expectNoLeftovers } from './whole.ts';

const SCENE = dataPath('scenes/plant.splat');
const COPIES = 300;
const OPENING_MS = 4000;

/** Changes a large scene while the app reads it: a named error or a scene, and the app goes on. */
function changed(name: string, change: (path: string) => void): Fault {
  return {
    name: `the scene ${name} while it is read`,
    attempt: async ({ folder, model, random }) => {
      const path = join(folder, 'in', 'large.splat');
      mkdirSync(dirname(path));
      // 218 MB: nothing but many splats is asked of it.
      const bytes = await readFile(SCENE);
      for (let i = 0; i < COPIES; i++) appendFileSync(path, bytes);
      const app = await DrivenApp.launch(model);
      try {
        await app.open(path);
        await pause(random() * OPENING_MS);
        change(path);
        const words = await app.settled(/large\.splat/);
        await app.quiet();
        await app.goesOn(SCENE, folder);
        return `"${words.replace(/\d[\d,.]*/g, 'N').slice(0, 70)}"`;
      } finally {
        await app.close();
      }
    },
  };
}

/** Saves into a place that refuses; `spoil` makes it so, `words` is what the window says. */
function refused(name: string, options: string, words: RegExp): Fault {
  return {
    name,
    attempt: ({ folder, model }) =>
      withMount(join(folder, 'mount'), options, async (out) => {
        const app = await DrivenApp.launch(model);
        try {
          await app.saveAs(join(out, 'saved.ply'));
          await app.settled(words);
          if ((await countWhole(out)) > 0) throw new Error('Something was written.');
          expectNoLeftovers(out);
          await app.goesOn(SCENE, folder);
          return 'said, nothing written';
        } finally {
          await app.close();
        }
      }),
  };
}

const goneFolder: Fault = {
  name: 'the folder removed at any moment of save',
  attempt: async ({ folder, model, random }) => {
    const out = join(folder, 'out');
    mkdirSync(out);
    const app = await DrivenApp.launch(model);
    try {
      await app.saveAs(join(out, 'saved.ply'));
      await pause(random() * 600);
      rmSync(out, { recursive: true, force: true });
      const words = await app.settled(/^Saved|could not be saved/);
      await app.goesOn(SCENE, folder);
      return words.startsWith('Saved') ? 'saved before' : `"${words.slice(0, 60)}"`;
    } finally {
      await app.close();
    }
  },
};

export const FILE_FAULTS: readonly Fault[] = [
  changed('cut short', (path) => truncateSync(path, 1_000_000)),
  changed('removed', (path) => rmSync(path)),
  changed('replaced by text', (path) => writeFileSync(path, 'something else')),
  changed('renamed', (path) => renameSync(path, `${path}.old`)),
  refused('the disk is full under the app', 'size=4k', /full/i),
  refused('a read-only place under the app', 'ro', /read-only/i),
  goneFolder,
];
