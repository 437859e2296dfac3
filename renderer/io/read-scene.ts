import { SplatError, throwIfAborted } from '../core/errors.ts';
import { countUndrawable } from '../core/drawable.ts';
import type { JobOptions } from '../core/progress.ts';
import type { FileStage } from '../core/stages.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import type { SceneFormatId } from './formats.ts';
import { sniffFormat, SNIFF_BYTES } from './formats.ts';
import { readByLibrary } from './read-library.ts';
import { readLcc } from './read-lcc.ts';
import { readGltf } from './read-gltf.ts';
import { openInriaPly, readInriaPly } from './read-inria-ply.ts';
import { readingFailed } from './reading-failed.ts';
import type { SceneRanges } from './scene-ranges.ts';
import { rangesOf } from './scene-ranges.ts';
import type { ReadOptions, SceneSource } from './source.ts';
import { nothingToDraw } from './source.ts';

export type { SceneSource } from './source.ts';
export { sourceFromBlob, sourceFromBytes } from './source.ts';

/**
 * Reads a scene of any known format, recognised by its content. Axes stay the file's own; `meta.up` names the up axis.
 * Of a SOG with levels of detail (lod-meta.json) each block's finest level is read. Splats with NaN or infinite numbers
 * are kept; a file of which no splat can be drawn (see `isDrawable`) is refused.
 * @throws SplatError `unknown-format`, `truncated-file`, `invalid-file`, `unsupported-feature`, `empty-scene`,
 *   `out-of-memory`, `io`, `cancelled`; nothing else.
 */
export async function readScene(source: SceneSource, options: ReadOptions = {}): Promise<SplatScene> {
  try {
    throwIfAborted(options.signal, `Opening ${source.name}`);
    if (source.size === 0)
      throw new SplatError('empty-scene', `${source.name} is an empty file.`, 'Copy or download the file again.');
    const format = sniffFormat(await source.read(0, Math.min(SNIFF_BYTES, source.size)), source.name);
    const scene = await readAs(format, source, options);
    if (countUndrawable(scene) === scene.count) throw nothingToDraw(source.name, scene.count);
    return scene;
  } catch (error) {
    throw readingFailed(source.name, error);
  }
}

/**
 * Reads a scene in ranges, as `encodeInriaPly` and `surveyScene` take it: binary PLY from the file itself, while it is
 * open; what is packed is read as a whole first. Throws as `readScene`, but for files of which no splat can be drawn,
 * and so does what it gives.
 */
export async function openRanges(source: SceneSource, options: JobOptions<FileStage> = {}): Promise<SceneRanges> {
  try {
    const head = await source.read(0, Math.min(SNIFF_BYTES, source.size));
    const isPly = source.size > 0 && sniffFormat(head, source.name) === 'inria-ply';
    const ranges = isPly ? await openInriaPly(source) : undefined;
    if (ranges === undefined) return rangesOf(await readScene(source, options));
    const read = (first: number, count: number): Promise<SplatScene> =>
      ranges.read(first, count).catch((error: unknown) => {
        throw readingFailed(source.name, error);
      });
    return { ...ranges, read };
  } catch (error) {
    throw readingFailed(source.name, error);
  }
}

function readAs(format: SceneFormatId, source: SceneSource, options: ReadOptions): Promise<SplatScene> {
  if (format === 'inria-ply') return readInriaPly(source, options);
  if (format === 'gltf') return readGltf(source, (packed) => readByLibrary(packed, 'spz', options), options);
  if (format === 'lcc' || format === 'lcc2')
    return readLcc(source, format, (part, id) => readByLibrary(part, id, options), options);
  return readByLibrary(source, format, options);
}
