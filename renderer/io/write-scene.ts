import { SplatError, throwIfAborted, toSplatError } from '../core/errors.ts';
import { yieldToEventLoop } from '../core/yield-to-event-loop.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape } from '../core/splat-scene.ts';
import type { WritableFormatId } from '../core/writable-formats.ts';
import { FORMAT_WORDS, sceneStem } from '../core/writable-formats.ts';
import type { EncodeOptions } from './encode-options.ts';
import { antialiasedNotes, holdDrawn, lostColumnNotes, originNotes } from './held-scene.ts';
import { holdInSog } from './hold-in-sog.ts';
import { holdInSpz } from './hold-in-spz.ts';
import { withComment } from './file-comment.ts';
import type { FileContent } from './file-content.ts';
import { contentOfBytes } from './file-content.ts';
import type { NamedFile } from './library-files.ts';
import { standUp } from './stand-up.ts';
import { rangesOf } from './scene-ranges.ts';
import { encodeCompressedPly } from './write-compressed-ply.ts';
import { encodeGlb, encodeGltf } from './write-gltf.ts';
import { encodeHtml } from './write-html.ts';
import { encodeInriaPly, inPlyFrame } from './write-inria-ply.ts';
import { encodeSog, encodeSogFolder } from './write-sog.ts';
import { encodeSplat } from './write-splat.ts';
import { encodeSpz } from './write-spz.ts';
import { encodeStreamedSog } from './write-streamed-sog.ts';

export type { WritableFormatId } from '../core/writable-formats.ts';

/** A scene as the content of a file. */
export interface EncodedScene {
  /** Of the file that is opened; failures while its pieces are made are those of `encodeScene`. */
  readonly content: FileContent;
  /** Files that belong beside it. */
  readonly beside?: readonly NamedFile[];
  /** Splats that were written. */
  readonly splats: number;
  /** What the file does not hold as the scene does, as sentences for people. */
  readonly notes: readonly string[];
}

/**
 * Encodes a scene as the content of a file, or of several.
 *
 * `inria-ply` keeps everything, bit for bit and in order, and is made while its pieces are asked for. The others
 * leave out splats that can't be drawn (see `isDrawable`), and infinite opacities and scales of zero become the
 * nearest number that can be stored; all but glTF are lossy, and `compressed-ply` and SOG also reorder splats.
 * A scene that goes from one family of formats to the other is turned to stand as files of that family do: +y is up in
 * SPZ and glTF, -y in the others. PLY files of a scene from any other format but SPZ and glTF keep its axes. PLY names
 * an axis that is known.
 * @throws SplatError `empty-scene`, `invalid-file`, `unsupported-feature`, `cancelled`
 */
export async function encodeScene(
  scene: SplatScene,
  format: WritableFormatId,
  options: EncodeOptions = {},
): Promise<EncodedScene> {
  assertSceneShape(scene);
  throwIfAborted(options.signal, 'Saving');
  if (scene.count === 0) throw new SplatError('empty-scene', 'A scene without splats cannot be saved.');
  if (format === 'inria-ply')
    return { content: await encodeInriaPly(rangesOf(scene), options), splats: scene.count, notes: unheldNotes(scene) };
  options.onProgress?.({ stage: 'Encoding', fraction: 0 });
  try {
    const { scene: drawn, notes } = holdDrawn(scene);
    const { bytes, ...encoded } = await encodeDrawn(drawn, format, options);
    await letAbortThrough();
    throwIfAborted(options.signal, 'Saving');
    options.onProgress?.({ stage: 'Encoding', fraction: 1 });
    const all = [...notes, ...encoded.notes, ...lostColumnNotes(scene), ...unheldNotes(scene)];
    return { ...encoded, content: contentOfBytes(bytes), notes: all };
  } catch (error) {
    throw toSplatError(error, 'invalid-file', `${scene.meta.name} could not be encoded as ${format}`);
  }
}

/** The total of a scene's files. */
export function bytesOf({ content, beside = [] }: Pick<EncodedScene, 'content' | 'beside'>): number {
  return beside.reduce((sum, file) => sum + file.bytes.byteLength, content.size);
}

/** The library encodes in one go: a signal that came meanwhile is heard only now, after other events of its turn. */
async function letAbortThrough(): Promise<void> {
  await yieldToEventLoop();
  await yieldToEventLoop();
}

/** A scene as bytes, which the library and packers make all at once. */
type PackedScene = Omit<EncodedScene, 'content'> & { readonly bytes: Uint8Array };

async function encodeDrawn(
  drawn: SplatScene,
  format: Exclude<WritableFormatId, 'inria-ply'>,
  options: EncodeOptions,
): Promise<PackedScene> {
  const { comment } = options;
  switch (format) {
    case 'compressed-ply':
      return encodeCompressedPly(await inPlyFrame(drawn), comment);
    case 'spz':
      return encodeInSpzFrame(drawn, comment);
    case 'glb':
    case 'gltf':
      return encodeInGltf(drawn, format, options);
    case 'splat': {
      const standing = await standUp(drawn, '-y');
      const notes = [
        ...harmonicsNotes(drawn),
        ...antialiasedNotes(drawn, '.splat'),
        ...originNotes(standing, '.splat'),
      ];
      return { bytes: await encodeSplat(standing), splats: drawn.count, notes };
    }
    case 'sog':
    case 'sog-folder':
    case 'streamed-sog':
    case 'html':
      return encodeInSog(drawn, format, options);
  }
}

async function encodeInSpzFrame(drawn: SplatScene, comment: string | undefined): Promise<PackedScene> {
  const { scene, fractionalBits, notes } = holdInSpz(await standUp(drawn, 'y'));
  const isFrameKnown = drawn.meta.upIsGuessed !== true;
  const bytes = await encodeSpz(scene, { fractionalBits, isFrameKnown, comment });
  return { bytes, splats: scene.count, notes };
}

async function encodeInGltf(
  drawn: SplatScene,
  format: 'glb' | 'gltf',
  { comment, stem = sceneStem(drawn.meta.name) }: EncodeOptions,
): Promise<PackedScene> {
  const standing = await standUp(drawn, 'y');
  const files =
    format === 'glb' ? { bytes: await encodeGlb(standing, comment) } : await encodeGltf(standing, stem, comment);
  return { ...files, splats: drawn.count, notes: antialiasedNotes(drawn, 'glTF') };
}

/** SOG, and the web page that holds one. */
async function encodeInSog(
  drawn: SplatScene,
  format: 'sog' | 'sog-folder' | 'streamed-sog' | 'html',
  { comment, views, stem = sceneStem(drawn.meta.name) }: EncodeOptions,
): Promise<PackedScene> {
  const { scene, notes } = holdInSog(drawn);
  const standing = await standUp(scene, '-y');
  const splats = scene.count;
  const { label } = FORMAT_WORDS[format];
  const all = [...notes, ...originNotes(standing, label)];
  if (format === 'html') {
    const bytes = await encodeHtml(standing, scene.meta.up, { stem, comment, views });
    return { bytes, splats, notes: [...all, ...antialiasedNotes(scene, 'the page')] };
  }
  if (format === 'sog') return { bytes: withComment(await encodeSog(standing), comment), splats, notes: all };
  const name = format === 'sog-folder' ? 'meta.json' : 'lod-meta.json';
  const files = await (format === 'sog-folder' ? encodeSogFolder(standing) : encodeStreamedSog(standing));
  const manifest = files.find(({ path }) => path === name);
  if (manifest === undefined) throw new SplatError('invalid-file', `The library wrote no ${name}.`);
  const beside = files.filter((file) => file !== manifest);
  return { bytes: withComment(manifest.bytes, comment), beside, splats, notes: all };
}

/** What the file that was opened holds and scenes do not: higher harmonics, and what is no splat. */
export function unheldNotes({ shDegree, meta }: Pick<SplatScene, 'shDegree' | 'meta'>): string[] {
  const { degreeInFile, beside, name } = meta;
  return [
    ...(degreeInFile === undefined
      ? []
      : [`Harmonics of degree ${degreeInFile}, which ${name} holds, are left out beyond degree ${shDegree}.`]),
    ...(beside === undefined ? [] : [`What ${name} holds beside its splats is left out: ${beside.join(', ')}.`]),
  ];
}

/** That colours no longer change with the view. */
function harmonicsNotes({ shDegree }: SplatScene): string[] {
  return shDegree === 0
    ? []
    : [`Colours that change with the view (harmonics of degree ${shDegree}) are left out: .splat holds none.`];
}
