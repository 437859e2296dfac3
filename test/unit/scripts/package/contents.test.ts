import { join } from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';

interface Entry {
  readonly name: string;
}

/** The script is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/package/contents.mjs')).href;
const { bundledPackages, filesOf, nodePackages } = (await import(/* @vite-ignore */ script)) as {
  bundledPackages: (dist: string) => string[];
  filesOf: (entry: Entry) => string[];
  nodePackages: (platform: string, arch: string) => Entry[];
};

it("native code of the target's system alone comes along", () => {
  const runtime = nodePackages('linux', 'x64').find(({ name }) => name === 'onnxruntime-node');
  const files = filesOf(runtime as Entry);
  const native = files.filter((path) => path.startsWith('bin/'));
  expect(native.length).toBeGreaterThan(0);
  expect(native.filter((path) => !path.startsWith('bin/napi-v6/linux/x64/'))).toEqual([]);
  expect(files).toContain('package.json');
});

it('every package has what Node code loads of it, and neither types nor source maps', () => {
  for (const entry of nodePackages('linux', 'x64')) {
    const files = filesOf(entry);
    expect(files.some((path) => /\.(c|m)?js$/.test(path))).toBe(true);
    expect(files.filter((path) => /\.(map|ts|mts|cts)$/.test(path))).toEqual([]);
  }
});

it('the packages inside of bundles are read from their source maps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'splatformer-maps-'));
  try {
    const sources = [
      '../../renderer/a.ts',
      '../node_modules/three/src/x.js',
      '../node_modules/@lit/a/node_modules/b/c.js',
    ];
    writeFileSync(join(folder, 'a.js.map'), JSON.stringify({ sources }));
    expect(bundledPackages(folder)).toEqual(['b', 'three']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
