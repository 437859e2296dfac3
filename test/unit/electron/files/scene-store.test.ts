import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { SceneStore } from '../../../../electron/files/scene-store.ts';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'splatformer-show-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('FileTable.writeAt', () => {
  test('replaces what lay there, and the file appears whole', async () => {
    const files = new FileTable();
    const { id } = await files.beginSave(join(folder, 'a.bin'), undefined);
    await files.writeAt(id, Uint8Array.of(0, 0, 0, 0), 0);
    await files.writeAt(id, Uint8Array.of(4, 5, 6), 4);
    await files.writeAt(id, Uint8Array.of(1, 2), 1);
    expect(await readdir(folder)).not.toContain('a.bin');
    await files.finishSave(id);
    expect([...(await readFile(join(folder, 'a.bin')))]).toEqual([0, 1, 2, 0, 4, 5, 6]);
    expect(await readdir(folder)).toEqual(['a.bin']);
  });

  test('refuses a file that is not being saved', async () => {
    await expect(new FileTable().writeAt('6f1f1a52-5b5e-4d3c-9a61-000000000000', Uint8Array.of(1), 0)).rejects.toThrow(
      'not being saved',
    );
  });
});

describe('SceneStore', () => {
  test('keeps a text a scene, however its path is spelled, and drops an empty one', async () => {
    const store = new SceneStore(join(folder, 'scenes'), 'The bookmarks of the scene');
    const scene = join(folder, 'a.ply');
    await writeFile(scene, '');
    await symlink(scene, join(folder, 'link.ply'));
    expect(await store.read(scene)).toBeUndefined();
    await store.write(scene, 'one');
    await store.write(join(folder, 'b.ply'), 'other');
    expect(await store.read(join(folder, 'link.ply'))).toBe('one');
    expect(await store.read(join(folder, 'b.ply'))).toBe('other');
    expect(await readdir(join(folder, 'scenes'))).toHaveLength(2);
    await store.write(scene, '');
    expect(await store.read(scene)).toBeUndefined();
    await store.write(scene, '');
  });

  test('says why nothing could be kept', async () => {
    await writeFile(join(folder, 'scenes'), 'a file where the folder should be');
    await expect(
      new SceneStore(join(folder, 'scenes'), 'The bookmarks of the scene').write(join(folder, 'a.ply'), 'one'),
    ).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('bookmarks') as string,
    });
  });
});
