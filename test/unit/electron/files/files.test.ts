import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { dataPath } from '../../../test-data.ts';
import { temporaryName } from '../../../../renderer/io/temporary-file.ts';

vi.mock('electron', () => ({ protocol: {} }));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-files-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Files of the test's folder that this process holds open. */
function openFiles(): string[] {
  const links = readdirSync('/proc/self/fd').map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // The descriptor of the listing itself is closed by now.
      return '';
    }
  });
  return links.filter((link) => link.startsWith(folder));
}

describe('FileTable', () => {
  test('reads by handle in pieces and knows no other handle', async () => {
    const files = new FileTable();
    const file = await files.admitScene(put('a.ply', '0123456789'));
    expect(file).toMatchObject({ name: 'a.ply', size: 10, neighbours: [] });
    expect(Buffer.from(await files.read(file.id, 4, 3)).toString()).toBe('456');
    expect((await files.read(file.id, 8, 100)).length).toBe(2);
    await files.close(file.id);
    await expect(files.read('0b0e7c0e-0000-4000-8000-000000000000', 0, 1)).rejects.toMatchObject({ code: 'io' });
  });

  test('admits the images beside an unbundled SOG and the sidecar beside a checkpoint', async () => {
    const files = new FileTable();
    put('means_l.webp', 'x');
    put('other.txt', 'x');
    expect((await files.admitScene(put('meta.json', '{}'))).neighbours.map(({ name }) => name)).toEqual([
      'means_l.webp',
    ]);
    const levels = dataPath('scenes/playbot/lod-meta.json');
    const names = (await files.admitScene(levels)).neighbours.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['4_0/meta.json', '4_0/means_l.webp', '6_0/meta.json']));
    put('m.json', '{}');
    expect((await files.admitModel(put('m.pth', 'x'))).sidecar?.name).toBe('m.json');
    expect((await files.admitModel(put('n.pth', 'x'))).sidecar).toBeUndefined();
  });

  test('takes a folder that is one SOG scene for that scene, which bears its name', async () => {
    const files = new FileTable();
    const scene = await files.admitScene(dataPath('scenes/playbot'));
    expect(scene.name).toBe('playbot');
    expect(files.pathOf(scene.id)).toBe(dataPath('scenes/playbot/lod-meta.json'));
    expect(scene.neighbours.length).toBeGreaterThan(3);
    expect((await files.admitScene(dataPath('scenes/playbot/4_0/meta.json'))).name).toBe('4_0');
    await expect(files.admitScene(dataPath('scenes'))).rejects.toMatchObject({ message: 'scenes is a folder.' });
  });

  test('says what is wrong with a file that is not there', async () => {
    await expect(new FileTable().admitScene(join(folder, 'no.ply'))).rejects.toMatchObject({
      code: 'io',
      message: 'no.ply could not be opened: it is not there.',
    });
  });

  test('puts a saved file in place only when it is complete', async () => {
    const files = new FileTable();
    const path = join(folder, 'out.ply');
    const target = await files.beginSave(path, undefined);
    await files.write(target.id, new TextEncoder().encode('half '));
    expect(readdirSync(folder)).not.toContain('out.ply');
    await files.write(target.id, new TextEncoder().encode('whole'));
    await files.finishSave(target.id);
    expect(readFileSync(path, 'utf8')).toBe('half whole');
    expect(readdirSync(folder)).toEqual(['out.ply']);
  });

  test('replaces what is there, and removes what a process that is gone left', async () => {
    put(temporaryName(0x7fff_ffff), 'half');
    put('.other.ply.tmp', 'of another program');
    const path = put('out.ply', 'old');
    const files = new FileTable();
    const { id } = await files.beginSave(path, undefined);
    await files.write(id, new TextEncoder().encode('new'));
    await files.finishSave(id);
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['.other.ply.tmp', 'out.ply']);
  });

  test('leaves nothing behind of an abandoned file', async () => {
    const files = new FileTable();
    await files.beginSave(join(folder, 'out.ply'), undefined);
    await files.abandonAllSaves();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('leaves nothing behind of a file that only just begins', async () => {
    const files = new FileTable();
    const beginning = files.beginSave(join(folder, 'out.ply'), undefined);
    await files.abandonAllSaves();
    expect(readdirSync(folder)).toEqual([]);
    await beginning;
    expect(readdirSync(folder)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')(
    'leaves no file open: not after reads at one time, nor where the disk fails at the end (needs Linux: reads /proc)',
    async () => {
      const files = new FileTable();
      const path = put('a.ply', '0123456789');
      const { id } = await files.admitFile(path);
      const pieces = await Promise.all([0, 2, 4].map((offset) => files.read(id, offset, 2)));
      expect(pieces.map((bytes) => Buffer.from(bytes).toString())).toEqual(['01', '23', '45']);
      expect(openFiles()).toEqual([path]);
      await files.close(id);
      expect(openFiles()).toEqual([]);

      const target = await files.beginSave(join(folder, 'out.ply'), undefined);
      const probe = await open(path);
      vi.spyOn(Object.getPrototypeOf(probe) as FileHandle, 'sync').mockRejectedValueOnce(
        Object.assign(new Error('EIO'), { code: 'EIO' }),
      );
      await probe.close();
      await expect(files.finishSave(target.id)).rejects.toMatchObject({ code: 'io' });
      expect(openFiles()).toEqual([]);
      expect(readdirSync(folder)).toEqual(['a.ply']);
    },
  );

  test('can be read again once a file that was gone is back', async () => {
    const files = new FileTable();
    const { id } = await files.admitFile(put('a.ply', 'first'));
    rmSync(join(folder, 'a.ply'));
    await expect(files.read(id, 0, 5)).rejects.toMatchObject({ code: 'io' });
    await files.close(id);
    put('a.ply', 'again');
    expect(Buffer.from(await files.read(id, 0, 5)).toString()).toBe('again');
    await files.close(id);
  });

  test('saves again where it saved before, and knows where that is', async () => {
    const files = new FileTable();
    const write = async (target: { readonly id: string }, text: string): Promise<string> => {
      await files.write(target.id, Buffer.from(text));
      return files.finishSave(target.id);
    };
    const first = await files.beginSave(join(folder, 'out.ply'), undefined);
    await write(first, 'one');
    await write(await files.beginSave(files.savedPathOf(first.id), undefined), 'two');
    expect(readFileSync(join(folder, 'out.ply'), 'utf8')).toBe('two');
    expect(files.savedPathOf(files.admitSaved('/tmp/b.csv').id)).toBe('/tmp/b.csv');
    expect(() => files.savedPathOf('no')).toThrow(/not saved/);
  });

  test('never overwrites the input, through links either', async () => {
    const files = new FileTable();
    const input = await files.admitScene(put('in.ply', 'precious'));
    symlinkSync(join(folder, 'in.ply'), join(folder, 'link.ply'));
    for (const name of ['in.ply', 'link.ply', './x/../in.ply']) {
      await expect(files.beginSave(`${folder}/${name}`, input.id)).rejects.toMatchObject({ code: 'io' });
    }
    expect(readFileSync(join(folder, 'in.ply'), 'utf8')).toBe('precious');
  });

  test('overwrites no picture of a scene, no model in use and no photo; another scene it may', async () => {
    const files = new FileTable();
    mkdirSync(join(folder, 'sog'));
    put('sog/means_l.webp', 'precious');
    const input = await files.admitScene(put('sog/meta.json', '{}'));
    await files.admitModel(put('m.pth', 'precious'));
    await files.admitKept(put('photo.jpg', 'precious'));
    await files.admitScene(put('other.ply', 'seen before'));
    for (const name of ['sog/means_l.webp', 'sog/meta.json', 'm.pth'])
      await expect(files.beginSave(join(folder, name), input.id)).rejects.toMatchObject({ code: 'io' });
    await expect(files.beginSave(join(folder, 'photo.jpg'), undefined)).rejects.toMatchObject({ code: 'io' });
    await files.beginSave(join(folder, 'other.ply'), input.id);
    await files.abandonAllSaves();
  });

  test('saves a scene of several files as a whole, under the name of its folder', async () => {
    const files = new FileTable();
    const text = (value: string): Uint8Array => new TextEncoder().encode(value);
    const save = async (tag: string): Promise<void> => {
      const target = await files.beginSave(join(folder, 'plant', 'meta.json'), undefined);
      expect(target).toMatchObject({ name: 'plant', format: 'sog-folder' });
      await files.writeBeside(target.id, 'means_l.webp', text(tag), false);
      await files.writeBeside(target.id, 'means_l.webp', text('!'), true);
      await files.write(target.id, text(`{"of":"${tag}"}`));
      expect(readdirSync(folder)).not.toContain(tag === 'one' ? 'plant' : '');
      await files.finishSave(target.id);
    };
    await save('one');
    await save('two');
    expect(readFileSync(join(folder, 'plant/means_l.webp'), 'utf8')).toBe('two!');
    expect(readdirSync(folder)).toEqual(['plant']);
    const given = await files.beginSave(join(folder, 'other', 'lod-meta.json'), undefined);
    await files.writeBeside(given.id, '0_0/meta.json', text('half'), false);
    await files.abandonSave(given.id);
    expect(readdirSync(folder)).toEqual(['plant']);
    put('plant/notes.txt', 'precious');
    await expect(files.beginSave(join(folder, 'plant', 'meta.json'), undefined)).rejects.toMatchObject({
      message: 'The folder plant holds other files, such as notes.txt, and was left as it is.',
    });
  });
});
