import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseCatalogue, isAllowedAddress, readCatalogue } from '../../../../electron/models/catalogue.ts';
import { formatBytes } from '../../../../renderer/core/units.ts';
import { parseSidecar, publishedSidecar } from '../../../../renderer/refine/manifest.ts';

const MODELS = resolve(import.meta.dirname, '../../../../models');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-catalogue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const download = {
  kind: 'download',
  url: 'https://example.com/m.pth',
  bytes: 1000,
  bytesWithin: 0,
  sha256: '0'.repeat(64),
};
const model = {
  id: 'm',
  name: 'M',
  kind: 'anchorsplat',
  copies: 1,
  license: 'MIT',
  summary: 'S',
  figures: [],
  source: download,
};

function put(value: unknown): string {
  const file = join(folder, 'catalogue.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

describe('the shipped catalogue', () => {
  const catalogue = readCatalogue(join(MODELS, 'catalogue.json'));

  test('starts with the shipped model and knows the published ones', () => {
    expect(catalogue.models.map(({ id, source }) => `${id} ${source.kind}`)).toEqual([
      'splatformer-desktop shipped',
      'anchorsplat-1x download',
      'anchorsplat-20x download',
      'splatformer page',
    ]);
    expect(catalogue.isForTests).toBe(false);
  });

  test('describes AnchorSplat as the published configuration', () => {
    for (const { sidecar, name } of catalogue.models.filter(({ kind }) => kind === 'anchorsplat')) {
      const {
        name: told,
        license,
        ...rest
      } = parseSidecar(JSON.parse(readFileSync(join(MODELS, sidecar as string), 'utf8')));
      expect({ name: told, license }).toEqual({ name, license: 'MIT' });
      expect({ ...rest, license }).toEqual(publishedSidecar('anchorsplat', 3));
    }
  });
});

describe('checks', () => {
  test('names what is wrong', () => {
    expect(() => readCatalogue(put('nonsense'))).toThrow(/is not JSON/);
    expect(() => readCatalogue(join(folder, 'none.json'))).toThrow(/it is not there/);
    for (const [patch, complaint] of [
      [{ source: { ...download, sha256: 'abc' } }, /sha256/],
      [{ source: { kind: 'shipped', file: '../secret' } }, /plain file name/],
      [{ id: 'Not An Id' }, /models\.0\.id/],
      [{ copies: 0 }, /copies/],
      [{ more: 1 }, /more/],
      [{ source: { ...download, url: 'http://example.com/m.pth' } }, /unprotected/],
      [{ source: { ...download, url: 'http://127.0.0.1:1/m.pth' } }, /unprotected/],
    ] as const) {
      expect(() => readCatalogue(put({ version: 1, models: [{ ...model, ...patch }] }))).toThrow(complaint);
    }
    expect(() => readCatalogue(put({ version: 1, models: [model, model] }))).toThrow(/same id/);
    expect(readCatalogue(put({ version: 1, models: [model] })).models).toHaveLength(1);
  });

  test('plain HTTP only to this machine and only in tests', () => {
    expect(isAllowedAddress('https://example.com/x', false)).toBe(true);
    expect(
      ['http://127.0.0.1:8/x', 'http://localhost/x', 'http://[::1]:8/x'].map((url) => isAllowedAddress(url, true)),
    ).toEqual([true, true, true]);
    expect(
      ['http://127.0.0.1:8/x', 'http://example.com/x', 'https://a:b@example.com/x', 'file:///x', 'x'].map((url) =>
        isAllowedAddress(url, false),
      ),
    ).toEqual([false, false, false, false, false]);
    expect(
      ['http://example.com/x', 'http://127.0.0.1.example.com/x', 'ftp://127.0.0.1/x'].map((url) =>
        isAllowedAddress(url, true),
      ),
    ).toEqual([false, false, false]);
  });
});

describe('another catalogue', () => {
  const choice = { userDataOverride: '/tmp/data', isPackaged: false, shippedFolder: MODELS };

  test('is taken only by tests', () => {
    const override = put({
      version: 1,
      models: [{ ...model, source: { ...download, url: 'http://127.0.0.1:1/m.pth' } }],
    });
    expect(chooseCatalogue({ ...choice, override })).toMatchObject({ isForTests: true, folder });
    expect(() => chooseCatalogue({ ...choice, override, isPackaged: true })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
    expect(() => chooseCatalogue({ ...choice, override, userDataOverride: '' })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
    expect(chooseCatalogue({ ...choice, override: '' })).toMatchObject({ isForTests: false, folder: MODELS });
  });
});

test('sizes read as people write them', () => {
  expect([0, 999, 1000, 192_000_000, 999_600, 1_254_000_000, 99_960_000].map(formatBytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '192 MB',
    '1 MB',
    '1.25 GB',
    '100 MB',
  ]);
});
