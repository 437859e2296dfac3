import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dataPath } from '../test-data.ts';
import { answerCloseQuestion, clickMenu, launchWith } from './app.ts';
import type { RunningApp } from './app.ts';
import { pause, until } from './until.ts';
import { isIdle, readFacts, workSteps } from './work-steps.ts';
import type { Facts, WorkFiles, WorkStep } from './work-steps.ts';

/** A step that has been done, and what was to be seen then. */
interface DoneStep {
  readonly facts: Facts;
  readonly atMs: number;
}

/** What a kill cost. */
export interface Loss {
  readonly killedIn: string;
  /** Steps that had been done and were not there any more. */
  readonly steps: number;
  /** How long before the kill the first of these had been done. */
  readonly ageMs: number;
}

export interface KilledWork {
  readonly losses: readonly Loss[];
  /** The app as the work left it, to be closed. */
  readonly running: RunningApp;
}

/** Most that a kill waits once its step has begun: the slowest step takes about as long. */
const KILL_WITHIN_MS = 1500;

/** Copies what the work takes into a folder. */
export async function makeWorkFiles(folder: string): Promise<WorkFiles> {
  await mkdir(folder, { recursive: true });
  const files = { first: 'chair.ply', second: '3dgs_sr_demo.ply', cameras: 'cameras.json' };
  const [first, second, cameras] = Object.values(files).map((name) => join(folder, name));
  await copyFile(dataPath('scenes/sample.ply'), first);
  await copyFile(dataPath('scenes/3dgs_sr_demo.ply'), second);
  const rotation = [0, 1, 2].map((row) => [0, 1, 2].map((column) => (row === column ? 1 : 0)));
  const camera = { id: 0, img_name: '1', width: 640, height: 480, position: [0, 0, -2], rotation, fx: 600, fy: 600 };
  await writeFile(cameras, JSON.stringify([camera]));
  return { first, second, cameras };
}

/** Works in the real app, which is killed at moments that a seed decides, started again, and worked with on. */
export class WorkUnderKills {
  private readonly done: DoneStep[] = [];
  private readonly losses: Loss[] = [];
  private readonly steps: readonly WorkStep[];

  /**
   * @param setting `folder` for user data and scenes, `model` a checkpoint that refines soon
   * @param count of the steps that are done
   */
  constructor(
    private readonly setting: { readonly folder: string; readonly model: string },
    private readonly files: WorkFiles,
    count = Infinity,
  ) {
    this.steps = workSteps(files).slice(0, count);
  }

  /**
   * Does all steps.
   * @param kills how many times the app is killed on the way
   * @throws Error where it comes back otherwise than it was
   */
  async run(kills: number, random: () => number): Promise<KilledWork> {
    const moments = killMoments(kills, this.steps.length, random);
    let running = await this.start(this.files.first);
    await until('the scene is not there', async () =>
      (await running.page.title()).startsWith('chair.ply') && (await isIdle(running)) ? true : undefined,
    );
    this.done.push({ facts: await settledFacts(running), atMs: performance.now() });
    for (;;) {
      const kill = moments.shift();
      const killed = await this.work(running, kill, random() * KILL_WITHIN_MS);
      if (killed === undefined) return { losses: this.losses, running };
      await rm(running.folder, { recursive: true, force: true });
      running = await this.start();
      await this.cameBack(running, killed);
    }
  }

  private async start(...scene: string[]): Promise<RunningApp> {
    const { folder, model } = this.setting;
    const running = await launchWith({ userData: join(folder, 'user-data') }, '--model', model, ...scene);
    await answerCloseQuestion(running, 'Discard');
    return running;
  }

  /**
   * Goes on with the steps.
   * @param killIn the step in which the app is killed, `killAfterMs` after it began; undefined for none
   * @returns when it was killed; undefined where all steps were done
   */
  private async work(
    running: RunningApp,
    killIn: number | undefined,
    killAfterMs: number,
  ): Promise<number | undefined> {
    const killed = { atMs: undefined as number | undefined };
    const child = running.app.process();
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    let isArmed = false;
    while (this.done.length <= this.steps.length && killed.atMs === undefined) {
      const index = this.done.length - 1;
      if (killIn !== undefined && index >= killIn && !isArmed) {
        isArmed = true;
        void pause(killAfterMs).then(() => {
          killed.atMs = performance.now();
          child.kill('SIGKILL');
        });
      }
      if (index >= this.steps.length) break;
      try {
        const facts = await doStep(running, this.steps[index]);
        this.done.push({ facts, atMs: performance.now() });
      } catch (error) {
        if (killed.atMs === undefined) throw error;
      }
    }
    if (killIn === undefined) return undefined;
    await gone;
    return killed.atMs;
  }

  /** Waits until the app shows what it showed when some step had been done, and takes the work up from there. */
  private async cameBack(running: RunningApp, killedMs: number): Promise<void> {
    const underWay = this.steps.at(this.done.length - 1);
    await restored(running);
    let facts: Facts = {};
    const found = await until(
      '',
      async () => {
        if (!(await isIdle(running))) return undefined;
        facts = await readFacts(running);
        const index = this.done.findLastIndex((step) => isDeepStrictEqual(step.facts, facts));
        if (index >= 0) return index;
        // What was under way may have been done and kept before anyone saw it.
        return underWay?.isDone(facts) === true ? this.done.length : undefined;
      },
      60,
    ).catch(() => {
      throw new Error(`After ${underWay?.name}, killed, it came back otherwise: ${differences(this.done, facts)}`);
    });
    const lost = this.done.splice(found + 1);
    if (found === this.done.length) this.done.push({ facts, atMs: killedMs });
    this.losses.push({
      killedIn: underWay?.name ?? 'nothing',
      steps: lost.length,
      ageMs: lost.length === 0 ? 0 : killedMs - lost[0].atMs,
    });
  }
}

/** Different steps, in order. */
function killMoments(kills: number, steps: number, random: () => number): number[] {
  const moments = new Set<number>();
  while (moments.size < kills) moments.add(Math.floor(random() * steps));
  return [...moments].sort((a, b) => a - b);
}

async function doStep(running: RunningApp, { name, act, isDone }: WorkStep): Promise<Facts> {
  await act(running);
  let facts: Facts = {};
  const look = async (): Promise<true | undefined> => {
    facts = await settledFacts(running);
    return isDone(facts) ? true : undefined;
  };
  await until('', look, 60).catch(async () => {
    const said = await running.page.locator('#status .message').textContent();
    throw new Error(`${name} was not done: ${JSON.stringify(facts)}, "${said}"`);
  });
  return facts;
}

/** Facts that stay as they are while nothing is under way. */
async function settledFacts(running: RunningApp): Promise<Facts> {
  return until('it does not come to rest', async () => {
    const before = await readFacts(running);
    if (!(await isIdle(running))) return undefined;
    const facts = await readFacts(running);
    return isDeepStrictEqual(facts, before) ? facts : undefined;
  });
}

/** Resolves once the app has restored what was left; one that ended soon after it had restored only offers to. */
async function restored(running: RunningApp): Promise<void> {
  const banner = running.page.locator('#banner');
  const wasOffered = await until('nothing was restored', async () => {
    const text = (await banner.textContent()) ?? '';
    if (text.includes('did not end as it should')) return true;
    return text.includes('Restored') ? false : undefined;
  });
  if (!wasOffered) return;
  await clickMenu(running, 'session.restore');
  await banner.getByText('Restored').waitFor();
}

/** What the last step that was done showed otherwise. */
function differences(done: readonly DoneStep[], facts: Facts): string {
  const last = done.at(-1)?.facts ?? {};
  const names = Object.keys({ ...last, ...facts }).filter((name) => last[name] !== facts[name]);
  return names.map((name) => `${name}: "${facts[name]}" instead of "${last[name]}"`).join('; ');
}
