import { copyFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { convert } from '../../electron/cli/convert.ts';
import { info } from '../../electron/cli/info.ts';
import { refine } from '../../electron/cli/refine.ts';
import { terminal } from '../../electron/cli/terminal.ts';
import { dataPath } from '../test-data.ts';

const usage = expect.objectContaining({ code: 'usage' }) as Error;

let folder = '';
let printed: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-cli-'));
  printed = [];
  vi.spyOn(terminal, 'result').mockImplementation((text) => void printed.push(text));
  vi.spyOn(terminal, 'note').mockImplementation((text) => void printed.push(text));
});
afterEach(() => rm(folder, { recursive: true }));

const lastJson = (): unknown => JSON.parse(printed.at(-1) ?? '') as unknown;

describe('info and convert', () => {
  it('tells what is in a file as JSON', async () => {
    expect(await info([dataPath('scenes/plant.splat'), '--json'])).toBe(0);
    expect(lastJson()).toMatchObject({ format: 'splat', splats: 22_730, shDegree: 0, invalidSplats: 0 });
  });

  it('converts to SPZ and back to PLY without losing a splat', async () => {
    const spz = join(folder, 'a.spz');
    const ply = join(folder, 'a.ply');
    expect(await convert([dataPath('weights/sample.ply'), spz])).toBe(0);
    expect(await convert([spz, ply])).toBe(0);
    await info([dataPath('weights/sample.ply'), '--json']);
    const { splats } = lastJson() as { splats: number };
    await info([ply, '--json']);
    expect(lastJson()).toMatchObject({ format: 'inria-ply', splats, shDegree: 1 });
  });

  it('copies an INRIA PLY bit for bit and never writes over its input', async () => {
    const input = join(folder, 'in.ply');
    await copyFile(dataPath('parity/small/in.ply'), input);
    const before = await readFile(input);
    await expect(convert([input, input])).rejects.toThrow(usage);
    await expect(convert([input, join(folder, 'x.obj')])).rejects.toThrow(usage);
    expect(await readFile(input)).toEqual(before);
  });
});

describe('refine', () => {
  it('refines good files, names the bad one, leaves nothing half-written and exits with 1', async () => {
    const good = join(folder, 'good.ply');
    const bad = join(folder, 'bad.ply');
    const out = join(folder, 'out');
    await copyFile(dataPath('weights/sample.ply'), good);
    await writeFile(bad, (await readFile(good)).subarray(0, 9000));
    const model = dataPath('weights/first.pth');
    expect(await refine([bad, good, '--out-dir', out, '--model', model, '--json'])).toBe(1);
    expect(lastJson()).toMatchObject({
      results: [
        { input: bad, ok: false, error: { code: 'truncated-file' } },
        { input: good, ok: true },
      ],
    });
    expect(await readdir(out)).toEqual(['good.ply']);
    const first = await readFile(join(out, 'good.ply'));
    expect(await refine([good, '--out-dir', out, '--model', model])).toBe(0);
    expect(await readFile(join(out, 'good.ply'))).toEqual(first);
  });

  it('refuses to put an answer over an input before any is made', async () => {
    const input = join(folder, 'scene.ply');
    await copyFile(dataPath('weights/sample.ply'), input);
    const before = await readFile(input);
    await expect(refine([input, '--out-dir', folder, '--json'])).rejects.toThrow(usage);
    expect(await readFile(input)).toEqual(before);
  });

  it('names a model that is not there', async () => {
    await expect(refine(['x.ply', '--out-dir', folder, '--model', 'nonsense'])).rejects.toMatchObject({ code: 'io' });
    await expect(refine(['x.ply'])).rejects.toThrow(usage);
  });
});
