import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dataPath } from '../test-data.ts';
import { DrivenApp } from '../e2e/driven-app.ts';
import type { Fault, FaultContext } from './fault.ts';
import { pause } from '../e2e/until.ts';
import { countWhole, digest, expectNoLeftovers, isThereWhole } from './whole.ts';

const SCENE = dataPath('scenes/plant.splat');
const INFERENCE = /NodeService/;
const GRAPHICS = /--type=gpu-process/;
const PAGE = /--type=renderer/;

/** What a person does, each with about how long it takes on two slow cores. */
const STEPS: Readonly<Record<string, { readonly milliseconds: number; readonly begin: Begin }>> = {
  open: { milliseconds: 1500, begin: (app) => app.open(SCENE) },
  refine: { milliseconds: 8000, begin: (app) => app.refine() },
  save: { milliseconds: 1500, begin: (app, folder) => app.saveAs(join(folder, 'saved.ply')) },
};
type Begin = (app: DrivenApp, folder: string) => Promise<void>;

/**
 * Kills one of the app's processes at a random moment of a step, and then does all of it again undisturbed.
 * @param said what the window says then
 */
function killed(what: string, process: RegExp, step: string, said: RegExp): Fault {
  return {
    name: `${what} killed at any moment of ${step}`,
    attempt: async (context) => {
      const { folder, random } = context;
      const { milliseconds, begin } = STEPS[step];
      const before = digest(SCENE);
      const app = await opened(context);
      try {
        await begin(app, folder);
        await pause(random() * milliseconds);
        const wasThere = app.kill(process);
        const words = await app.settled(said);
        await app.quiet();
        await app.goesOn(SCENE, folder);
        await countWhole(folder);
        expectNoLeftovers(folder);
        if (digest(SCENE) !== before) throw new Error('The input changed.');
        return wasThere ? `"${shortened(words)}"` : 'not there';
      } finally {
        await app.close();
      }
    },
  };
}

/** Kills the app itself: the next start works, and the file is the old one, the new one, or not there. */
function killedWhole(step: string): Fault {
  return {
    name: `the app killed at any moment of ${step}`,
    attempt: async (context) => {
      const { folder, model, random } = context;
      const { milliseconds, begin } = STEPS[step];
      const userData = join(folder, 'user-data');
      const outputs = join(folder, 'outputs');
      await mkdir(outputs);
      const app = await DrivenApp.launch(model, userData);
      await app.open(SCENE);
      await app.settled(/^Opened/);
      if (step === 'save') {
        await app.refine();
        await app.settled(/^Refined/);
      }
      await begin(app, outputs);
      void app.processes;
      await pause(random() * milliseconds);
      void app.processes;
      process.kill(app.pid, 'SIGKILL');
      await app.expectGone();
      const isThere = await isThereWhole(join(outputs, 'saved.ply'));
      const next = await DrivenApp.launch(model, userData);
      try {
        const { messages } = await next.said();
        const start = messages.some((words) => words.startsWith('Restored plant')) ? 'comes back' : 'starts again';
        await next.goesOn(SCENE, outputs);
        expectNoLeftovers(outputs);
        return isThere ? `saved whole, ${start}` : start;
      } finally {
        await next.close();
      }
    },
  };
}

async function opened({ model }: FaultContext): Promise<DrivenApp> {
  const app = await DrivenApp.launch(model);
  await app.open(SCENE);
  await app.settled(/^Opened/);
  // So that there is something to save, and each process is there.
  await app.refine();
  await app.settled(/^Refined/);
  return app;
}

function shortened(words: string): string {
  return words.replace(/\d[\d,.]*/g, 'N').slice(0, 60);
}

/** Two starts with one folder of settings: the second hands its scene over and ends. */
const twoStarts: Fault = {
  name: 'the app started twice',
  attempt: async ({ folder, model }) => {
    const userData = join(folder, 'user-data');
    const app = await DrivenApp.launch(model, userData);
    try {
      await app.startedAgain(userData, SCENE);
      const words = await app.settled(/^Opened plant/);
      if (!existsSync(join(userData, 'settings.json'))) throw new Error('The settings are gone.');
      return `"${shortened(words)}"`;
    } finally {
      await app.close();
    }
  },
};

export const APP_FAULTS: readonly Fault[] = [
  killed('the inference process', INFERENCE, 'refine', /./),
  ...Object.keys(STEPS).map((step) => killed('the GPU process', GRAPHICS, step, /./)),
  ...Object.keys(STEPS).map((step) => killed("the page's process", PAGE, step, /loaded again|^Restored|^Opened/)),
  ...Object.keys(STEPS).map(killedWhole),
  twoStarts,
];
