import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { writeSmallModel } from '../models/reference-models.ts';
import { seededRandom } from '../seeded-random.ts';
import { WorkUnderKills, makeWorkFiles } from './killed-work.ts';

test('work goes on where it was after kills at random moments', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-killed-'));
  try {
    const model = await writeSmallModel(join(folder, 'model'));
    const work = new WorkUnderKills({ folder, model }, await makeWorkFiles(join(folder, 'work')), 14);
    const { losses, running } = await work.run(2, seededRandom(7));
    await running.close();
    expect(losses).toHaveLength(2);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
