import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withEnding } from '../../../../electron/files/with-ending.ts';

it('a name gets its ending once, and never that of a file that nobody was asked about', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ending-'));
  expect(await withEnding(join(folder, 'a'), '.ply')).toBe(join(folder, 'a.ply'));
  expect(await withEnding(join(folder, 'a.PLY'), '.ply')).toBe(join(folder, 'a.PLY'));
  writeFileSync(join(folder, 'taken.ply'), '');
  await expect(withEnding(join(folder, 'taken'), '.ply')).rejects.toMatchObject({
    code: 'io',
    message: expect.stringContaining('taken.ply exists already') as string,
  });
});
