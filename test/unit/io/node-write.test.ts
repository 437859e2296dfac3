import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PendingFile, makeFolder, writeFileAtomically } from '../../../renderer/io/node-write.ts';
import { temporaryName } from '../../../renderer/io/temporary-file.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splat-io-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('writeFileAtomically', () => {
  it('writes a new file and leaves nothing else behind', async () => {
    await writeFileAtomically(join(folder, 'a.ply'), new Uint8Array([1, 2, 3]));
    expect(readdirSync(folder)).toEqual(['a.ply']);
    expect([...readFileSync(join(folder, 'a.ply'))]).toEqual([1, 2, 3]);
  });

  it('refuses to overwrite, and overwrites when told to', async () => {
    const path = join(folder, 'a.ply');
    writeFileSync(path, 'precious');
    await expect(writeFileAtomically(path, new Uint8Array([1]))).rejects.toMatchObject({
      name: 'SplatError',
      code: 'io',
    });
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(readdirSync(folder)).toEqual(['a.ply']);
    await writeFileAtomically(path, new Uint8Array([7]), { overwrite: true });
    expect([...readFileSync(path)]).toEqual([7]);
    expect(readdirSync(folder)).toEqual(['a.ply']);
  });

  it('removes the temporary file when the last step fails', async () => {
    mkdirSync(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(
      writeFileAtomically(join(folder, 'taken'), new Uint8Array([1]), { overwrite: true }),
    ).rejects.toMatchObject({ code: 'io' });
    expect(readdirSync(folder)).toEqual(['taken']);
    await expect(writeFileAtomically(join(folder, 'missing', 'a.ply'), new Uint8Array([1]))).rejects.toMatchObject({
      code: 'io',
    });
  });

  it.skipIf(process.platform === 'win32')(
    'never takes the place of a pipe or a device, nor of a link to one',
    async () => {
      execFileSync('mkfifo', [join(folder, 'pipe.ply')]);
      symlinkSync('/dev/null', join(folder, 'null.ply'));
      for (const name of ['pipe.ply', 'null.ply']) {
        const written = writeFileAtomically(join(folder, name), new Uint8Array([1]), { overwrite: true });
        await expect(written).rejects.toThrow(`${name} is not a file but a device or a pipe.`);
      }
      expect(readdirSync(folder).sort()).toEqual(['null.ply', 'pipe.ply']);
      expect(lstatSync(join(folder, 'pipe.ply')).isFIFO()).toBe(true);
    },
  );

  it('says in words of people that a folder can not be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file'))).rejects.toThrow('a file of that name is there');
    await expect(makeFolder(join(folder, 'file', 'in'))).rejects.toThrow('a part of its path is no folder');
  });
});

describe('PendingFile', () => {
  /** Has one of the next calls of FileHandle.sync fail, counted from 0; returns how many there were. */
  async function failSync(index: number, code: string): Promise<() => number> {
    const probe = await open(folder, 'r');
    const spy = vi.spyOn(Object.getPrototypeOf(probe) as FileHandle, 'sync');
    await probe.close();
    for (let i = 0; i < index; i++) spy.mockResolvedValueOnce();
    spy.mockRejectedValueOnce(Object.assign(new Error(code), { code }));
    return () => spy.mock.calls.length;
  }
  afterEach(() => vi.restoreAllMocks());

  it('keeps the old file where the new one does not reach the disk', async () => {
    const path = join(folder, 'a.ply');
    writeFileSync(path, 'old');
    await failSync(0, 'EIO');
    await expect(writeFileAtomically(path, Uint8Array.of(1), { overwrite: true })).rejects.toMatchObject({
      code: 'io',
    });
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.ply']);
  });

  it.skipIf(process.platform === 'win32')('syncs the folder too, and says where that fails', async () => {
    const path = join(folder, 'a.ply');
    const syncs = await failSync(1, 'EIO');
    await expect(writeFileAtomically(path, Uint8Array.of(1))).rejects.toMatchObject({ code: 'io' });
    expect(syncs()).toBe(2);
    // A file system that cannot sync folders still has the whole file.
    await failSync(1, 'EINVAL');
    await writeFileAtomically(path, Uint8Array.of(2), { overwrite: true });
    expect([...readFileSync(path)]).toEqual([2]);
    expect(readdirSync(folder)).toEqual(['a.ply']);
  });

  it('removes what processes that are gone left in the folder, and nothing else', async () => {
    const others = [temporaryName(), '.a.ply.mine.tmp'];
    for (const name of [temporaryName(0x7fff_ffff), temporaryName(0x7fff_ffff), ...others])
      writeFileSync(join(folder, name), 'half');
    const file = await PendingFile.open(join(folder, 'a.ply'));
    await file.write(Uint8Array.of(1));
    await file.writeAt(Uint8Array.of(2, 3), 0);
    await file.commit();
    expect([...readFileSync(join(folder, 'a.ply'))]).toEqual([2, 3]);
    expect(readdirSync(folder).sort()).toEqual([...others, 'a.ply'].sort());
  });

  it('writes a file of the longest name that a file system takes', async () => {
    const name = `${'x'.repeat(251)}.ply`;
    await writeFileAtomically(join(folder, name), Uint8Array.of(1));
    expect(readdirSync(folder)).toEqual([name]);
  });

  it('is gone with its process, at whatever moment that ends', async () => {
    const path = join(folder, 'a.ply');
    const beginning = PendingFile.open(path);
    await vi.waitUntil(() => readdirSync(folder).length > 0, { interval: 0 });
    endProcess();
    expect(readdirSync(folder)).toEqual([]);
    await Promise.allSettled([beginning]);
    expect(readdirSync(folder)).toEqual([]);

    const written = await PendingFile.open(path);
    const writing = written.write(new Uint8Array(1 << 20));
    endProcess();
    await Promise.allSettled([writing, written.discard()]);
    expect(readdirSync(folder)).toEqual([]);

    const finished = await PendingFile.open(path);
    const commit = finished.commit();
    endProcess();
    // It is whole or not there, whichever came first.
    const [outcome] = await Promise.allSettled([commit]);
    expect(readdirSync(folder)).toEqual(outcome.status === 'fulfilled' ? ['a.ply'] : []);
  });

  /** What Node does before it ends. */
  function endProcess(): void {
    for (const listener of process.listeners('exit')) if (listener.name === 'removeUnfinished') listener(0);
  }
});
