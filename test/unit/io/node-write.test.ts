import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PendingFile, writeFileAtomically } from '../../../renderer/io/node-write.ts';

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

  it('removes what processes that are gone left of the file, and nothing else', async () => {
    const alive = `.a.ply.${process.pid.toString(16).padStart(8, '0')}01234567.tmp`;
    for (const name of ['.a.ply.7fffffff01234567.tmp', alive, '.a.ply.mine.tmp', '.b.ply.7fffffff01234567.tmp'])
      writeFileSync(join(folder, name), 'half');
    const file = await PendingFile.open(join(folder, 'a.ply'));
    await file.write(Uint8Array.of(1));
    await file.writeAt(Uint8Array.of(2, 3), 0);
    await file.commit();
    expect([...readFileSync(join(folder, 'a.ply'))]).toEqual([2, 3]);
    expect(readdirSync(folder).sort()).toEqual(
      [alive, '.a.ply.mine.tmp', '.b.ply.7fffffff01234567.tmp', 'a.ply'].sort(),
    );
  });
});
