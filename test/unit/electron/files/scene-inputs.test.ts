import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findScenes } from '../../../../electron/files/scene-inputs.ts';
import { dataPath } from '../../../test-data.ts';

const usage = expect.objectContaining({ code: 'usage' }) as Error;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-inputs-'));
  // Nothing in these files: finding scenes opens none of them.
  for (const name of [
    'b.ply',
    'a.splat',
    'Z.PLY',
    'cameras.json',
    'notes.txt',
    '.hidden.ply',
    'odd[1].ply',
    'deep/c.spz',
    'deep/deeper/d.sog',
    'out/a.ply',
    'bare/meta.json',
  ]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
  }
  await cp(dataPath('scenes/playbot'), join(folder, 'deep/playbot.v2'), { recursive: true });
  await symlink(join(folder, 'b.ply'), join(folder, 'deep/link.ply'));
  await symlink(folder, join(folder, 'deep/loop'));
});
afterAll(() => rm(folder, { recursive: true }));

const find = async (names: readonly string[], recursive: boolean): Promise<string[][]> => {
  const { scenes } = await findScenes(
    names.map((name) => join(folder, name)),
    { recursive, except: join(folder, 'out') },
  );
  return scenes.map(({ path, subfolder, stem }) => [path.slice(folder.length + 1), subfolder, stem]);
};

describe('what the arguments of refine name', () => {
  it('takes the scene files of a folder, in one order everywhere', async () => {
    expect(await find(['.'], false)).toEqual([
      ['Z.PLY', '', 'Z'],
      ['a.splat', '', 'a'],
      ['b.ply', '', 'b'],
      ['odd[1].ply', '', 'odd[1]'],
    ]);
  });

  it('walks sub-folders when told, takes a SOG folder as one scene, a link once, the answers never', async () => {
    expect(await find(['deep', 'bare/../bare/meta.json'], true)).toEqual([
      ['deep/c.spz', '', 'c'],
      ['deep/deeper/d.sog', 'deeper', 'd'],
      ['deep/link.ply', '', 'link'],
      ['deep/playbot.v2', '', 'playbot.v2'],
      ['bare/meta.json', '', 'meta'],
    ]);
    const all = await find(['.'], true);
    expect(all.map(([path]) => path)).not.toContain('out/a.ply');
    expect(all).toContainEqual(['deep/deeper/d.sog', 'deep/deeper', 'd']);
    expect(await find(['out'], true)).toEqual([['out/a.ply', '', 'a']]);
  });

  it('expands patterns, and takes a file with brackets in its name for a file', async () => {
    expect(await find(['*.{ply,splat}'], false)).toEqual([
      ['a.splat', '', 'a'],
      ['b.ply', '', 'b'],
      ['odd[1].ply', '', 'odd[1]'],
    ]);
    expect(await find(['odd[1].ply'], false)).toEqual([['odd[1].ply', '', 'odd[1]']]);
    expect(await find(['**/[a-d].*'], false)).toEqual([
      ['a.splat', '', 'a'],
      ['b.ply', '', 'b'],
      ['deep/c.spz', 'deep', 'c'],
      ['deep/deeper/d.sog', 'deep/deeper', 'd'],
    ]);
    expect(await find(['deep/*.ply'], false)).toEqual([['deep/link.ply', '', 'link']]);
    expect((await find(['out/*'], false)).length).toBe(1);
  });

  it('names a scene once and keeps the order of arguments', async () => {
    expect((await find(['b.ply', '*.splat', '.', 'gone.ply'], false)).map(([path]) => path)).toEqual([
      'b.ply',
      'a.splat',
      'Z.PLY',
      'odd[1].ply',
      'gone.ply',
    ]);
  });

  it('says so where a folder or a pattern gives nothing', async () => {
    await expect(find(['bare'], false)).rejects.toThrow(usage);
    await expect(find(['*.ksplat'], false)).rejects.toThrow(usage);
    await expect(find(['bare'], true)).rejects.toMatchObject({ advice: undefined });
  });

  it('tells of a folder of photos how these are opened', async () => {
    await mkdir(join(folder, 'capture/photos'), { recursive: true });
    await writeFile(join(folder, 'capture/photos/IMG_1.HEIC'), '');
    await expect(find(['capture/photos'], true)).rejects.toMatchObject({
      message: expect.stringContaining('holds no scene') as string,
      advice: expect.stringContaining('Camera > Open Photos Folder…') as string,
    });
  });
});
