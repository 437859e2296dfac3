import { gzipComment } from './gzip-comment.ts';
import { readPlyHeader } from './ply-header.ts';
import { checkSize } from './ply-layout.ts';
import { prepareSpz } from './read-spz.ts';
import type { SceneSource } from './source.ts';

const HEAD_BYTES = 4096;

/**
 * The comments in a PLY or gzipped SPZ file, once it is sure that the file is whole: a PLY by its size, an SPZ by
 * unpacking it.
 * Splats are not decoded.
 * @throws SplatError `truncated-file`, `invalid-file`, `unsupported-feature`, `empty-scene`, `io`
 */
export async function commentsOfWholeFile(source: SceneSource): Promise<readonly string[]> {
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  if (head[0] === 0x1f && head[1] === 0x8b) {
    await prepareSpz(source);
    const comment = gzipComment(head);
    return comment === undefined ? [] : [comment];
  }
  const header = await readPlyHeader(source);
  checkSize(source, header, header.byteLength, 0);
  return header.comments;
}
