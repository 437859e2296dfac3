import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { compileKernels, SOURCES } from '../../../scripts/kernels.mjs';

test.each(SOURCES)('what is made of %s is committed', async (source) => {
  const committed = join(import.meta.dirname, '../../..', `${source}-kernels.ts`);
  expect(await compileKernels(source)).toBe(await readFile(committed, 'utf8'));
});

it("tells the compiler's words of what it can't compile", async () => {
  await expect(compileKernels('renderer/no-such')).rejects.toThrow('no-such.kernel.ts');
});
