import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gzipComment } from '../../../renderer/io/gzip-comment.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { commentsOfWholeFile } from '../../../renderer/io/whole-file.ts';
import type { WritableFormatId } from '../../../renderer/io/write-scene.ts';
import { encodeWhole, encodedBytes, encodedSource } from '../../encoded-bytes.ts';
import { randomScene } from './fixtures.ts';

const COMMENT = 'Refined by a test: strength=0.5';
/** Those whose end tells whether they are whole; a .splat has no place for a comment. */
const FORMATS: readonly WritableFormatId[] = ['inria-ply', 'compressed-ply', 'spz', 'sog', 'glb'];
const FOLDERS: readonly WritableFormatId[] = ['sog-folder', 'streamed-sog', 'gltf'];

describe.each(FORMATS)('a comment in %s', (format) => {
  it('is found again and changes nothing else in the scene', async () => {
    const scene = randomScene(300, 1, 7);
    const plain = await readScene(sourceFromBytes('a', await encodedBytes(scene, format)));
    const bytes = await encodedBytes(scene, format, { comment: COMMENT });
    expect(await commentsOfWholeFile(sourceFromBytes('a', bytes))).toContain(COMMENT);
    const read = await readScene(sourceFromBytes('a', bytes));
    for (const key of SCENE_ARRAYS) expect(read[key]).toEqual(plain[key]);
  });

  it('is not believed where the file is cut off', async () => {
    const bytes = await encodedBytes(randomScene(300, 1, 7), format, { comment: COMMENT });
    for (const share of [0.3, 0.7, 0.99]) {
      await expect(
        commentsOfWholeFile(sourceFromBytes('a', bytes.subarray(0, share * bytes.length))),
      ).rejects.toMatchObject({ code: 'truncated-file' });
    }
  });

  it('is absent from a file that was given none', async () => {
    expect(
      await commentsOfWholeFile(sourceFromBytes('a', await encodedBytes(randomScene(30, 1, 7), format))),
    ).not.toContain(COMMENT);
  });
});

it.each(FOLDERS)('a comment in %s is found again, and nothing else', async (format) => {
  const scene = randomScene(50, 1, 7);
  const encoded = await encodeWhole(scene, format, { comment: COMMENT });
  expect(await commentsOfWholeFile(await encodedSource(encoded))).toEqual([COMMENT]);
  expect(await readScene(await encodedSource(encoded, 'a.json'))).toMatchObject({ count: 50 });
  expect(await commentsOfWholeFile(await encodedSource(await encodeWhole(scene, format)))).toEqual([]);
});

it('a comment in a web page is found at its end', async () => {
  const comment = 'up --> <x> & model';
  const { bytes } = await encodeWhole(randomScene(20, 0, 7), 'html', { comment });
  expect(await commentsOfWholeFile(sourceFromBytes('a', bytes))).toEqual([comment]);
  expect(await commentsOfWholeFile(sourceFromBytes('a', bytes.subarray(0, 0.9 * bytes.length)))).toEqual([]);
});

it('a comment of a .gltf is not believed without its numbers', async () => {
  const encoded = await encodeWhole(randomScene(50, 1, 7), 'gltf', { comment: COMMENT });
  const cut = (encoded.beside ?? []).map((file) => ({ ...file, bytes: file.bytes.subarray(0, 100) }));
  await expect(commentsOfWholeFile(await encodedSource({ ...encoded, beside: cut }))).rejects.toMatchObject({
    code: 'truncated-file',
  });
});

describe('gzip comments', () => {
  it('stand where the format wants them: other decompressors pass over them', async () => {
    const bytes = await encodedBytes(randomScene(30, 0, 7), 'spz', { comment: COMMENT });
    expect(gunzipSync(bytes).subarray(0, 4).toString('latin1')).toBe('NGSP');
  });

  it('are read behind a name and an extra field', () => {
    const plain = gzipSync('content');
    const fields = Buffer.concat([Buffer.from([3, 0, 1, 2, 3]), Buffer.from('name\0note\0')]);
    const bytes = Buffer.concat([plain.subarray(0, 10), fields, plain.subarray(10)]);
    bytes[3] = 4 | 8 | 16;
    expect(gunzipSync(bytes).toString()).toBe('content');
    expect(gzipComment(bytes)).toBe('note');
    expect(gzipComment(plain)).toBeUndefined();
    expect(gzipComment(bytes.subarray(0, 18))).toBeUndefined();
  });
});
