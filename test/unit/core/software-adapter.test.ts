import { expect, it } from 'vitest';
import { isSoftwareAdapter } from '../../../renderer/core/software-adapter.ts';

const adapter = (info: object, own: object = {}): GPUAdapter =>
  ({ info: { architecture: '', description: '', ...info }, ...own }) as unknown as GPUAdapter;

it('knows software adapters by flag, old or new, and by name', () => {
  expect(isSoftwareAdapter(adapter({ isFallbackAdapter: true }))).toBe(true);
  expect(isSoftwareAdapter(adapter({}, { isFallbackAdapter: true }))).toBe(true);
  for (const info of [
    { architecture: 'swiftshader' },
    { description: 'llvmpipe (LLVM 15)' },
    { description: 'Microsoft Basic Render Driver' },
  ])
    expect(isSoftwareAdapter(adapter(info))).toBe(true);
  expect(
    isSoftwareAdapter(
      adapter({ architecture: 'ampere', description: 'NVIDIA GeForce RTX 3060', isFallbackAdapter: false }),
    ),
  ).toBe(false);
});
