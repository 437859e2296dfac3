import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { refine } from '../../electron/cli/refine.ts';
import { terminal } from '../../electron/cli/terminal.ts';
import { TINY_ANCHOR_SIDECAR, tinyAnchor } from '../models/tiny-anchor.ts';
import { writeCheckpoint } from '../models/write-checkpoint.ts';

const SAMPLE = resolve(import.meta.dirname, '../../test/data/scenes/sample.ply');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-copies-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('the command line writes twenty splats of each one, and says so before', async () => {
  const model = join(folder, 'tiny.pth');
  await writeFile(model, writeCheckpoint(tinyAnchor(20), { inStateDict: true, prefix: 'module.' }));
  await writeFile(join(folder, 'tiny.json'), JSON.stringify(TINY_ANCHOR_SIDECAR));
  const notes: string[] = [];
  vi.spyOn(terminal, 'note').mockImplementation((text) => void notes.push(text));
  vi.spyOn(terminal, 'result').mockImplementation(() => undefined);
  expect(await refine([SAMPLE, '--out-dir', join(folder, 'out'), '--model', model, '--json'])).toBe(0);
  expect(notes[0]).toBe(
    'Tiny anchor makes 20 splats of each one: answers are 20 times as large, in memory and on disk.',
  );
  const file = await open(join(folder, 'out/sample.ply'));
  const { buffer } = await file.read(Buffer.alloc(400), 0, 400, 0);
  await file.close();
  expect(buffer.toString('latin1')).toContain('element vertex 80140');
});
