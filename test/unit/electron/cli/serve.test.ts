import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerLines, serve } from '../../../../electron/cli/serve.ts';
import type { ServeAnswer } from '../../../../electron/cli/serve.ts';
import { openFileSource } from '../../../../renderer/io/node-source.ts';
import { readScene } from '../../../../renderer/io/read-scene.ts';
import { cropPly } from '../../../crop-ply.ts';

const MODELS = join(import.meta.dirname, '../../../../models');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-serve-'));
  writeFileSync(at('in.ply'), cropPly(readFileSync(join(MODELS, 'sample.ply')), 120));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);

async function* linesOf(...requests: (object | string)[]): AsyncGenerator<string> {
  for (const request of requests) yield await Promise.resolve(request).then(textOf);
}
const textOf = (request: object | string): string => (typeof request === 'string' ? request : JSON.stringify(request));

async function answersTo(...requests: (object | string)[]): Promise<{ answers: ServeAnswer[]; allWell: boolean }> {
  const answers: ServeAnswer[] = [];
  const allWell = await answerLines(linesOf(...requests), (answer) => answers.push(answer), AbortSignal.any([]));
  return { answers, allWell };
}

async function positionsOf(name: string): Promise<number[]> {
  const source = await openFileSource(at(name));
  try {
    return [...(await readScene(source)).positions];
  } finally {
    await source.close();
  }
}

it('answers every request in order, with the outcome that refine tells', async () => {
  const { answers, allWell } = await answersTo(
    { input: at('in.ply'), output: at('a.ply') },
    {
      input: at('in.ply'),
      output: at('b.spz'),
      model: join(MODELS, 'splatformer-desktop.pth'),
      strength: 0.5,
      up: 'y',
    },
  );
  expect(allWell).toBe(true);
  expect(answers).toMatchObject([
    { input: at('in.ply'), output: at('a.ply'), ok: true, report: { splats: 120, up: 'z' } },
    { input: at('in.ply'), output: at('b.spz'), ok: true, report: { splats: 120, up: 'y', upIsAssumed: false } },
  ]);
  expect((await positionsOf('b.spz')).length).toBe(360);
});

it('refines with another noise floor where one is asked for', async () => {
  const { answers } = await answersTo(
    { input: at('in.ply'), output: at('own.ply') },
    { input: at('in.ply'), output: at('high.ply'), noiseFloor: { means: 100 } },
    { input: at('in.ply'), output: at('none.ply'), noiseFloor: {} },
  );
  expect(answers.every(({ ok }) => ok)).toBe(true);
  const [before, own, high, none] = await Promise.all(['in.ply', 'own.ply', 'high.ply', 'none.ply'].map(positionsOf));
  const moved = (positions: number[]): number => positions.filter((x, i) => Math.abs(x - before[i]) > 1e-7).length;
  // Visibility weighs the floor: splats that the low views do not show move all the same.
  expect(moved(high)).toBeLessThan(moved(own));
  expect(moved(own)).toBeLessThan(moved(none));
});

it('refines the region and proves the answer by the cameras that a request names', async () => {
  const request = { input: at('in.ply'), output: at('a.ply') };
  const ball = { centre: [0, 0, 0], radius: 1000 };
  writeFileSync(at('transforms.json'), JSON.stringify(oneCamera()));
  const { answers } = await answersTo(
    { ...request, region: 'all' },
    { ...request, region: ball },
    { ...request, region: { ...ball, radius: 1e-6, centre: [1e6, 0, 0] } },
    { ...request, region: { ...ball, radius: 0 } },
    { ...request, cameras: at('transforms.json') },
    { ...request, cameras: at('missing.json') },
  );
  expect(answers).toMatchObject([
    { ok: true, report: { region: null, proof: null } },
    { ok: true, report: { region: ball } },
    { ok: false, error: { code: 'empty-scene' } },
    { ok: false, error: { code: 'usage', message: expect.stringContaining('region') } },
    { ok: true, report: { proof: { evidence: 'cameras', views: 1 } } },
    { ok: false, error: { code: 'io' } },
  ]);
});

/** A camera two units above the origin that looks down, in the words of transforms.json. */
function oneCamera(): object {
  const pose = [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 2],
    [0, 0, 0, 1],
  ];
  return { w: 32, h: 32, fl_x: 32, fl_y: 32, frames: [{ file_path: 'a.png', transform_matrix: pose }] };
}

it('tells what is wrong and goes on', async () => {
  const { answers, allWell } = await answersTo(
    'no JSON',
    { input: at('in.ply') },
    { input: at('in.ply'), output: at('a.ply'), strength: 2, colour: 'red' },
    { input: at('missing.ply'), output: at('a.ply') },
    { input: at('in.ply'), output: at('a.txt') },
    { input: at('in.ply'), output: at('a.ply'), model: 'no-such-model' },
    '',
    { input: at('in.ply'), output: at('in.ply') },
    { input: at('in.ply'), output: at('a.ply') },
  );
  expect(allWell).toBe(false);
  expect(answers.map(({ ok, error }) => (ok ? 'ok' : error?.code))).toEqual([
    'usage',
    'usage',
    'usage',
    'io',
    'usage',
    'io',
    'usage',
    'ok',
  ]);
  expect(answers[0]).toEqual({ ok: false, error: { code: 'usage', message: expect.stringContaining('not JSON') } });
  expect(answers[2].error?.message).toMatch(/strength.*colour/);
});

it('ends between two scenes when it is cancelled', async () => {
  const cancel = new AbortController();
  const answers: ServeAnswer[] = [];
  const request = { input: at('in.ply'), output: at('a.ply') };
  const onAnswer = (answer: ServeAnswer): void => {
    answers.push(answer);
    cancel.abort();
  };
  await answerLines(linesOf(request, request), onAnswer, cancel.signal);
  expect(answers).toHaveLength(1);
});

it('takes no arguments', async () => {
  await expect(serve(['scene.ply'])).rejects.toMatchObject({ code: 'usage' });
});
