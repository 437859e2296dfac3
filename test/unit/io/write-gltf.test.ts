import { validateBytes } from 'gltf-validator';
import { describe, expect, it } from 'vitest';
import type { ShDegree, SplatScene } from '../../../renderer/core/splat-scene.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { halfTurnAboutX } from '../../../renderer/io/half-turn.ts';
import { unitQuats } from '../../../renderer/io/library-files.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import { encodeWhole, encodedSource } from '../../encoded-bytes.ts';
import { randomScene, readData } from './fixtures.ts';

const PREFIX = 'KHR_gaussian_splatting:';

/**
 * What Khronos's validator says of a file. It does not know the extension yet, and takes the names that the extension
 * gives its attributes for wrong: those messages are left out, and everything else stands.
 */
async function complaints(bytes: Uint8Array, files: readonly { path: string; bytes: Uint8Array }[] = []) {
  const { issues } = await validateBytes(bytes, {
    externalResourceFunction: (uri) => {
      const file = files.find(({ path }) => path === uri);
      return file === undefined ? Promise.reject(new Error(uri)) : Promise.resolve(file.bytes);
    },
  });
  return issues.messages.filter(
    ({ code, pointer = '' }) =>
      code !== 'UNSUPPORTED_EXTENSION' && !(code === 'MESH_PRIMITIVE_INVALID_ATTRIBUTE' && pointer.includes(PREFIX)),
  );
}

/** A .glb in which the extension's attributes have names that every validator knows how to check. */
function withPlainNames(glb: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(glb).replaceAll(PREFIX, `_${'X'.repeat(PREFIX.length - 2)}_`);
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function expectClose(back: SplatScene, scene: SplatScene): void {
  for (const name of SCENE_ARRAYS) {
    const most = back[name].reduce((worst, value, at) => Math.max(worst, Math.abs(value - scene[name][at])), 0);
    expect(most, name).toBeLessThan(
      name === 'logitOpacities' || name === 'logScales' || name === 'quats' ? 1e-5 : 1e-30,
    );
  }
}

describe.each(['glb', 'gltf'] as const)('%s', (format) => {
  it.each([0, 1, 2, 3] as ShDegree[])(
    'passes the validator of Khronos and reads back as it was, SH degree %d',
    async (degree) => {
      const random = randomScene(40, degree);
      const scene = { ...random, quats: unitQuats(random.quats) };
      const encoded = await encodeWhole(scene, format, { stem: 'a place', comment: 'made by a test' });
      expect(
        await complaints(
          encoded.bytes,
          encoded.beside?.map((f) => ({ ...f, path: encodeURIComponent(f.path) })),
        ),
      ).toEqual([]);
      if (format === 'glb') expect(await complaints(withPlainNames(encoded.bytes))).toEqual([]);
      expect(encoded).toMatchObject({ splats: 40, notes: [] });
      const back = await readScene(await encodedSource(encoded));
      expect(back).toMatchObject({ count: 40, shDegree: degree, meta: { format: 'gltf', up: 'y' } });
      expectClose(back, halfTurnAboutX(scene));
    },
  );

  it('keeps places in double precision by where its node stands', async () => {
    const scene = await readData('cases/utm_double.ply');
    const encoded = await encodeWhole(scene, format);
    expect(encoded.notes).toEqual([]);
    const back = await readScene(await encodedSource(encoded));
    const [x, y, z] = scene.meta.origin ?? [0, 0, 0];
    expect(Math.abs(x)).toBeGreaterThan(1e5);
    expect(back.meta.origin).toEqual([x, -y, -z]);
    expect(back.positions).toEqual(halfTurnAboutX(scene).positions);
    // And from there into a PLY, as it was.
    const again = await readScene(await encodedSource(await encodeWhole(back, 'inria-ply'), 'a.ply'));
    expect(again.meta.origin).toEqual(scene.meta.origin);
    expect(again.positions).toEqual(scene.positions);
  });
});

it('says that glTF does not know of anti-aliased training', async () => {
  const scene = randomScene(10, 0);
  const { notes } = await encodeWhole({ ...scene, meta: { ...scene.meta, antialiased: true } }, 'glb');
  expect(notes).toEqual([expect.stringContaining("anti-aliased, which glTF can't say")]);
});

it('names the file of numbers by its content, so that an earlier one is never written over', async () => {
  const named = async (seed: number): Promise<string | undefined> =>
    (await encodeWhole(randomScene(10, 0, seed), 'gltf', { stem: 'plant' })).beside?.[0].path;
  const [one, same, other] = [await named(1), await named(1), await named(2)];
  expect(one).toMatch(/^plant-[0-9a-f]{8}\.bin$/);
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});
