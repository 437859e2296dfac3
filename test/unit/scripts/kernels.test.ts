import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileKernels } from '../../../scripts/kernels.mjs';

it('makes of its source what is committed', async () => {
  const committed = join(import.meta.dirname, '../../../renderer/refine/kernels/fragment-kernels.ts');
  expect(await compileKernels('fragment')).toBe(await readFile(committed, 'utf8'));
});

it("tells the compiler's words of what it can't compile", async () => {
  await expect(compileKernels('no-such')).rejects.toThrow('no-such.kernel.ts');
});
