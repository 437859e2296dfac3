import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderJobSchema } from '../../../../renderer/bridge/jobs.ts';

/** The script runs before there are packages, so it is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/setup/app-commands.mjs')).href;
const { needsTheApp } = (await import(/* @vite-ignore */ script)) as {
  needsTheApp: (args: readonly string[]) => boolean;
};

const jobs = renderJobSchema.options.map(({ shape }) => shape.kind.value);

test('every command that is a job of the app gets the app', () => {
  expect(jobs).toContain('video');
  for (const kind of jobs) expect([kind, needsTheApp([kind, 'scene.ply', '--device', 'webgpu'])]).toEqual([kind, true]);
});

test('the others need no Electron, refining on the CPU neither', () => {
  expect(needsTheApp(['refine', 'a.ply', '--device=webgpu'])).toBe(true);
  for (const args of [
    ['refine', 'a.ply'],
    ['refine', '--device', 'cpu', 'webgpu'],
    ['convert', 'a.ply', 'b.spz'],
    ['info', 'render'],
    ['--help'],
    [],
  ])
    expect([args, needsTheApp(args)]).toEqual([args, false]);
});
