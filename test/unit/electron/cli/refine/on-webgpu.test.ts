import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quietly } from '../../../../../electron/cli/refine/display.ts';
import { FilesRead } from '../../../../../electron/files/files-read.ts';
import { refineOnWebGpu } from '../../../../../electron/cli/refine/on-webgpu.ts';
import type { RefineRun } from '../../../../../electron/cli/refine/on-cpu.ts';
import { renderJobSchema } from '../../../../../renderer/bridge/jobs.ts';
import type { Region } from '../../../../../renderer/refine/region-choice.ts';
import type { Outcome } from '../../../../../electron/cli/refine/outcome.ts';
import { terminal } from '../../../../../electron/cli/terminal.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-fake-'));
  vi.spyOn(terminal, 'note').mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/**
 * Stands in for the app where it fails in ways that the real one can't be made to: `body` runs with the job and the
 * start's number.
 */
async function fakeApp(body: string): Promise<void> {
  const script = join(folder, 'app.mjs');
  await writeFile(
    script,
    `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const log = ${JSON.stringify(join(folder, 'starts'))};
appendFileSync(log, process.argv.slice(2).join(' ') + '\\n');
const start = readFileSync(log, 'utf8').trim().split('\\n').length;
const job = JSON.parse(readFileSync(process.argv.at(-1), 'utf8'));
const tell = (line) => console.log(JSON.stringify(line));
const done = (place) => tell({ place, outcome: { ok: true, report: { refined: 1 }, notes: [] } });
${body}`,
  );
  vi.stubEnv('SPLATFORMER_ELECTRON', JSON.stringify([process.execPath, script]));
}

async function run(
  names: readonly string[],
  cancelAfterFirst = false,
  knowledge: Pick<RefineRun, 'cameras'> & { readonly region?: Region } = { cameras: undefined },
): Promise<Outcome[]> {
  const controller = new AbortController();
  const outcomes: Outcome[] = [];
  const onOutcome = (outcome: Outcome): void => {
    outcomes.push(outcome);
    if (cancelAfterFirst) controller.abort();
  };
  const items = names.map((name, i) => ({ item: { input: `${name}.ply`, output: `out/${name}.ply` }, place: i + 1 }));
  await refineOnWebGpu(
    { path: 'm.pth', sidecarPath: undefined, name: 'm' },
    {
      items,
      settings: { strength: 1, up: undefined, region: knowledge.region ?? 'auto', format: 'inria-ply' },
      cameras: knowledge.cameras,
      comment: 'x',
      read: new FilesRead(),
      display: quietly(),
      onOutcome,
      signal: controller.signal,
    },
  );
  return outcomes;
}

const starts = async (): Promise<string[]> => (await readFile(join(folder, 'starts'), 'utf8')).trim().split('\n');

describe('refining in the app', () => {
  it('takes all scenes in one start and says what a software adapter means', async () => {
    await fakeApp("tell({ adapter: 'llvmpipe', isSoftware: true }); job.items.forEach((_, place) => done(place));");
    expect((await run(['a', 'b', 'c'])).map(({ ok }) => ok)).toEqual([true, true, true]);
    expect((await starts()).length).toBe(1);
    expect(terminal.note).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('llvmpipe'));
  });

  it('hands over region and cameras as the app reads them', async () => {
    const kept = join(folder, 'job.json');
    await fakeApp(
      "const { writeFileSync } = await import('node:fs'); " +
        `writeFileSync(${JSON.stringify(kept)}, JSON.stringify(job)); ` +
        "tell({ adapter: 'card', isSoftware: false }); done(0);",
    );
    const numbers = { fx: 60, fy: 61, cx: 32, cy: -5, width: 64, height: 48 };
    const worldToView = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const read = async () => renderJobSchema.parse(JSON.parse(await readFile(kept, 'utf8')));
    const region = { centre: [1, -2, 3], radius: 1e-4 } as const;
    await run(['a'], false, { region, cameras: [{ worldToView, ...numbers }] });
    expect(await read()).toMatchObject({ region, cameras: [{ worldToView: [...worldToView], ...numbers }] });
    await run(['a'], false, { region: 'all', cameras: [] });
    expect(await read()).toMatchObject({ region: 'all', cameras: [] });
  });

  it('fails the scene over which the app breaks down and goes on with the others', async () => {
    await fakeApp(
      "tell({ adapter: 'card', isSoftware: false }); for (const [place, { input }] of job.items.entries()) { " +
        "if (input.endsWith('b.ply')) { console.error('The driver fell over.'); process.exit(1); } done(place); }",
    );
    const outcomes = await run(['a', 'b', 'c']);
    expect(outcomes.map(({ input, ok }) => [input, ok])).toEqual([
      ['a.ply', true],
      ['b.ply', false],
      ['c.ply', true],
    ]);
    expect(outcomes[1]?.error).toMatchObject({
      code: 'gpu-error',
      message: expect.stringContaining('The driver fell over.') as string,
    });
    expect((await starts()).length).toBe(2);
  });

  it('counts every scene that was finished when the app ends badly after its last', async () => {
    await fakeApp(
      "tell({ adapter: 'card', isSoftware: false }); job.items.forEach((_, place) => done(place)); " +
        "console.error('The driver fell over.'); process.exitCode = 1;",
    );
    expect((await run(['a', 'b'])).map(({ ok }) => ok)).toEqual([true, true]);
    expect(terminal.note).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('The driver fell over.'));
    expect((await starts()).length).toBe(1);
  });

  it('asks for software graphics where there is no adapter', async () => {
    await fakeApp(
      "if (!process.argv.includes('--graphics=software')) process.exit(75); " +
        "tell({ adapter: 'swiftshader', isSoftware: true }); done(0);",
    );
    expect((await run(['a'])).map(({ ok }) => ok)).toEqual([true]);
  });

  it('gives up where the app can not even begin', async () => {
    await fakeApp("console.error('No display.'); process.exit(1);");
    await expect(run(['a', 'b'])).rejects.toMatchObject({
      code: 'gpu-error',
      message: expect.stringContaining('No display.') as string,
    });
    vi.stubEnv('SPLATFORMER_ELECTRON', undefined);
    await expect(run(['a'])).rejects.toMatchObject({ code: 'usage' });
  });

  it('ends the app when the run is cancelled', async () => {
    await fakeApp("tell({ adapter: 'card', isSoftware: false }); done(0); setInterval(() => undefined, 1000);");
    expect((await run(['a', 'b'], true)).map(({ ok }) => ok)).toEqual([true]);
  });
});
