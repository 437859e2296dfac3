import { expect, it, vi } from 'vitest';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { previewBlocks } from '../../../renderer/io/preview.ts';
import { readScene } from '../../../renderer/io/read-scene.ts';
import type { SceneSource } from '../../../renderer/io/source.ts';
import { sourceFromBytes } from '../../../renderer/io/source.ts';
import { encodedBytes } from '../../encoded-bytes.ts';
import { bitsOf, randomScene } from './fixtures.ts';
import { LARGE, largeScene } from './large-scene.ts';

const scene = largeScene();
const bytes = await encodedBytes(scene, 'inria-ply');

/** A file that counts what is read of it. */
function counted(content: Uint8Array): SceneSource & { bytesRead: number } {
  const source = sourceFromBytes('large.ply', content);
  const file = {
    ...source,
    bytesRead: 0,
    read: (offset: number, length: number) => {
      file.bytesRead += length;
      return source.read(offset, length);
    },
  };
  return file;
}

it('is read first, from all over the file, and leaves the whole as it is', async () => {
  const file = counted(bytes);
  let preview: SplatScene | undefined;
  let readBefore = Infinity;
  const onPreview = vi.fn((given: SplatScene) => {
    preview = given;
    readBefore = file.bytesRead;
  });
  const whole = await readScene(file, { onPreview });
  expect(onPreview).toHaveBeenCalledOnce();
  expect(readBefore).toBeLessThan(0.1 * bytes.length);
  const { count, positions, logScales, meta } = preview as SplatScene;
  expect(meta).toEqual(whole.meta);
  const xs = Array.from({ length: count }, (_, i) => positions[3 * i]);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = xs.filter((x) => x >= tenth / 10 && x < (tenth + 1) / 10).length / count;
    expect(share).toBeCloseTo(0.1, 2);
  }
  // Areas add up to those of all.
  expect(count * Math.exp(logScales[0]) ** 2).toBeCloseTo(LARGE, -1);
  expect(Buffer.compare(bitsOf(whole.positions), bitsOf(scene.positions))).toBe(0);
  expect(Buffer.compare(bitsOf(whole.logScales), bitsOf(scene.logScales))).toBe(0);
});

it('has as many harmonics as enlarged splats show', async () => {
  const onPreview = vi.fn();
  await readScene(sourceFromBytes('a.ply', await encodedBytes(largeScene(2), 'inria-ply')), { onPreview });
  expect(onPreview.mock.lastCall?.[0]).toMatchObject({ shDegree: 1 });
});

it('comes of a .splat in the same way', async () => {
  const onPreview = vi.fn<(preview: SplatScene) => void>();
  const file = sourceFromBytes('large.splat', await encodedBytes(scene, 'splat'));
  const whole = await readScene(file, { onPreview });
  expect(onPreview).toHaveBeenCalledOnce();
  const [{ count, positions, logScales, meta }] = onPreview.mock.lastCall ?? [whole];
  expect(meta).toEqual(whole.meta);
  const xs = Array.from({ length: count }, (_, i) => positions[3 * i]);
  for (let tenth = 0; tenth < 10; tenth++)
    expect(xs.filter((x) => x >= tenth / 10 && x < (tenth + 1) / 10).length / count).toBeCloseTo(0.1, 2);
  expect(Math.exp(logScales[0] - whole.logScales[0]) ** 2).toBeCloseTo(LARGE / count, 1);
});

it('comes of no small file, nor of splats that none can be drawn of', async () => {
  const onPreview = vi.fn();
  await readScene(sourceFromBytes('a.ply', await encodedBytes(randomScene(100, 1), 'inria-ply')), { onPreview });
  const dead = { ...scene, quats: new Float32Array(4 * LARGE) };
  const reading = readScene(sourceFromBytes('a.ply', await encodedBytes(dead, 'inria-ply')), { onPreview });
  await expect(reading).rejects.toMatchObject({ code: 'invalid-file' });
  expect(onPreview).not.toHaveBeenCalled();
});

it('lies within the file, however many splats it has', () => {
  for (const count of [0, 1, 524_287]) expect(previewBlocks(count)).toEqual([]);
  for (const count of [524_288, 524_289, 1_234_567, 5e7]) {
    const blocks = previewBlocks(count);
    blocks.forEach((block, i) => {
      const end = block.first + block.count;
      expect(end).toBeLessThanOrEqual(i + 1 < blocks.length ? blocks[i + 1].first : count);
    });
  }
});
