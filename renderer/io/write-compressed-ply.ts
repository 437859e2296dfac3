import { concatenateScenes } from '../core/concatenate-scenes.ts';
import { SplatError } from '../core/errors.ts';
import { countMask, keepRows } from '../core/keep-rows.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { formatCount } from '../core/units.ts';
import { splats, strayMask } from './held-scene.ts';
import type { SplatTransform } from './library.ts';
import { loadLibrary, toTable } from './library.ts';
import { commentLines, commentsFromMeta, originComments, readPlyHeader, rowBytes } from './ply-header.ts';
import { sourceFromBytes } from './source.ts';

/** Splats that share one box of places and one range of sizes and colours. */
const CHUNK_SPLATS = 256;
/** An opacity that is stored as 0. */
const UNSEEN_LOGIT = -20;

interface Parts {
  /** With unseen splats that fill their last chunk. */
  readonly strays: SplatScene | undefined;
  readonly body: SplatScene;
  readonly notes: readonly string[];
}

/**
 * The scene as a compressed PLY of PlayCanvas. Its splats go in chunks of 256 that share a box, so a stray would take
 * the places of all others of its chunk: strays stand in chunks of their own, which splats without opacity fill up.
 * @param scene of splats that can be drawn, see `holdDrawn`
 */
export async function encodeCompressedPly(
  scene: SplatScene,
  comment: string | undefined,
): Promise<{ readonly bytes: Uint8Array; readonly splats: number; readonly notes: readonly string[] }> {
  const lib = await loadLibrary();
  const { body, strays, notes } = partsOf(scene);
  const last = await encodePart(lib, body);
  const bytes = strays === undefined ? last : await join(await encodePart(lib, strays), last);
  const comments = [...commentsFromMeta(scene.meta), ...originComments(scene.meta), ...commentLines(comment)];
  return { bytes: withComments(bytes, comments), splats: body.count + (strays?.count ?? 0), notes };
}

/** The strays, which come first and fill chunks, so that the body begins a chunk, too. */
function partsOf(scene: SplatScene): Parts {
  const isStray = strayMask(scene);
  const count = countMask(isStray);
  if (count === 0) return { body: scene, strays: undefined, notes: [] };
  const body = keepRows(
    scene,
    isStray.map((flag) => 1 - flag),
  );
  const strays = keepRows(scene, isStray);
  const missing = (CHUNK_SPLATS - (count % CHUNK_SPLATS)) % CHUNK_SPLATS;
  return {
    body,
    strays: concatenateScenes([strays, ...Array<SplatScene>(missing).fill(unseen(strays))]),
    notes: missing === 0 ? [] : [fillNote(missing, count)],
  };
}

/** A splat without opacity where the first of a scene is. */
function unseen(scene: SplatScene): SplatScene {
  const first = keepRows(
    scene,
    Uint8Array.from({ length: scene.count }, (_, row) => Number(row === 0)),
  );
  return { ...first, logitOpacities: Float32Array.of(UNSEEN_LOGIT) };
}

function fillNote(missing: number, strays: number): string {
  const added = `${splats(missing)} without opacity ${missing === 1 ? 'was' : 'were'} added`;
  return `${added} beside ${strays === 1 ? 'one that stands' : `${formatCount(strays)} that stand`} far from the rest.`;
}

async function encodePart(lib: SplatTransform, scene: SplatScene): Promise<Uint8Array> {
  const files = new lib.MemoryFileSystem();
  await lib.writeCompressedPly({ filename: 'out', dataTable: toTable(lib, scene, lib.Transform.PLY) }, files);
  const bytes = files.results.get('out');
  if (bytes === undefined) throw new SplatError('invalid-file', `${scene.meta.name} could not be encoded.`);
  return bytes;
}

/** One file of the rows of two with the same properties, element by element; the first's last chunk is full. */
async function join(first: Uint8Array, second: Uint8Array): Promise<Uint8Array> {
  const [a, b] = [await readPlyHeader(sourceFromBytes('', first)), await readPlyHeader(sourceFromBytes('', second))];
  const text = new TextDecoder('latin1')
    .decode(first.subarray(0, a.byteLength))
    .replace(/^element (\w+) (\d+)$/gm, (_, name: string, count: string) => {
      const more = b.elements.find((element) => element.name === name)?.count ?? 0;
      return `element ${name} ${Number(count) + more}`;
    });
  const parts: Uint8Array[] = [new TextEncoder().encode(text)];
  let [atFirst, atSecond] = [a.byteLength, b.byteLength];
  a.elements.forEach((element, i) => {
    const bytesARow = rowBytes(element) ?? 0;
    const [nextFirst, nextSecond] = [atFirst + element.count * bytesARow, atSecond + b.elements[i].count * bytesARow];
    parts.push(first.subarray(atFirst, nextFirst), second.subarray(atSecond, nextSecond));
    [atFirst, atSecond] = [nextFirst, nextSecond];
  });
  return concatenate(parts);
}

/** The library's header cannot carry the up axis; comments go in behind its first two lines. */
function withComments(bytes: Uint8Array, comments: readonly string[]): Uint8Array {
  if (comments.length === 0) return bytes;
  const at = bytes.indexOf(0x0a, bytes.indexOf(0x0a) + 1) + 1;
  return concatenate([bytes.subarray(0, at), new TextEncoder().encode(`${comments.join('\n')}\n`), bytes.subarray(at)]);
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
