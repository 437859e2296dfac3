import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cropPly } from '../crop-ply.ts';
import { dataPath } from '../test-data.ts';
import { DrivenApp } from '../e2e/driven-app.ts';
import type { Fault, FaultContext } from './fault.ts';
import { pause, until } from '../e2e/until.ts';
import { countWhole, digest, expectNoLeftovers } from './whole.ts';

const SCENE = dataPath('weights/sample.ply');
const FILES = 6;
const SPLATS = 300;
const RUN_MS = 12_000;
/** The batch has a process of its own beside the one that refines for the window. */
const BATCH = /NodeService/;

interface Batch {
  readonly app: DrivenApp;
  readonly userData: string;
  readonly input: string;
  readonly out: string;
  /** Of each input. */
  readonly digest: string;
}

async function started({ folder, model }: FaultContext): Promise<Batch> {
  const [userData, input] = [join(folder, 'user-data'), join(folder, 'in')];
  await mkdir(input);
  const scene = cropPly(await readFile(SCENE), SPLATS);
  for (let i = 0; i < FILES; i++) await writeFile(join(input, `scene-${i}.ply`), scene);
  const app = await DrivenApp.launch(model, userData);
  await app.addToBatch(input);
  await until('the batch is empty', async () =>
    (await app.batchText()).includes(`${FILES} waiting`) ? true : undefined,
  );
  await app.clickButton('Start');
  await until('the batch does not start', async () => (/running|done/.test(await app.batchText()) ? true : undefined));
  return { app, userData, input, out: join(input, 'refined'), digest: digest(join(input, 'scene-0.ply')) };
}

/** Waits until nothing waits or runs any more. Resolves with the counts in words. */
function ended(app: DrivenApp): Promise<string> {
  return until(
    'the batch does not end',
    async () => {
      const text = await app.batchText().catch(() => '');
      return text === '' || /waiting|running/.test(text) ? undefined : text;
    },
    240,
  );
}

function inputsAre(input: string, wanted: string): void {
  for (let i = 0; i < FILES; i++)
    if (digest(join(input, `scene-${i}.ply`)) !== wanted) throw new Error(`The input ${i} changed.`);
}

const killedProcess: Fault = {
  name: "the batch's process killed at any moment",
  attempt: async (context) => {
    const { app, input, out, digest: wanted } = await started(context);
    try {
      await pause(context.random() * RUN_MS);
      app.kill(BATCH);
      const words = await ended(app);
      const whole = await countWhole(out);
      expectNoLeftovers(out);
      inputsAre(input, wanted);
      const done = Number(/(\d+) done/.exec(words)?.[1] ?? 0);
      if (whole !== done) throw new Error(`${whole} answers, and ${words}.`);
      if (done < FILES - 1) throw new Error(`More than one file was lost: ${words}.`);
      await app.clickButton('Retry failed').catch(() => undefined);
      return words;
    } finally {
      await app.close();
    }
  },
};

const killedApp: Fault = {
  name: 'the app killed at any moment of a batch',
  attempt: async (context) => {
    const { app, input, out, userData, digest: wanted } = await started(context);
    void app.processes;
    await pause(context.random() * RUN_MS);
    void app.processes;
    process.kill(app.pid, 'SIGKILL');
    await app.expectGone();
    const before = await countWhole(out);
    const queue = JSON.parse(readFileSync(join(userData, 'batch', 'queue.json'), 'utf8')) as {
      readonly items: unknown[];
    };
    if (queue.items.length !== FILES) throw new Error('The list was lost.');
    const next = await DrivenApp.launch(context.model, userData);
    try {
      if (before < FILES) {
        await until('going on is not offered', () =>
          next.clickButton('Resume').then(
            () => true as const,
            () => undefined,
          ),
        );
        await ended(next);
      }
      if ((await countWhole(out)) !== FILES) throw new Error('Not every answer is there.');
      expectNoLeftovers(out);
      inputsAre(input, wanted);
      return 'every answer there and whole';
    } finally {
      await next.close();
    }
  },
};

const goneOutput: Fault = {
  name: 'the output folder removed at any moment of a batch',
  attempt: async (context) => {
    const { app, input, out, digest: wanted } = await started(context);
    try {
      await pause(context.random() * RUN_MS);
      await rm(out, { recursive: true, force: true });
      await ended(app);
      if (existsSync(out)) {
        await countWhole(out);
        expectNoLeftovers(out);
      }
      inputsAre(input, wanted);
      return 'said for each file, inputs as they were';
    } finally {
      await app.close();
    }
  },
};

const goneInputs: Fault = {
  name: 'the inputs removed at any moment of a batch',
  attempt: async (context) => {
    const { app, input, out } = await started(context);
    try {
      await pause(context.random() * RUN_MS);
      for (let i = 0; i < FILES; i++) await rm(join(input, `scene-${i}.ply`), { force: true });
      const words = await ended(app);
      const whole = await countWhole(out);
      expectNoLeftovers(out);
      if (whole !== Number(/(\d+) done/.exec(words)?.[1] ?? 0)) throw new Error(`${whole} answers, and ${words}.`);
      return 'said for each file';
    } finally {
      await app.close();
    }
  },
};

export const BATCH_FAULTS: readonly Fault[] = [killedProcess, killedApp, goneOutput, goneInputs];
