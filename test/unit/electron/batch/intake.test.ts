import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { admit, gather } from '../../../../electron/batch/intake.ts';
import { DEFAULT_PATTERN, EMPTY_QUEUE, changeSettings, setRun } from '../../../../renderer/batch/queue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-intake-'));
  for (const name of ['one', 'two', 'mine']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'point_cloud.ply'), '');
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('keeps an output folder that was chosen during the search, and takes nothing in it for a scene', async () => {
  const outputFolder = join(folder, 'mine');
  const chosen = changeSettings(EMPTY_QUEUE, { outputFolder, outputFolderIsChosen: true, pattern: '{name}' });
  const states = [EMPTY_QUEUE];
  const { items, settings } = admit(chosen, await gather([folder], () => states.pop() ?? chosen));
  expect(settings).toMatchObject({ outputFolder, outputFolderIsChosen: true, pattern: '{name}' });
  expect(items.map(({ folder: from }) => from)).toEqual(['one', 'two']);
});

test('keeps an output folder that was chosen after the search', async () => {
  const intake = await gather([join(folder, 'one')], () => EMPTY_QUEUE);
  expect(admit(EMPTY_QUEUE, intake).settings.outputFolder).toBe(join(folder, 'one/refined'));
  const chosen = changeSettings(EMPTY_QUEUE, { outputFolder: folder, outputFolderIsChosen: true });
  expect(admit(chosen, intake).settings.outputFolder).toBe(folder);
});

test('changes the pattern for equal names only while nothing is under way', async () => {
  const intake = await gather([folder], () => EMPTY_QUEUE);
  expect(admit(EMPTY_QUEUE, intake).settings.pattern).toBe(`{folder}-${DEFAULT_PATTERN}`);
  for (const run of ['running', 'paused'] as const)
    expect(admit(setRun(EMPTY_QUEUE, run), intake).settings.pattern).toBe(DEFAULT_PATTERN);
});
