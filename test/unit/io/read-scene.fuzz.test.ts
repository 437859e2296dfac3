import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { bundleOf, folderSource, withDeflatedEntry, withVersion1Positions } from './fixtures.ts';
import { dataBytes } from '../../test-data.ts';

function* random(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 4294967296;
  }
}

it('noise is refused', async () => {
  const dice = random(5);
  for (const name of ['a.ply', 'a.splat', 'a.ksplat', 'a.spz', 'a.sog', 'meta.json', 'a']) {
    for (const size of [1, 31, 32, 33, 4095, 5000]) {
      const noise = Uint8Array.from({ length: size }, () => Math.floor(dice.next().value * 256));
      await expect(readScene(sourceFromBytes(name, noise)), `${name} ${size}`).rejects.toMatchObject({
        code: 'unknown-format',
      });
    }
  }
});

describe('lying headers', () => {
  const open = (name: string, bytes: Uint8Array): Promise<unknown> => readScene(sourceFromBytes(name, bytes));
  const patched = (bytes: Uint8Array, offset: number, value: number): Uint8Array => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(offset, value, true);
    return copy;
  };

  it.each([
    ['minimal-raw.spz', 8, 0xffffffff, 'truncated-file'],
    ['minimal-raw.spz', 8, 5, 'truncated-file'],
    ['minimal-raw.spz', 8, 0, 'empty-scene'],
    ['minimal-raw.spz', 4, 9, 'unsupported-feature'],
    ['minimal-v4.spz', 8, 0xffffffff, 'invalid-file'],
    ['minimal-v4.spz', 8, 0, 'empty-scene'],
    ['minimal.ksplat', 16, 0xffffffff, 'truncated-file'],
    ['minimal.ksplat', 4, 0x7fffffff, 'truncated-file'],
    ['minimal.ksplat', 16, 3, 'invalid-file'],
    ['minimal.ksplat', 16, 0, 'empty-scene'],
  ])('%s with %d set to %d is %s', async (name, offset, value, code) => {
    await expect(open(name, patched(dataBytes(`scenes/minimal/${name}`), offset, value))).rejects.toMatchObject({
      name: 'SplatError',
      code,
    });
  });

  it('a SOG manifest of more splats than its pictures have pixels is refused before any decoding', async () => {
    const manifest = new TextDecoder().decode(dataBytes('scenes/playbot/6_0/meta.json'));
    for (const [count, code] of [
      ['4000000000', 'invalid-file'],
      ['0', 'empty-scene'],
      ['-3', 'invalid-file'],
      ['1.5', 'invalid-file'],
      ['"many"', 'invalid-file'],
    ] as const) {
      const bytes = new TextEncoder().encode(manifest.replace('"count":1873', `"count":${count}`));
      await expect(readScene(folderSource('scenes/playbot/6_0', 'meta.json', bytes)), count).rejects.toMatchObject({
        code,
      });
    }
  });

  it('what unpacks to far more than it could hold is refused before it is unpacked', async () => {
    const crowd = patched(dataBytes('scenes/minimal/minimal-raw.spz'), 8, 3_000_000);
    await expect(open('bomb.spz', new Uint8Array(gzipSync(crowd)))).rejects.toThrow('it claims 3000000 splats');
    const v4 = patched(dataBytes('scenes/minimal/minimal-v4.spz'), 8, 3_000_000);
    await expect(open('bomb-v4.spz', v4)).rejects.toThrow('it claims 3000000 splats');

    const picture = dataBytes('scenes/playbot/6_0/scales.webp').slice(0, 32);
    picture.set(new TextEncoder().encode('VP8L'), 12);
    const huge = patched(picture, 21, 0xfffffff);
    const folder = folderSource('scenes/playbot/6_0', 'scales.webp', huge);
    await expect(readScene(folder)).rejects.toThrow('scales.webp has 268435456 pixels for 1873 splats');

    const bundle = withDeflatedEntry(new Uint8Array(1 << 20), 100);
    await expect(open('bomb.sog', bundle)).rejects.toThrow('meta.json unpacks to more than the 100 bytes it claims');
  });

  it('a bundle whose packed data is damaged is refused, and nothing fails later', async () => {
    const late: unknown[] = [];
    const note = (error: unknown): void => void late.push(error);
    process.on('unhandledRejection', note);
    try {
      const bundle = withDeflatedEntry(new TextEncoder().encode('{"version":2}'), 13);
      bundle.fill(0xff, 39, 45);
      await expect(open('damaged.sog', bundle)).rejects.toMatchObject({ code: 'invalid-file' });
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('unhandledRejection', note);
    }
    expect(late).toEqual([]);
  });

  it('a SOG manifest alone says what it lacks', async () => {
    await expect(open('meta.json', dataBytes('scenes/playbot/6_0/meta.json'))).rejects.toMatchObject({
      code: 'unsupported-feature',
    });
  });
});

describe('odd but honest files', () => {
  it('SPZ version 1 has the same splats as version 2', async () => {
    const bytes = dataBytes('scenes/minimal/minimal-raw.spz');
    const two = await readScene(sourceFromBytes('a.spz', bytes));
    const one = await readScene(sourceFromBytes('a.spz', withVersion1Positions(bytes)));
    expect(one).toEqual({ ...two, positions: one.positions });
    expect([...one.positions]).toEqual([...two.positions]);
  });

  it('a SOG bundle has the same splats as its folder', async () => {
    const folder = await readScene(
      folderSource('scenes/playbot/6_0', 'meta.json', dataBytes('scenes/playbot/6_0/meta.json')),
    );
    const bundle = await readScene(sourceFromBytes('x.sog', await bundleOf('scenes/playbot/6_0')));
    expect(bundle).toEqual({ ...folder, meta: { ...folder.meta, name: 'x.sog' } });
  });
});
