import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gather } from '../../../../electron/batch/intake.ts';
import { EMPTY_QUEUE } from '../../../../renderer/batch/queue.ts';
import { dataPath } from '../../../test-data.ts';

it('a folder that is a scene is as large as the files in it', async () => {
  const folder = dataPath('scenes/playbot/4_0');
  const { items } = await gather([folder], () => EMPTY_QUEUE);
  const bytes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(items).toMatchObject([{ input: folder, bytes: bytes.reduce((a, b) => a + b, 0) }]);
});
