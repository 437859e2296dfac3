import { htmlComment, jsonComment, zipComment, ZIP_TAIL_BYTES } from './file-comment.ts';
import { GltfFile } from './gltf-file.ts';
import { gzipComment } from './gzip-comment.ts';
import { readPlyHeader } from './ply-header.ts';
import { checkSize } from './ply-layout.ts';
import { prepareSpz } from './read-spz.ts';
import { readingFailed } from './reading-failed.ts';
import type { SceneSource } from './source.ts';
import { truncated } from './source.ts';

const HEAD_BYTES = 4096;

/**
 * The comments in a file that this app wrote, once it is sure that the file is whole: a PLY by its size, an SPZ by
 * unpacking it, a zip archive and a web page by their ends, glTF by its buffers. Of a SOG folder, which takes its place
 * as a whole, its description is enough. Splats are not decoded. A .splat has no comments.
 * @throws SplatError `truncated-file`, `invalid-file`, `unsupported-feature`, `empty-scene`, `io`
 */
export async function commentsOfWholeFile(source: SceneSource): Promise<readonly string[]> {
  try {
    const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
    const comment = await singleComment(source, head);
    if (comment !== undefined) return comment === '' ? [] : [comment];
    const header = await readPlyHeader(source);
    checkSize(source, header, header.byteLength, 0);
    return header.comments;
  } catch (error) {
    throw readingFailed(source.name, error);
  }
}

/** The comment of a file that is no PLY, empty without one; undefined for a PLY. */
async function singleComment(source: SceneSource, head: Uint8Array): Promise<string | undefined> {
  const start = new TextDecoder('latin1').decode(head.subarray(0, 16)).trimStart().toLowerCase();
  if (head[0] === 0x1f && head[1] === 0x8b) {
    await prepareSpz(source);
    return gzipComment(head) ?? '';
  }
  if (start.startsWith('pk\x03\x04')) {
    const comment = zipComment(await tailOf(source, ZIP_TAIL_BYTES));
    if (comment === undefined) throw truncated(source.name, 'the list of its files is not there');
    return comment;
  }
  if (start.startsWith('<!doctype html')) {
    const tail = new TextDecoder().decode(await tailOf(source, HEAD_BYTES));
    return htmlComment(tail) ?? '';
  }
  if (start.startsWith('gltf')) return gltfComment(source);
  if (!start.startsWith('{')) return undefined;
  const description: unknown = JSON.parse(new TextDecoder().decode(await source.read(0, source.size)));
  const isGltf = typeof description === 'object' && description !== null && 'buffers' in description;
  return isGltf ? gltfComment(source) : (jsonComment(description) ?? '');
}

async function gltfComment(source: SceneSource): Promise<string> {
  const file = await GltfFile.open(source);
  for (let view = 0; view < file.gltf.bufferViews.length; view++) await file.viewBytes(view);
  return jsonComment(file.gltf) ?? '';
}

function tailOf(source: SceneSource, bytes: number): Promise<Uint8Array> {
  const length = Math.min(bytes, source.size);
  return source.read(source.size - length, length);
}
