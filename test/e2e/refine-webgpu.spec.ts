import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SCENE_ARRAYS, type SplatScene } from '../../renderer/core/splat-scene.ts';
import { keepRows } from '../../renderer/core/keep-rows.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { encodedBytes } from '../encoded-bytes.ts';
import { writeSmallModel } from '../models/reference-models.ts';
import { dataPath } from '../test-data.ts';
import { ROOT, launch } from './app.ts';

const SPLATS = 250;

async function open(path: string): Promise<SplatScene> {
  const source = await openFileSource(path);
  return readScene(source).finally(() => source.close());
}

/** Writes a few splats of the reference scene: a software adapter takes a minute for them. */
async function writePart(path: string, first: number): Promise<void> {
  const whole = await open(dataPath('parity/small/in.ply'));
  const part = keepRows(
    whole,
    Uint8Array.from({ length: whole.count }, (_, row) => Number(row >= first && row < first + SPLATS)),
  );
  await writeFile(path, await encodedBytes(part, 'inria-ply'));
}

interface Line {
  readonly event: string;
  readonly ok?: boolean;
  readonly report?: { readonly backend: string; readonly refined: number };
  readonly error?: { readonly code: string };
}

test('the command line refines scenes on WebGPU in one start of the app, as on the CPU within 1e-3', async () => {
  test.setTimeout(420_000);
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-webgpu-'));
  const [input, gpu, cpu] = ['in', 'gpu', 'cpu'].map((name) => join(folder, name)) as [string, string, string];
  const model = await writeSmallModel(join(folder, 'model'));
  const refine = (out: string, device: string): { status: number | null; lines: Line[]; stderr: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(ROOT, 'dist/cli/cli.js'),
        'refine',
        input,
        '--recursive',
        '--out-dir',
        out,
        '--model',
        model,
        '--device',
        device,
      ],
      { encoding: 'utf8', timeout: 360_000 },
    );
    return {
      status,
      stderr,
      lines: stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line)
        .filter(({ event }) => event !== 'progress'),
    };
  };
  try {
    await mkdir(join(input, 'sub'), { recursive: true });
    await writePart(join(input, 'a.ply'), 0);
    await writePart(join(input, 'sub/b.ply'), 1000);
    await writeFile(join(input, 'bad.ply'), (await readFile(join(input, 'a.ply'))).subarray(0, 5000));

    const onGpu = refine(gpu, 'webgpu');
    expect(`${onGpu.status} ${onGpu.lines.map(({ event }) => event).join(' ')}`).toBe(
      '1 start refined failed refined end',
    );
    expect(onGpu.lines[1]?.report).toMatchObject({ backend: 'webgpu', refined: SPLATS });
    expect(onGpu.lines[2]?.error?.code).toBe('truncated-file');
    expect(onGpu.stderr).toContain('computes on the CPU');
    expect((await readdir(gpu, { recursive: true })).sort()).toEqual(['a.ply', 'sub', 'sub/b.ply']);

    expect(refine(cpu, 'cpu').status).toBe(1);
    for (const name of ['a.ply', 'sub/b.ply']) {
      const [one, other, before] = (await Promise.all(
        [join(gpu, name), join(cpu, name), join(input, name)].map(open),
      )) as [SplatScene, SplatScene, SplatScene];
      const largest = (a: SplatScene, b: SplatScene): number =>
        Math.max(
          ...SCENE_ARRAYS.map((key) =>
            a[key].reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[key][i] ?? NaN))), 0),
          ),
        );
      expect(largest(one, other)).toBeLessThan(1e-3);
      expect(largest(one, before)).toBeGreaterThan(1e-2);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the window refines on WebGPU, a software adapter included, when it is started so', async () => {
  test.setTimeout(420_000);
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-webgpu-'));
  const scene = join(folder, 'part.ply');
  await writePart(scene, 0);
  const running = await launch(scene, '--device=webgpu', `--model=${await writeSmallModel(folder)}`);
  try {
    const message = running.page.locator('#status .message');
    await expect(message).toContainText('Opened part.ply');
    await running.page.keyboard.press('r');
    await expect(message).toContainText(`Refined ${SPLATS} splats`, { timeout: 360_000 });
    await expect(message).toContainText('(WebGPU)');
    await expect(running.page.locator('[data-command="refine.compare"]').nth(1)).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  } finally {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  }
});
