import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAllowedAddress, readCatalogue } from '../../../../electron/models/catalogue.ts';
import type { HttpGet } from '../../../../electron/models/http.ts';
import { nodeDownloadFiles } from '../../../../electron/models/download-files.ts';
import { ModelDownloads } from '../../../../electron/models/downloads.ts';
import { ModelRegistry, ownModelId } from '../../../../electron/models/registry.ts';
import type { OwnModel } from '../../../../renderer/bridge/models.ts';
import { userDataFolder } from '../../../../electron/models/user-data.ts';
import { FileServer } from '../../../models/file-server.ts';

const BYTES = randomBytes(50_000);

let folder: string;
let server: FileServer;
let own: OwnModel[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-registry-'));
  server = await FileServer.start();
  own = [];
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get: HttpGet = async (url, headers, signal) => {
  const response = await fetch(url, { headers, signal, redirect: 'manual' });
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: response.body ?? (async function* () {})(),
  };
};

/** A catalogue with a shipped model, one to fetch and one behind a page; downloads go to `folder`/data/models. */
function start(cancelOnFirstByte = false) {
  const tiny = {
    ...{
      id: 'tiny',
      name: 'Tiny',
      kind: 'anchorsplat',
      copies: 3,
      license: 'MIT',
      summary: 'Small.',
      figures: [{ label: 'Gain', value: '1 dB' }],
      sidecar: 'tiny-description.json',
    },
    source: {
      kind: 'download',
      url: server.serve('/tiny.pth', { bytes: BYTES, slow: { bytes: 5000, pauseMs: 5 } }),
      bytes: BYTES.length,
      bytesWithin: 0,
      sha256: createHash('sha256').update(BYTES).digest('hex'),
    },
  };
  const plain = { kind: 'splatformer', copies: 1, license: 'MIT', summary: 'S.', figures: [] };
  const models = [
    { ...plain, id: 'shipped', name: 'Shipped', source: { kind: 'shipped', file: 'shipped.pth' } },
    tiny,
    { ...plain, id: 'paper', name: 'Paper', source: { kind: 'page', url: 'https://example.com/paper' } },
  ];
  writeFileSync(join(folder, 'catalogue.json'), JSON.stringify({ version: 1, models }));
  writeFileSync(join(folder, 'tiny-description.json'), '{"name":"Tiny"}');
  writeFileSync(join(folder, 'shipped.pth'), 'weights');
  writeFileSync(
    join(folder, 'shipped.json'),
    JSON.stringify({ figures: { shown: [{ label: 'High views', value: '+2 dB' }] } }),
  );
  const catalogue = readCatalogue(join(folder, 'catalogue.json'), { isForTests: true });
  const registry = new ModelRegistry({ catalogue, installedFolder: join(folder, 'data/models'), own: () => own });
  const told: string[] = [];
  const tools = {
    get,
    files: nodeDownloadFiles,
    isAllowed: (url: string) => isAllowedAddress(url, true),
    stallMs: 2000,
    retryMs: [],
  };
  const changed = (id: string) => {
    told.push(id);
    if (cancelOnFirstByte && downloads.transferOf(id)?.stage === 'Downloading') downloads.cancel(id);
  };
  const downloads: ModelDownloads = new ModelDownloads(registry, tools, changed);
  return { registry, told, downloads };
}

describe('the registry', () => {
  test('lists what there is and what there could be', async () => {
    const { registry } = start();
    const infos = await registry.list();
    expect(infos.map(({ id, state, bytes }) => [id, state, bytes])).toEqual([
      ['shipped', 'ready', 7],
      ['tiny', 'absent', BYTES.length],
      ['paper', 'absent', null],
    ]);
    expect(infos[0]).toMatchObject({ isDefault: true, figures: [{ label: 'High views', value: '+2 dB' }], host: '' });
    expect(infos[1]).toMatchObject({ isDefault: false, copies: 3, host: new URL(server.origin).host });
    expect(infos[2]).toMatchObject({ hasPage: true, host: 'example.com' });
    expect(registry.pageOf('paper')).toBe('https://example.com/paper');
    expect(server.requests).toEqual([]);
  });

  test('finds by ID and by file, and says how to get what is not here', async () => {
    const { registry } = start();
    expect(await registry.resolve('shipped')).toEqual({
      id: 'shipped',
      name: 'Shipped',
      copies: 1,
      checkpoint: join(folder, 'shipped.pth'),
      sidecar: join(folder, 'shipped.json'),
    });
    const file = join(folder, 'mine.v2.pth');
    writeFileSync(file, 'x');
    writeFileSync(join(folder, 'mine.v2.json'), '{}');
    expect(await registry.resolve(file)).toEqual({
      id: ownModelId(file),
      name: 'mine.v2',
      copies: undefined,
      checkpoint: file,
      sidecar: join(folder, 'mine.v2.json'),
    });
    await expect(registry.resolve('tiny')).rejects.toMatchObject({
      code: 'io',
      message: 'Tiny is not installed.',
      advice: 'Get it in the app, under Model > Models.',
    });
    await expect(registry.resolve('paper')).rejects.toMatchObject({
      advice: 'Get its .pth file from https://example.com/paper and give the file.',
    });
    await expect(registry.resolve('nonsense')).rejects.toMatchObject({
      message: 'There is no model "nonsense".',
      advice: 'Give a checkpoint file (.pth) or one of: shipped.',
    });
    rmSync(join(folder, 'shipped.pth'));
    await expect(registry.find('shipped')).rejects.toMatchObject({ message: 'The shipped model Shipped is missing.' });
  });

  test('keeps checkpoints of the person, also when their file is gone', async () => {
    const { registry } = start();
    const path = join(folder, 'own.pth');
    writeFileSync(path, 'weights!');
    own = [{ path, name: 'Own', kind: 'anchorsplat', copies: 20, license: 'not stated', parameters: 12 }];
    expect((await registry.list()).at(-1)).toMatchObject({
      id: ownModelId(path),
      name: 'Own',
      origin: 'own',
      state: 'ready',
      bytes: 8,
      copies: 20,
      fileName: 'own.pth',
    });
    expect(await registry.resolve(ownModelId(path))).toMatchObject({ checkpoint: path, sidecar: undefined });
    rmSync(path);
    expect((await registry.list()).at(-1)).toMatchObject({ state: 'missing', bytes: null });
    await expect(registry.find(ownModelId(path))).rejects.toMatchObject({
      code: 'io',
      message: 'own.pth is no longer where it was.',
    });
  });
});

describe('downloads', () => {
  test('install a model with its description, and remove both', async () => {
    const { registry, downloads, told } = start();
    await downloads.start('tiny');
    const place = await registry.find('tiny');
    expect(readFileSync(place.checkpoint).equals(BYTES)).toBe(true);
    expect(readFileSync(place.sidecar as string, 'utf8')).toBe('{"name":"Tiny"}');
    expect((await registry.list())[1]).toMatchObject({ state: 'ready', bytes: BYTES.length });
    expect(told.length).toBeGreaterThan(1);
    expect(downloads.transferOf('tiny')).toBeUndefined();
    await downloads.remove('tiny');
    expect(readdirSync(join(folder, 'data/models'))).toEqual([]);
    expect((await registry.list())[1]?.state).toBe('absent');
  });

  test('cancelled, are told as partial, and can be thrown away', async () => {
    const { registry, downloads } = start(true);
    const running = downloads.start('tiny');
    await expect(downloads.start('tiny')).rejects.toMatchObject({ code: 'usage' });
    await expect(downloads.remove('tiny')).rejects.toMatchObject({ code: 'usage' });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    const info = (await registry.list())[1];
    expect(info?.state).toBe('partial');
    expect(info?.partBytes).toBeGreaterThan(0);
    await downloads.remove('tiny');
    expect((await registry.list())[1]).toMatchObject({ state: 'absent', partBytes: 0 });
  });

  test('a fetched file that was cut afterwards is not taken for whole', async () => {
    const { registry, downloads } = start();
    mkdirSync(join(folder, 'data/models'), { recursive: true });
    writeFileSync(join(folder, 'data/models/tiny.pth'), BYTES.subarray(0, 100));
    await expect(registry.find('tiny')).rejects.toMatchObject({ message: 'Tiny is not installed.' });
    await downloads.start('tiny');
    expect((await registry.find('tiny')).name).toBe('Tiny');
  });

  test('only of what the catalogue offers', async () => {
    const { downloads } = start();
    for (const id of ['shipped', 'paper', 'nonsense'])
      await expect(downloads.start(id)).rejects.toMatchObject({ code: 'usage' });
    await expect(downloads.remove('shipped')).rejects.toMatchObject({ code: 'usage' });
    expect(existsSync(join(folder, 'shipped.pth'))).toBe(true);
  });
});

test('the user-data folder is where Electron puts it', () => {
  expect(userDataFolder('linux', {}, '/home/me')).toBe('/home/me/.config/SplatFormer Desktop');
  expect(userDataFolder('linux', { XDG_CONFIG_HOME: '/c' }, '/home/me')).toBe('/c/SplatFormer Desktop');
  expect(userDataFolder('darwin', {}, '/Users/me')).toBe('/Users/me/Library/Application Support/SplatFormer Desktop');
  expect(userDataFolder('win32', { APPDATA: resolve('/r') }, '/u')).toBe(join(resolve('/r'), 'SplatFormer Desktop'));
});
