import { once } from 'node:events';
import { createServer } from 'node:net';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileSource, readWholeFile } from '../../../renderer/io/node-source.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splat-io-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('openFileSource', () => {
  it('reads ranges and stops at the end', async () => {
    writeFileSync(
      join(folder, 'a.bin'),
      Uint8Array.from({ length: 10 }, (_, i) => i),
    );
    const source = await openFileSource(join(folder, 'a.bin'));
    expect(source).toMatchObject({ name: 'a.bin', size: 10 });
    expect([...(await source.read(2, 3))]).toEqual([2, 3, 4]);
    expect([...(await source.read(8, 30))]).toEqual([8, 9]);
    expect((await source.read(30, 4)).byteLength).toBe(0);
    await source.close();
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe and a device at once (Windows has none)', async () => {
    const pipe = join(folder, 'pipe.ply');
    execFileSync('mkfifo', [pipe]);
    for (const path of [pipe, '/dev/zero']) {
      await expect(openFileSource(path)).rejects.toMatchObject({ code: 'io' });
      await expect(readWholeFile(path)).rejects.toThrow('not a file but a device or a pipe');
    }
    await expect(readWholeFile(folder)).rejects.toThrow('is a folder');
  });

  it.skipIf(process.platform === 'win32')('says of a socket what it is', async () => {
    const socket = join(folder, 'socket.ply');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    await expect(openFileSource(socket)).rejects.toThrow('it is not a file but a device or a pipe');
    server.close();
  });

  it('opens siblings inside its folder only', async () => {
    mkdirSync(join(folder, 'scene'));
    writeFileSync(join(folder, 'secret'), 'x');
    writeFileSync(join(folder, 'scene', 'meta.json'), '{}');
    writeFileSync(join(folder, 'scene', 'b.webp'), 'yy');
    const source = await openFileSource(join(folder, 'scene'));
    expect(source.name).toBe('meta.json');
    expect(source.openedBytes()).toBe(2);
    expect((await source.sibling?.('b.webp'))?.size).toBe(2);
    await source.sibling?.('b.webp');
    expect(source.openedBytes()).toBe(4);
    await expect(source.sibling?.('../secret')).rejects.toMatchObject({ code: 'invalid-file' });
    await expect(source.sibling?.('absent.webp')).rejects.toMatchObject({ code: 'io' });
    await source.close();
  });

  it('finds a sibling whatever slashes, case and accents its description has', async () => {
    mkdirSync(join(folder, 'Bu\u0308ste'));
    writeFileSync(join(folder, 'scene.gltf'), '{}');
    writeFileSync(join(folder, 'Bu\u0308ste', 'Part.BIN'), 'yy');
    const source = await openFileSource(join(folder, 'scene.gltf'));
    for (const name of ['b\u00fcste\\part.bin', './B\u00fcste/Part.bin', 'Bu\u0308ste/Part.BIN']) {
      expect(await source.hasSibling?.(name), name).toBe(true);
      expect((await source.sibling?.(name))?.size, name).toBe(2);
    }
    await expect(source.sibling?.('..\\scene.gltf')).rejects.toMatchObject({ code: 'invalid-file' });
    await source.close();
  });

  it('names what is missing', async () => {
    await expect(openFileSource(join(folder, 'absent.ply'))).rejects.toMatchObject({ name: 'SplatError', code: 'io' });
    await expect(openFileSource(folder)).rejects.toMatchObject({ code: 'unknown-format' });
  });
});
