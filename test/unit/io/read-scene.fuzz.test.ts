import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { SplatError } from '../../../renderer/core/errors.ts';
import { assertSceneShape } from '../../../renderer/core/splat-scene.ts';
import type { SceneSource } from '../../../renderer/io/read-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import {
  bundleOf,
  folderSource,
  randomScene,
  SOG_FILES,
  withDeflatedEntry,
  withVersion1Positions,
} from './fixtures.ts';
import { dataBytes } from '../../test-data.ts';

/** Each fixture with the way to open (possibly damaged) bytes of it. */
interface Victim {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly open: (bytes: Uint8Array) => SceneSource;
}

const victims: Victim[] = [];

beforeAll(async () => {
  const plain = (name: string, bytes: Uint8Array): void => {
    victims.push({ name, bytes, open: (damaged) => sourceFromBytes(name, damaged) });
  };
  for (const name of [
    'minimal.splat',
    'minimal.ksplat',
    'minimal-raw.spz',
    'minimal-v2.spz',
    'minimal-v3.spz',
    'minimal-v4.spz',
  ]) {
    plain(name, dataBytes(`scenes/minimal/${name}`));
  }
  plain('v1.spz', withVersion1Positions(dataBytes('scenes/minimal/minimal-raw.spz')));
  for (const degree of [0, 3] as const) {
    plain(`degree-${degree}.ply`, await encodedBytes(randomScene(5, degree), 'inria-ply'));
    plain(`degree-${degree}.compressed.ply`, await encodedBytes(randomScene(5, degree), 'compressed-ply'));
    plain(`degree-${degree}.spz`, await encodedBytes(randomScene(5, degree), 'spz'));
  }
  plain('khr.glb', dataBytes('cases/khr.glb').slice());
  plain('bundle.sog', await bundleOf('scenes/playbot/6_0'));
  for (const file of SOG_FILES) {
    victims.push({
      name: `folder/${file}`,
      bytes: dataBytes(`scenes/playbot/6_0/${file}`),
      open: (damaged) => folderSource('scenes/playbot/6_0', file, damaged),
    });
  }
});

/** Opens damaged bytes; whatever happens must be a sound scene or a named error. */
async function attack(victim: Victim, damaged: Uint8Array, what: string): Promise<string> {
  try {
    assertSceneShape(await readScene(victim.open(damaged)));
    return 'scene';
  } catch (error) {
    if (error instanceof SplatError && error.code !== 'cancelled') return error.code;
    throw new Error(`${victim.name}, ${what}: ${String(error)}`, { cause: error });
  }
}

function* random(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 4294967296;
  }
}

/** Decoding a SOG takes tens of milliseconds, everything else under one. */
const rounds = (victim: Victim): number => (/sog|folder/.test(victim.name) ? 12 : 120);

describe('damaged files', () => {
  it('truncated anywhere: a named error or a sound scene', async () => {
    for (const victim of victims) {
      const outcomes: string[] = [];
      const steps = rounds(victim);
      for (let s = 0; s < steps; s++) {
        const length =
          s < steps / 2
            ? Math.floor((victim.bytes.length * s * 2) / steps)
            : victim.bytes.length - 1 - (s - Math.ceil(steps / 2));
        outcomes.push(await attack(victim, victim.bytes.subarray(0, Math.max(0, length)), `cut to ${length} bytes`));
      }
      expect(outcomes.filter((o) => o !== 'scene').length, victim.name).toBeGreaterThan(steps / 3);
    }
  }, 120_000);

  it('with flipped bytes: a named error or a sound scene', async () => {
    const outcomes = new Set<string>();
    for (const victim of victims) {
      const dice = random(victim.bytes.length);
      for (let s = 0; s < rounds(victim); s++) {
        const damaged = victim.bytes.slice();
        // Half of the blows fall on the first bytes, where headers are.
        const range = s % 2 === 0 ? Math.min(64, damaged.length) : damaged.length;
        for (let flips = 1 + (s % 4); flips > 0; flips--)
          damaged[Math.floor(dice.next().value * range)] = Math.floor(dice.next().value * 256);
        outcomes.add(await attack(victim, damaged, `flip ${s}`));
      }
    }
    expect([...outcomes]).toEqual(
      expect.arrayContaining(['scene', 'invalid-file', 'truncated-file', 'unknown-format']),
    );
  }, 120_000);

  it('noise is refused', async () => {
    const dice = random(5);
    for (const name of ['a.ply', 'a.splat', 'a.ksplat', 'a.spz', 'a.sog', 'meta.json', 'a']) {
      for (const size of [1, 31, 32, 33, 4095, 5000]) {
        const noise = Uint8Array.from({ length: size }, () => Math.floor(dice.next().value * 256));
        const outcome = await attack(
          { name, bytes: noise, open: (b) => sourceFromBytes(name, b) },
          noise,
          `noise of ${size}`,
        );
        // Records of a .splat have no structure that noise could break.
        if (name !== 'a.splat') expect(outcome, `${name} ${size}`).toBe('unknown-format');
      }
    }
  });
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
