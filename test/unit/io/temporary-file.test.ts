import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leftoversIn, markFinished, markUnfinished, temporaryName } from '../../../renderer/io/temporary-file.ts';

/** No process has this number. */
const DEAD = 0x7fff_ffff;

test('a name is the same length for every process, and hidden', () => {
  expect(temporaryName()).toMatch(/^\.splatformer-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\.tmp$/);
  expect(temporaryName()).not.toBe(temporaryName());
});

test('leftovers are of processes of this machine that are gone, and of this program', () => {
  const left = temporaryName(DEAD);
  const elsewhere = left.replace(/^\.splatformer-(.)/, (_, digit: string) =>
    digit === '0' ? '.splatformer-1' : '.splatformer-0',
  );
  const names = [
    left,
    temporaryName(),
    elsewhere,
    `${left}x`,
    left.slice(1),
    '.film.mp4.7fffffff01234567.tmp',
    'a.ply',
  ];
  expect(leftoversIn(names)).toEqual([left]);
});

test('the end of a process takes what it did not finish along, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'splat-temporary-'));
  try {
    for (const name of ['half', 'whole']) writeFileSync(join(folder, name), name);
    const before = process.listeners('exit');
    for (const name of ['half', 'whole', 'missing']) markUnfinished(join(folder, name));
    markFinished(join(folder, 'whole'));
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    expect(added).toHaveLength(1);
    added[0](0);
    expect(readdirSync(folder)).toEqual(['whole']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
