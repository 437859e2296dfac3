import { expect, it } from 'vitest';
import { boundingBox } from '../../../renderer/core/bounds.ts';
import { countUndrawable } from '../../../renderer/core/drawable.ts';
import { resolveUp } from '../../../renderer/core/up-axis.ts';
import { openRanges, readScene } from '../../../renderer/io/read-scene.ts';
import { rangesOf } from '../../../renderer/io/scene-ranges.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { surveyScene } from '../../../renderer/io/survey-scene.ts';
import { dataBytes } from '../../test-data.ts';
import { randomScene } from './fixtures.ts';

it('tells of ranges what is so of the whole', async () => {
  const source = sourceFromBytes('nan.ply', dataBytes('cases/nan.ply'));
  const [whole, survey] = [await readScene(source), await surveyScene(await openRanges(source))];
  expect(survey.undrawable).toBe(countUndrawable(whole));
  expect(survey.undrawable).toBeGreaterThan(0);
  expect(survey.bounds).toEqual(boundingBox(whole));
});

it('takes a sample that says which way is up as the whole does', async () => {
  // Enough for every third splat to be looked at, over several ranges.
  const { meta, ...scene } = randomScene(70_000, 1);
  const whole = { ...scene, meta: { ...meta, upIsGuessed: true } };
  const { sample } = await surveyScene(rangesOf(whole));
  expect(sample.count).toBe(23_334);
  expect(resolveUp(sample)).toEqual(resolveUp(whole));
});

it('names the columns that say something, and refuses what nothing of can be drawn', async () => {
  const scene = randomScene(10, 0);
  const extra = [
    { name: 'nx', type: 'float', values: new Float32Array(10) },
    { name: 'label', type: 'uchar', values: new Uint8Array(10) },
  ] as const;
  expect((await surveyScene(rangesOf({ ...scene, extra }))).columns).toEqual(['label']);
  const broken = { ...scene, quats: new Float32Array(40) };
  await expect(surveyScene(rangesOf(broken))).rejects.toMatchObject({ code: 'invalid-file' });
});
