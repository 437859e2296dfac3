import { gunzipSync } from 'node:zlib';
import { UP_DIRECTIONS } from '../../../renderer/core/up-axes.ts';
import { dot, vec3 } from '../../../renderer/core/vector.ts';
import { describe, expect, it } from 'vitest';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { shRestCount } from '../../../renderer/core/splat-scene.ts';
import type { WritableFormatId } from '../../../renderer/core/writable-formats.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { encodeWhole, encodedBytes } from '../../encoded-bytes.ts';
import { packSpz } from '../../../renderer/io/write-spz.ts';
import { randomScene, rowsByOpacity, tagged } from './fixtures.ts';

/** Signs of the real spherical harmonics of degrees 1-3 under (x, y, z) -> (x, -y, -z). */
const HALF_TURN_SIGNS = [-1, -1, 1, -1, 1, 1, -1, 1, -1, 1, -1, -1, 1, -1, 1];

/** What half a turn about x does to the numbers of a scene. */
function halfTurn(scene: SplatScene): SplatScene {
  const coefficients = shRestCount(scene.shDegree);
  const quats = scene.quats.slice();
  for (let i = 0; i < scene.count; i++) {
    const [w, x, y, z] = quats.subarray(i * 4, i * 4 + 4);
    quats.set([-x, w, -z, y], i * 4); // (0, 1, 0, 0) times q
  }
  return {
    ...scene,
    positions: scene.positions.map((v, i) => (i % 3 === 0 ? v : -v)),
    quats,
    shRest: scene.shRest.map((v, i) => v * HALF_TURN_SIGNS[Math.floor(i / 3) % coefficients]),
  };
}

function worst(
  a: SplatScene,
  b: SplatScene,
  key: 'positions' | 'logScales' | 'shDc' | 'shRest',
  orderA: readonly number[],
  orderB: readonly number[],
): number {
  const width = a[key].length / a.count;
  let difference = 0;
  for (let i = 0; i < orderA.length; i++) {
    for (let k = 0; k < width; k++)
      difference = Math.max(difference, Math.abs(a[key][orderA[i] * width + k] - b[key][orderB[i] * width + k]));
  }
  return difference;
}

/** Smallest |cosine| of half the angle between the rotations of matching splats. */
function worstRotation(a: SplatScene, b: SplatScene, orderA: readonly number[], orderB: readonly number[]): number {
  let least = 1;
  for (let i = 0; i < orderA.length; i++) {
    const p = a.quats.subarray(orderA[i] * 4, orderA[i] * 4 + 4);
    const q = b.quats.subarray(orderB[i] * 4, orderB[i] * 4 + 4);
    const dot = p.reduce((sum, v, k) => sum + v * q[k], 0);
    least = Math.min(least, Math.abs(dot) / (Math.hypot(...p) * Math.hypot(...q)));
  }
  return least;
}

async function roundTrip(scene: SplatScene, format: WritableFormatId): Promise<SplatScene> {
  return readScene(sourceFromBytes('round-trip', await encodedBytes(scene, format)));
}

describe('compressed PLY', () => {
  it.each([0, 1, 2, 3] as ShDegree[])('round trip within its steps, SH degree %d', async (degree) => {
    // Fewer splats than opacity steps, so that opacities still tell splats apart after rounding to a byte.
    const scene = tagged(120, degree);
    const back = await roundTrip(scene, 'compressed-ply');
    expect(back).toMatchObject({ count: 120, shDegree: degree, meta: { format: 'compressed-ply', up: '-y' } });
    const [ours, theirs] = [rowsByOpacity(scene), rowsByOpacity(back)];
    expect(worst(scene, back, 'positions', ours, theirs)).toBeLessThan(20 / 1023);
    expect(worst(scene, back, 'logScales', ours, theirs)).toBeLessThan(5 / 1023);
    expect(worst(scene, back, 'shDc', ours, theirs)).toBeLessThan(2 / 255);
    expect(worst(scene, back, 'shRest', ours, theirs)).toBeLessThan(8 / 255);
    expect(worstRotation(scene, back, ours, theirs)).toBeGreaterThan(0.99999);
  });
});

describe('SPZ', () => {
  it.each([0, 1, 2, 3] as ShDegree[])(
    'round trip keeps order and stays within its steps, SH degree %d',
    async (degree) => {
      const scene = { ...randomScene(300, degree), meta: { ...randomScene(1, 0).meta, up: 'y' as const } };
      const back = await roundTrip(scene, 'spz');
      expect(back).toMatchObject({
        count: 300,
        shDegree: degree,
        meta: { format: 'spz', up: 'y', antialiased: false },
      });
      const order = [...scene.logitOpacities.keys()];
      expect(worst(scene, back, 'positions', order, order)).toBeLessThan(1 / 4096);
      expect(worst(scene, back, 'logScales', order, order)).toBeLessThan(1 / 16);
      expect(worst(scene, back, 'shDc', order, order)).toBeLessThan(1 / 255 / 0.15);
      // Bands above the first keep 4 bits of 8.
      expect(worst(scene, back, 'shRest', order, order)).toBeLessThan(16 / 128);
      expect(worstRotation(scene, back, order, order)).toBeGreaterThan(0.9999);
    },
  );

  it.each([1, 2, 3] as ShDegree[])('turns a scene whose up is -y into its own frame, SH degree %d', async (degree) => {
    const scene = randomScene(100, degree);
    const back = await roundTrip(scene, 'spz');
    const expected = halfTurn(scene);
    const order = [...scene.logitOpacities.keys()];
    expect(back.meta.up).toBe('y');
    expect(worst(expected, back, 'positions', order, order)).toBeLessThan(1 / 2048);
    expect(worst(expected, back, 'shRest', order, order)).toBeLessThan(16 / 128);
    expect(worstRotation(expected, back, order, order)).toBeGreaterThan(0.9999);
  });

  it.each([0, 1, 2, 3] as ShDegree[])('packs the bytes of the reference writer, SH degree %d', async (degree) => {
    const scene = randomScene(500, degree, 11);
    const lib = await import('@playcanvas/splat-transform');
    const column = (name: string, values: Float32Array, width: number, at: number): InstanceType<typeof lib.Column> =>
      new lib.Column(
        name,
        Float32Array.from({ length: scene.count }, (_, i) => values[i * width + at]),
      );
    const n = shRestCount(degree);
    const dataTable = new lib.DataTable(
      [
        ...['x', 'y', 'z'].map((name, k) => column(name, scene.positions, 3, k)),
        ...[0, 1, 2].flatMap((k) => [
          column(`scale_${k}`, scene.logScales, 3, k),
          column(`f_dc_${k}`, scene.shDc, 3, k),
        ]),
        ...[0, 1, 2, 3].map((k) => column(`rot_${k}`, scene.quats, 4, k)),
        column('opacity', scene.logitOpacities, 1, 0),
        ...Array.from({ length: n * 3 }, (_, k) =>
          column(`f_rest_${k}`, scene.shRest, n * 3, (k % n) * 3 + Math.floor(k / n)),
        ),
      ],
      lib.Transform.PLY,
    );
    const files = new lib.MemoryFileSystem();
    await lib.writeSpz({ filename: 'a', dataTable, model: 'default', version: 3 }, files);
    const theirs = gunzipSync(files.results.get('a') ?? new Uint8Array());
    const ours = packSpz(scene);
    expect(ours.length).toBe(theirs.length);
    // The reference rounds in 32-bit floats: a rare step of one is allowed, rotations (packed bits) aside.
    const rotations = 16 + 500 * 16;
    const differing = [...ours.keys()].filter((i) => ours[i] !== theirs[i]);
    expect(differing.length).toBeLessThan(ours.length / 500);
    for (const i of differing.filter((k) => k < rotations || k >= rotations + 2000))
      expect(Math.abs(ours[i] - theirs[i]), `byte ${i}`).toBeLessThanOrEqual(16);
  });

  it.each(['x', '-x', 'z', '-z'] as const)('stands a scene on its feet whose up is %s', async (up) => {
    const scene = randomScene(50, 0);
    const back = await roundTrip({ ...scene, meta: { ...scene.meta, up } }, 'spz');
    for (let i = 0; i < 50; i++) {
      const height = dot(
        UP_DIRECTIONS[up],
        vec3((k) => scene.positions[3 * i + k]),
      );
      expect(back.positions[3 * i + 1]).toBeCloseTo(height, 3);
    }
  });

  it.each(['inria-ply', 'compressed-ply'] as const)('turns SPZ into the frame of PLY and back (%s)', async (format) => {
    const scene = randomScene(100, 1);
    const spz = await roundTrip(scene, 'spz');
    const ply = await roundTrip(spz, format);
    expect(ply.meta).toMatchObject({ up: '-y', upIsGuessed: false });
    const [there, here] = [scene, ply].map(({ positions }) => positions.filter((_, at) => at % 3 === 1).sort());
    for (const [i, y] of there.entries()) expect(Math.abs(here[i] - y)).toBeLessThan(1e-2);
    expect((await roundTrip(ply, 'spz')).meta.up).toBe('y');
  });

  it('stands a z-up scene on its feet', async () => {
    const scene = randomScene(50, 0);
    const back = await roundTrip({ ...scene, meta: { ...scene.meta, up: 'z' } }, 'spz');
    for (let i = 0; i < 50; i++) {
      expect(back.positions[i * 3 + 1]).toBeCloseTo(scene.positions[i * 3 + 2], 3);
      expect(back.positions[i * 3 + 2]).toBeCloseTo(-scene.positions[i * 3 + 1], 3);
    }
  });

  it.each(['inria-ply', 'compressed-ply'] as const)(
    'leaves to guess what was a guess, and tells what was told (%s)',
    async (format) => {
      const scene = randomScene(20, 0);
      const back = (meta: Partial<SplatScene['meta']>) =>
        roundTrip({ ...scene, meta: { ...scene.meta, ...meta } }, format);
      expect((await back({ up: '-y', upIsGuessed: true })).meta).toMatchObject({ up: '-y', upIsGuessed: true });
      for (const up of ['y', '-y', 'z'] as const)
        expect((await back({ up, upIsGuessed: false })).meta).toMatchObject({ up, upIsGuessed: false });
    },
  );

  it('joins chunks: 70,000 splats come back in order', async () => {
    const scene = randomScene(70_000, 0);
    const back = await roundTrip({ ...scene, meta: { ...scene.meta, up: 'y' } }, 'spz');
    const order = [...scene.logitOpacities.keys()];
    expect(worst(scene, back, 'positions', order, order)).toBeLessThan(1 / 4096);
  });

  it('keeps the anti-aliased tag', async () => {
    const scene = randomScene(10, 0);
    expect((await roundTrip({ ...scene, meta: { ...scene.meta, antialiased: true } }, 'spz')).meta.antialiased).toBe(
      true,
    );
  });

  it('brings a position that its fixed point cannot hold to the end of its range, and moves no other', async () => {
    const scene = randomScene(40, 0);
    scene.positions[5] = -3000;
    const back = await roundTrip(scene, 'spz');
    expect(back.positions[5]).toBeCloseTo(2048, 2);
    const others = [...scene.logitOpacities.keys()].slice(2);
    for (const row of others)
      expect(Math.abs(back.positions[3 * row] - scene.positions[3 * row])).toBeLessThan(1 / 4096);
  });
});

describe('lossy formats and invalid splats', () => {
  it.each(['compressed-ply', 'spz'] as const)('%s leaves out what it cannot hold and nothing else', async (format) => {
    const scene = tagged(40, 1);
    scene.positions[0] = NaN;
    scene.shDc[3] = Infinity;
    scene.logitOpacities[39] = Infinity;
    scene.logScales[6] = -Infinity;
    const back = await roundTrip(scene, format);
    expect(back.count).toBe(38);
    expect(Math.max(...back.logitOpacities)).toBeGreaterThan(10);
  });

  it.skipIf(process.platform === 'win32')(
    'hears a signal that comes while a format is packed (POSIX signals)',
    async () => {
      await encodedBytes(randomScene(3, 0), 'spz');
      for (const format of ['compressed-ply', 'spz'] as const) {
        const controller = new AbortController();
        process.once('SIGUSR2', () => controller.abort());
        const onProgress = ({ fraction }: { fraction: number }): void => {
          if (fraction === 0) process.kill(process.pid, 'SIGUSR2');
        };
        await expect(
          encodedBytes(randomScene(3, 0), format, { signal: controller.signal, onProgress }),
        ).rejects.toMatchObject({ code: 'cancelled' });
      }
    },
  );

  it('refuses scenes with nothing left and scenes with nothing in them', async () => {
    const scene = randomScene(3, 0);
    scene.positions.fill(NaN);
    await expect(encodedBytes(scene, 'spz')).rejects.toMatchObject({ code: 'empty-scene' });
    await expect(encodedBytes(randomScene(0, 0), 'inria-ply')).rejects.toMatchObject({ code: 'empty-scene' });
    const abort = AbortSignal.abort();
    await expect(encodedBytes(randomScene(3, 0), 'inria-ply', { signal: abort })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

it('an SPZ names its frame where that is known, and the library reads it all the same', async () => {
  const scene = randomScene(50, 1);
  const known = await roundTrip(scene, 'spz');
  expect(known.meta).toMatchObject({ up: 'y', upIsGuessed: false });
  const guessed = { ...scene, meta: { ...scene.meta, upIsGuessed: true } };
  expect((await roundTrip(guessed, 'spz')).meta).toMatchObject({ up: 'y', upIsGuessed: true });
  const bytes = gunzipSync(await encodedBytes(scene, 'spz'));
  const lib = await import('@playcanvas/splat-transform');
  const fileSystem = new lib.MemoryReadFileSystem();
  fileSystem.set('a.spz', bytes);
  const [source] = await lib.readFile({ filename: 'a.spz', inputFormat: 'spz', fileSystem });
  expect(source.meta.numGaussians).toBe(50);
});

it.each(['spz', 'sog', 'splat'] as const)('%s says where its places count from, by its own axes', async (format) => {
  const scene = randomScene(10, 0);
  const meta = { ...scene.meta, up: 'z' as const, origin: [500_000, 4_600_000, 100] as const };
  const { notes } = await encodeWhole({ ...scene, meta }, format);
  const origin = format === 'spz' ? '500000 100 -4600000' : '500000 -100 4600000';
  expect(notes.join(' ')).toContain(`Places count from ${origin},`);
});
