import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openModel } from '../../../../electron/models/open-model.ts';
import { FilesRead } from '../../../../electron/files/files-read.ts';
import { isOnDisk } from '../../../../electron/batch/store.ts';
import { isFinished } from '../../../../electron/cli/refine/finished.ts';
import { refineFile, refinerOf } from '../../../../electron/jobs/refine-file.ts';
import type { RefineFileOptions, SceneRefiner } from '../../../../electron/jobs/refine-file.ts';
import { openFileSource } from '../../../../renderer/io/node-source.ts';
import { readScene } from '../../../../renderer/io/read-scene.ts';
import { encodedBytes } from '../../../encoded-bytes.ts';
import { createNodeBackend } from '../../../../renderer/refine/backend-node.ts';
import type { RefineReport } from '../../../../renderer/refine/refine-scene.ts';
import { cropPly } from '../../../crop-ply.ts';
import { randomScene } from '../../io/fixtures.ts';

const SAMPLE = readFileSync(resolve(import.meta.dirname, '../../../../test/data/scenes/sample.ply'));
const NOBODY = 65534;

let refine: SceneRefiner;
let folder: string;
beforeAll(async () => {
  refine = refinerOf(await openModel(), createNodeBackend({ threads: 1 }));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-refine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const put = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};
const options = (changes: Partial<RefineFileOptions> = {}): RefineFileOptions => ({
  refine,
  format: 'inria-ply',
  strength: 1,
  read: new FilesRead(),
  overwrite: false,
  ...changes,
});

/** Runs `body` with the rights of nobody, so that permissions bind the superuser's tests too. */
async function withoutPrivileges<T>(body: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return body();
  process.seteuid?.(NOBODY);
  try {
    return await body();
  } finally {
    process.seteuid?.(0);
  }
}

describe('refineFile', () => {
  test('an answer that is a folder appears whole, is recognised, and is replaced only where allowed', async () => {
    const input = put('in.ply', cropPly(SAMPLE, 40));
    const output = at('plant/meta.json');
    const result = await refineFile(input, output, options({ format: 'sog-folder', comment: 'made by a test' }));
    expect(result.bytes).toBe(readFileSync(output).length);
    expect(result.outputBytes).toBeGreaterThan(result.bytes);
    expect(await isOnDisk(output, { ...result, result: undefined as never })).toBe(true);
    expect(await isFinished({ input, output }, 'made by a test')).toBe(true);
    expect(await isFinished({ input, output }, 'made by another')).toBe(false);
    await expect(refineFile(input, output, options({ format: 'sog-folder' }))).rejects.toMatchObject({
      code: 'exists',
      message: 'plant exists already and was left as it is.',
    });
    await refineFile(input, output, options({ format: 'sog-folder', overwrite: true }));
    expect(readdirSync(folder).sort()).toEqual(['in.ply', 'plant']);
  });

  test('writes what the network answers, in every format, and tells its checksum before it is on disk', async () => {
    const input = put('in.ply', cropPly(SAMPLE, 120));
    const seen: string[] = [];
    const splats: number[] = [];
    for (const [format, name] of [
      ['inria-ply', 'a.ply'],
      ['compressed-ply', 'b.compressed.ply'],
      ['spz', 'c.spz'],
    ] as const) {
      const result = await refineFile(
        input,
        at(name),
        options({
          format,
          onRead: (count) => splats.push(count),
          onProgress: ({ stage }) => {
            if (seen.at(-1) !== stage) seen.push(stage);
          },
          onEncoded: (file) => {
            expect(readdirSync(folder)).not.toContain(name);
            expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
            return Promise.resolve();
          },
        }),
      );
      expect(result.bytes).toBe(readFileSync(at(name)).length);
      expect(result.report).toMatchObject({ splats: 120, refined: 120, outputSplats: 120 });
    }
    expect(splats).toEqual([120, 120, 120]);
    // The shipped model is asked about four forms of a scene.
    const asked = Array.from({ length: 4 }, () => ['plan', 'network']).flat();
    expect(seen.slice(0, 15)).toEqual([
      'Reading splats',
      'region',
      'sight',
      ...asked,
      'check',
      'reconcile',
      'finish',
      'Writing splats',
    ]);
    expect(seen.at(-1)).toBe('Saving');
    const source = await openFileSource(at('a.ply'));
    const refined = await readScene(source);
    await source.close();
    expect(refined.count).toBe(120);
    expect(readFileSync(input).length).toBe(cropPly(SAMPLE, 120).length);
  });

  test('notes that the cameras that were given show nothing of what was refined', async () => {
    const input = put('in.ply', await encodedBytes(randomScene(60, 1), 'inria-ply'));
    const notesWith = async (cameras: RefineReport['cameras']) => {
      const refine: RefineFileOptions['refine'] = (scene) =>
        Promise.resolve({ scene, report: { cameras } as RefineReport });
      return (await refineFile(input, at('out.ply'), options({ refine, overwrite: true }))).notes;
    };
    expect(await notesWith({ given: 4, showing: 0 })).toEqual([expect.stringMatching(/^None of the 4 cameras shows/)]);
    expect(await notesWith({ given: 4, showing: 1 })).toEqual([]);
  });

  test('writes the up axis that it was given, which the input names none of', async () => {
    const scene = randomScene(60, 1);
    const silent = { ...scene, meta: { ...scene.meta, upIsGuessed: true } };
    const plain = await encodedBytes(silent, 'inria-ply');
    const input = put('in.ply', plain);
    const write = async (name: string, changes: Partial<RefineFileOptions>) => {
      // The network's answer is of no matter here.
      await refineFile(
        input,
        at(name),
        options({
          refine: (scene) => Promise.resolve({ scene, report: { cameras: null } as RefineReport }),
          ...changes,
        }),
      );
      const source = await openFileSource(at(name));
      return readScene(source).finally(() => source.close());
    };
    const told = await write('told.ply', { up: 'y' });
    expect(told.meta).toMatchObject({ up: 'y', upIsGuessed: false });
    expect((await write('told.compressed.ply', { up: 'z', format: 'compressed-ply' })).meta).toMatchObject({
      up: 'z',
      upIsGuessed: false,
    });
    const turned = await write('told.spz', { up: 'z', format: 'spz' });
    expect(turned.positions[1]).toBeCloseTo(told.positions[2], 3);
    expect(turned.positions[2]).toBeCloseTo(-told.positions[1], 3);
    expect((await write('guessed.ply', {})).meta).toMatchObject({ up: '-y', upIsGuessed: true });
    expect(readFileSync(at('guessed.ply'))).toEqual(Buffer.from(plain));
  });

  test('never overwrites unless told, and the input never', async () => {
    const input = put('in.ply', cropPly(SAMPLE, 60));
    const output = put('out.ply', 'precious');
    await expect(refineFile(input, output, options())).rejects.toMatchObject({ code: 'exists' });
    expect(readFileSync(output, 'utf8')).toBe('precious');
    await refineFile(input, output, options({ overwrite: true }));
    expect(readFileSync(output).length).toBeGreaterThan(1000);
    linkSync(input, at('hard.ply'));
    symlinkSync(input, at('soft.ply'));
    for (const name of ['in.ply', 'hard.ply', 'soft.ply'])
      await expect(refineFile(input, at(name), options({ overwrite: true }))).rejects.toMatchObject({ code: 'usage' });
    expect(readFileSync(input)).toEqual(Buffer.from(cropPly(SAMPLE, 60)));
    const read = new FilesRead();
    await read.addModel(put('model.pth', 'weights'));
    for (const name of ['model.pth', 'model.json'])
      await expect(refineFile(input, at(name), options({ read, overwrite: true }))).rejects.toMatchObject({
        code: 'usage',
      });
    expect(readFileSync(at('model.pth'), 'utf8')).toBe('weights');
  });

  test('keeps a file that appears while it works', async () => {
    const input = put('in.ply', cropPly(SAMPLE, 60));
    const late = options({ onEncoded: () => Promise.resolve(void put('out.ply', 'precious')) });
    await expect(refineFile(input, at('out.ply'), late)).rejects.toMatchObject({ code: 'exists' });
    expect(readFileSync(at('out.ply'), 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual(['in.ply', 'out.ply']);
  });

  test('names what is wrong with a bad input', async () => {
    const good = cropPly(SAMPLE, 200);
    const huge = put('huge.ply', good.subarray(0, 4096));
    truncateSync(huge, Math.ceil(totalmem() / 2));
    execFileSync('mkfifo', [at('pipe.ply')]);
    const cases: readonly [string, string, RegExp][] = [
      [put('truncated.ply', good.subarray(0, good.length - 1000)), 'truncated-file', /truncated.ply ends too early/],
      [put('text.ply', 'This is a letter.'), 'unknown-format', /no splat scene/],
      [put('empty.ply', ''), 'empty-scene', /empty.ply is an empty file/],
      [
        put(
          'lies.ply',
          Buffer.concat([
            Buffer.from(
              Buffer.from(good).toString('latin1').replace('element vertex 200', 'element vertex 2000000000'),
              'latin1',
            ),
          ]),
        ),
        'truncated-file',
        /lies.ply/,
      ],
      [huge, 'out-of-memory', /GB of memory/],
      [at('gone.ply'), 'io', /gone.ply could not be opened: it is not there/],
      [at('pipe.ply'), 'io', /pipe/],
    ];
    for (const [input, code, message] of cases) {
      await expect(refineFile(input, at('out.ply'), options())).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as string,
      });
    }
    expect(readdirSync(folder)).not.toContain('out.ply');
  });

  test('says that the output folder is gone, closed or full', async () => {
    const input = put('in.ply', cropPly(SAMPLE, 400));
    await expect(refineFile(input, at('absent/out.ply'), options())).rejects.toMatchObject({
      code: 'io',
      message: 'out.ply could not be written: its folder is gone.',
    });

    mkdirSync(at('leaves'));
    const leaving = options({ onEncoded: () => Promise.resolve(rmSync(at('leaves'), { recursive: true })) });
    await expect(refineFile(input, at('leaves/out.ply'), leaving)).rejects.toMatchObject({
      code: 'io',
      message: 'out.ply could not be written: its folder is gone.',
    });

    mkdirSync(at('closed'), { mode: 0o555 });
    chmodSync(folder, 0o755);
    chmodSync(input, 0o644);
    await withoutPrivileges(() =>
      expect(refineFile(input, at('closed/out.ply'), options())).rejects.toMatchObject({
        code: 'io',
        message: 'out.ply could not be written: you have no permission.',
      }),
    );
    const secret = put('secret.ply', cropPly(SAMPLE, 60));
    chmodSync(secret, 0);
    mkdirSync(at('open'), { mode: 0o777 });
    chmodSync(at('open'), 0o777);
    await withoutPrivileges(() =>
      expect(refineFile(secret, at('open/out.ply'), options())).rejects.toMatchObject({
        code: 'io',
        message: 'secret.ply could not be opened: you have no permission.',
      }),
    );
  });

  test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'says that the disk is full and leaves nothing of the file on it (needs root on Linux: mounts a small disk)',
    async () => {
      const input = put('in.ply', cropPly(SAMPLE, 400));
      const disk = at('disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]);
      try {
        await expect(refineFile(input, join(disk, 'out.ply'), options())).rejects.toMatchObject({
          code: 'io',
          message: 'out.ply could not be written: the disk is full.',
        });
        expect(readdirSync(disk)).toEqual([]);
        await refineFile(put('small.ply', cropPly(SAMPLE, 40)), join(disk, 'small.ply'), options());
        expect(readdirSync(disk)).toEqual(['small.ply']);

        // A disk that is full beforehand is told of before a scene is read for it.
        for (const size of [4096, 1]) {
          try {
            for (let i = 0; i < 16; i++) writeFileSync(join(disk, `fill-${size}-${i}`), new Uint8Array(size));
          } catch {
            // Full at last.
          }
        }
        const onRead = vi.fn();
        await expect(refineFile(input, join(disk, 'out.ply'), options({ onRead }))).rejects.toMatchObject({
          message: 'out.ply could not be written: the disk is full.',
        });
        expect(onRead).not.toHaveBeenCalled();
      } finally {
        execFileSync('umount', [disk]);
      }
    },
  );

  test('waits at its pauseGate and ends at a cancel', async () => {
    const input = put('in.ply', cropPly(SAMPLE, 60));
    let waits = 0;
    await refineFile(
      input,
      at('out.ply'),
      options({
        pauseGate: () => {
          waits += 1;
          return Promise.resolve();
        },
      }),
    );
    expect(waits).toBeGreaterThan(5);
    const abort = new AbortController();
    const cancelled = options({
      signal: abort.signal,
      onProgress: ({ stage }) => {
        if (stage === 'network') abort.abort();
      },
    });
    await expect(refineFile(input, at('other.ply'), cancelled)).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(folder).sort()).toEqual(['in.ply', 'out.ply']);
  });
});
