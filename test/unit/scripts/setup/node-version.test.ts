import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** The script runs before there are packages, so it is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/setup/node-version.mjs')).href;
const { judgeNode } = (await import(/* @vite-ignore */ script)) as {
  judgeNode: (version: string) => { readonly goOn: string; readonly sentence?: string };
};

it.each([
  ['v22.12.0', 'yes'],
  ['v23.0.0', 'yes'],
  ['v24.4.1', 'yes'],
  ['v20.19.0', 'warn'],
  ['v20.20.2', 'warn'],
  ['v20.18.3', 'no'],
  ['v22.11.0', 'no'],
  ['v21.7.3', 'no'],
  ['v18.20.8', 'no'],
])('Node %s: %s', (version, goOn) => {
  const judgement = judgeNode(version);
  expect(judgement.goOn).toBe(goOn);
  if (goOn === 'yes') expect(judgement.sentence).toBeUndefined();
  else expect(judgement.sentence).toContain('Node 22.12 or newer');
});
