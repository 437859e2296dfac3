import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PNG } from 'pngjs';
import { writeShowFile } from '../../renderer/show/show-file.ts';
import { psnr } from '../gpu/psnr.ts';
import { ROOT, SCREENSHOTS, launch } from './app.ts';
import { decodeFrame, readVideo } from './read-video.ts';

const SAMPLE = join(ROOT, 'test/data/scenes/sample.ply');
const UP = [0, 0, 1] as const;
const VIEWS = [
  { position: [1.1, -1.4, 1.9], target: [0, 0, 0], up: UP, rollDegrees: 20, fovYDegrees: 32 },
  { position: [-1.2, -1.6, 0.9], target: [0, 0, 0], up: UP, rollDegrees: 0, fovYDegrees: 60 },
] as const;

function cli(...args: string[]): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  return spawnSync(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...args], { encoding: 'utf8', timeout: 200_000 });
}

/** (pixels, 4) bytes as 0..1, and without their alpha. */
function rgba(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, (value) => value / 255);
}

function rgb(bytes: Uint8Array): Float32Array {
  return rgba(bytes.filter((_, index) => index % 4 !== 3));
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-video-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('the command line films a path: the first and the last frame are its stills', () =>
  inFolder(async (folder) => {
    const [path, out] = [join(folder, 'path.json'), join(folder, 'film.mp4')];
    const keys = VIEWS.map((view, index) => ({ ...view, timeSeconds: index, stop: false }));
    await writeFile(path, writeShowFile({ kind: 'path', path: { keys, timing: 'keys', ease: true } }));
    const background = ['--background', '0.2,0.4,0.6'];
    const made = cli(
      'video',
      SAMPLE,
      '--path',
      path,
      '--size',
      '160x120',
      '--fps',
      '12',
      '--quality',
      'very-high',
      '--out',
      out,
      ...background,
    );
    expect(`${made.status} ${made.stderr}`).toBe('0 ');
    const report = JSON.parse(made.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    expect(report).toMatchObject({
      event: 'filmed',
      output: out,
      width: 160,
      height: 120,
      frames: 12,
      durationSeconds: 1,
    });
    expect(report['codec']).toMatch(/^(H\.264|VP9|AV1)$/);
    expect((await readdir(folder)).sort()).toEqual(['film.mp4', 'path.json']);

    const video = await readVideo(out);
    expect([video.width, video.height, video.packets.length]).toEqual([160, 120, 12]);
    expect(video.durationSeconds).toBeCloseTo(1, 3);
    expect(video.packets.map(({ timestampSeconds }) => Math.round(timestampSeconds * 12))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ]);
    expect(video.mimeType).toContain('video/mp4');

    const running = await launch();
    try {
      for (const [frame, view] of [
        [0, VIEWS[0]],
        [11, VIEWS[1]],
      ] as const) {
        const [camera, still] = [join(folder, 'camera.json'), join(folder, `still-${frame}.png`)];
        await writeFile(camera, JSON.stringify(view));
        expect(
          cli('render', SAMPLE, '--camera', camera, '--size', '160x120', '--out', still, ...background).status,
        ).toBe(0);
        const decoded = await decodeFrame(running.page, video, frame);
        const picture = PNG.sync.read(await readFile(still));
        await writeFile(
          join(SCREENSHOTS, `film-${frame}.png`),
          PNG.sync.write(Object.assign(new PNG({ width: 160, height: 120 }), { data: Buffer.from(decoded) })),
        );
        await writeFile(join(SCREENSHOTS, `film-${frame}-still.png`), await readFile(still));
        // Lossy, with colours at half the size, but the same picture.
        expect(psnr(rgba(decoded), rgb(picture.data))).toBeGreaterThan(30);
      }
    } finally {
      await running.close();
    }
  }));

test('the command line films a turntable as WebM, beside a refined scene', () =>
  inFolder(async (folder) => {
    const out = join(folder, 'turn.webm');
    const made = cli(
      'video',
      SAMPLE,
      '--turntable',
      '--seconds',
      '0.5',
      '--turns',
      '1',
      '--size',
      '128x96',
      '--fps',
      '8',
      '--model',
      'splatformer-desktop',
      '--split',
      '--out',
      out,
    );
    expect(`${made.status} ${made.stderr}`).toBe('0 ');
    const video = await readVideo(out);
    expect([video.width, video.height, video.packets.length]).toEqual([128, 96, 4]);
    expect(video.mimeType).toContain('video/webm');
    expect(video.durationSeconds).toBeCloseTo(0.5, 2);
    expect(await readdir(folder)).toEqual(['turn.webm']);
  }));

test('the command line refuses what makes no video, and leaves nothing', () =>
  inFolder(async (folder) => {
    const out = join(folder, 'film.mp4');
    const size = ['--size', '160x120', '--out', out];
    const bad = join(folder, 'bad.json');
    await writeFile(
      bad,
      JSON.stringify({ format: 'splatformer-camera-path', version: 1, keys: [{ timeSeconds: 0, ...VIEWS[0] }] }),
    );
    const refused: [string[], number, string][] = [
      [['--turntable', '--size', '161x120', '--out', out], 2, 'both must be even'],
      [['--turntable', '--size', '160x120', '--out', join(folder, 'film.avi')], 2, 'Let the name end in .mp4 or .webm'],
      [size, 2, 'Give either --path FILE.json or --turntable'],
      [['--turntable', '--split', ...size], 2, '--split needs a refined scene'],
      [['--turntable', '--elevations', '0,95', ...size], 2, 'from -90 to 90'],
      [['--path', bad, ...size], 1, 'a camera path needs two at least'],
      [['--path', join(folder, 'none.json'), ...size], 1, 'could not be read: it is not there'],
      [['--turntable', '--refined', join(folder, 'none.ply'), ...size], 1, 'There is no file'],
      [['--turntable', '--size', '160x120', '--out', join(folder, 'none/film.mp4')], 1, 'There is no folder'],
    ];
    for (const [args, status, message] of refused) {
      const made = cli('video', SAMPLE, ...args);
      expect([made.status, made.stderr]).toEqual([status, expect.stringContaining(message)]);
    }
    expect(await readdir(folder)).toEqual(['bad.json']);
  }));

test('a signal ends filming, and nothing is left', () =>
  inFolder(async (folder) => {
    const args = [
      'video',
      SAMPLE,
      '--turntable',
      '--seconds',
      '60',
      '--size',
      '640x480',
      '--out',
      join(folder, 'long.webm'),
    ];
    const child = spawn(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number | null>((done) => child.on('close', done));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    await expect.poll(() => output, { timeout: 120_000 }).toContain('"stage":"Filming"');
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^\.splatformer-.*\.tmp$/)]);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await expect.poll(() => readdir(folder)).toEqual([]);
  }));
