import { z } from 'zod';
import { checkJson, parseJson } from '../core/json.ts';
import { listOf } from '../core/list-of.ts';
import { recordOf } from '../core/record-of.ts';
import type { SceneSource } from './source.ts';
import { invalid, openSibling, readExactly, truncated, unsupported } from './source.ts';

const index = z.int().min(0);
const numbers = (length: number) => listOf(z.number(), { min: length, max: length });

const node = z.object({
  children: listOf(index).default([]),
  mesh: index.optional(),
  matrix: numbers(16).optional(),
  translation: numbers(3).optional(),
  rotation: numbers(4).optional(),
  scale: numbers(3).optional(),
});

const primitive = z.object({
  attributes: recordOf(z.string(), index),
  extensions: recordOf(z.string(), z.unknown()).default({}),
});

const accessor = z.object({
  bufferView: index.optional(),
  byteOffset: index.default(0),
  componentType: z.literal([5120, 5121, 5122, 5123, 5125, 5126]),
  normalized: z.boolean().default(false),
  count: index,
  type: z.literal(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
  sparse: z.unknown().optional(),
});

const bufferView = z.object({
  buffer: index,
  byteOffset: index.default(0),
  byteLength: index,
  byteStride: index.optional(),
});

/** What of glTF 2.0 splats need. */
const gltfSchema = z.object({
  asset: z.object({ version: z.string(), extras: z.unknown().optional() }),
  extensionsRequired: listOf(z.string()).default([]),
  scene: index.optional(),
  scenes: listOf(z.object({ nodes: listOf(index).default([]) })).default([]),
  nodes: listOf(node).default([]),
  meshes: listOf(z.object({ primitives: listOf(primitive) })).default([]),
  accessors: listOf(accessor).default([]),
  bufferViews: listOf(bufferView).default([]),
  buffers: listOf(z.object({ byteLength: index, uri: z.string().optional() })).default([]),
});

export type Gltf = z.infer<typeof gltfSchema>;
export type GltfNode = z.infer<typeof node>;
export type GltfPrimitive = z.infer<typeof primitive>;

const GLB_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
/** A description is short; buffers hold the rest. */
const LARGEST_JSON_BYTES = 64e6;

const COMPONENTS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 } as const;

type Read = (view: DataView, at: number) => number;

/** By component type: bytes, reader, and what stands for 1 where numbers are normalized. */
const TYPES: Readonly<Record<number, readonly [bytes: number, read: Read, one: number]>> = {
  5120: [1, (view, at) => view.getInt8(at), 127],
  5121: [1, (view, at) => view.getUint8(at), 255],
  5122: [2, (view, at) => view.getInt16(at, true), 32767],
  5123: [2, (view, at) => view.getUint16(at, true), 65535],
  5125: [4, (view, at) => view.getUint32(at, true), 4294967295],
  5126: [4, (view, at) => view.getFloat32(at, true), 1],
};

/** A glTF 2.0 file, .glb or .gltf, with the buffers beside or in it; buffers are read when they are asked for. */
export class GltfFile {
  private readonly buffers = new Map<number, Uint8Array>();

  private constructor(
    private readonly source: SceneSource,
    readonly gltf: Gltf,
    /** Where a .glb holds its first buffer. */
    private readonly binary: { readonly offset: number; readonly length: number } | undefined,
  ) {}

  /** @throws SplatError `invalid-file`, `truncated-file`, `unsupported-feature` */
  static async open(source: SceneSource): Promise<GltfFile> {
    const head = new DataView((await source.read(0, GLB_HEADER_BYTES + CHUNK_HEADER_BYTES)).slice().buffer);
    const isBinary = head.byteLength >= 4 && head.getUint32(0, true) === 0x46546c67;
    if (!isBinary) return new GltfFile(source, await parse(source, 0, source.size), undefined);
    if (head.byteLength < GLB_HEADER_BYTES + CHUNK_HEADER_BYTES) throw truncated(source.name, 'its header is cut off');
    if (head.getUint32(4, true) !== 2) throw unsupported(source.name, `it is glTF ${head.getUint32(4, true)}, not 2`);
    const length = head.getUint32(12, true);
    if (head.getUint32(16, true) !== JSON_CHUNK) throw invalid(source.name, 'its first chunk is no JSON');
    const gltf = await parse(source, GLB_HEADER_BYTES + CHUNK_HEADER_BYTES, length);
    const next = GLB_HEADER_BYTES + CHUNK_HEADER_BYTES + length;
    if (next + CHUNK_HEADER_BYTES > source.size) return new GltfFile(source, gltf, undefined);
    const chunk = new DataView((await readExactly(source, next, CHUNK_HEADER_BYTES)).slice().buffer);
    const isBuffer = chunk.getUint32(4, true) === BINARY_CHUNK;
    const binary = { offset: next + CHUNK_HEADER_BYTES, length: chunk.getUint32(0, true) };
    return new GltfFile(source, gltf, isBuffer ? binary : undefined);
  }

  get name(): string {
    return this.source.name;
  }

  /** The bytes of a buffer view. @throws SplatError as `readScene` */
  async viewBytes(at: number): Promise<Uint8Array> {
    const view = this.gltf.bufferViews[at];
    if (view === undefined) throw invalid(this.name, `it has no buffer view ${at}`);
    const buffer = await this.buffer(view.buffer);
    if (view.byteOffset + view.byteLength > buffer.byteLength)
      throw truncated(this.name, `buffer view ${at} reaches beyond its buffer of ${buffer.byteLength} bytes`);
    return buffer.subarray(view.byteOffset, view.byteOffset + view.byteLength);
  }

  /**
   * The numbers of an accessor, (count, width), normalized ones as fractions of 1.
   * @throws SplatError `invalid-file` for another width or count, and as `readScene`
   */
  async numbers(at: number, width: number, count?: number): Promise<Float32Array> {
    const accessor = this.gltf.accessors[at];
    if (accessor === undefined) throw invalid(this.name, `it has no accessor ${at}`);
    if (accessor.sparse !== undefined) throw unsupported(this.name, 'it has sparse accessors');
    if (COMPONENTS[accessor.type] !== width || (count !== undefined && accessor.count !== count))
      throw invalid(this.name, `accessor ${at} holds ${accessor.count} times ${accessor.type}, which does not fit`);
    const [bytes, read, one] = TYPES[accessor.componentType];
    if (accessor.bufferView === undefined) {
      // All zeros; without a count that something else vouches for, that could be any number of them.
      if (count === undefined) throw invalid(this.name, `accessor ${at} has no numbers`);
      return new Float32Array(count * width);
    }
    const stride = this.gltf.bufferViews[accessor.bufferView]?.byteStride ?? bytes * width;
    if (stride < bytes * width) throw invalid(this.name, `the numbers of accessor ${at} lie over each other`);
    const raw = await this.viewBytes(accessor.bufferView);
    const needed = accessor.byteOffset + (accessor.count - 1) * stride + bytes * width;
    if (accessor.count > 0 && needed > raw.byteLength)
      throw truncated(this.name, `accessor ${at} takes ${needed} bytes, ${raw.byteLength} are there`);
    const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    const scale = accessor.normalized ? 1 / one : 1;
    const out = new Float32Array(accessor.count * width);
    for (let row = 0, to = 0; row < accessor.count; row++)
      for (let k = 0; k < width; k++, to++)
        out[to] = Math.max(
          accessor.normalized ? -1 : -Infinity,
          read(view, accessor.byteOffset + row * stride + k * bytes) * scale,
        );
    return out;
  }

  private async buffer(at: number): Promise<Uint8Array> {
    const known = this.buffers.get(at);
    if (known !== undefined) return known;
    const described = this.gltf.buffers[at];
    if (described === undefined) throw invalid(this.name, `it has no buffer ${at}`);
    const bytes = await this.bufferBytes(at, described.uri);
    if (bytes.byteLength < described.byteLength)
      throw truncated(this.name, `its buffer has ${bytes.byteLength} of ${described.byteLength} bytes`);
    this.buffers.set(at, bytes);
    return bytes;
  }

  private async bufferBytes(at: number, uri: string | undefined): Promise<Uint8Array> {
    if (uri === undefined) {
      if (at !== 0 || this.binary === undefined) throw invalid(this.name, `its buffer ${at} is nowhere`);
      return readExactly(this.source, this.binary.offset, this.binary.length);
    }
    const data = /^data:[^,]*;base64,/.exec(uri)?.[0];
    if (data !== undefined) return fromBase64(uri.slice(data.length), this.name);
    if (/^[a-z][a-z0-9+.-]*:/i.test(uri))
      throw unsupported(this.name, `a buffer lies elsewhere, at ${uri.slice(0, 80)}`, 'Download it, too.');
    const beside = await openSibling(this.source, decoded(uri));
    return readExactly(beside, 0, beside.size);
  }
}

/** A relative address as a path; one with a bare percent sign is a path already. */
function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

function fromBase64(text: string, name: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    throw invalid(name, 'a buffer in it is no Base64');
  }
}

async function parse(source: SceneSource, offset: number, length: number): Promise<Gltf> {
  if (length > LARGEST_JSON_BYTES)
    throw unsupported(
      source.name,
      `its description takes ${Math.round(length / 1e6)} MB`,
      'Keep the buffers beside it, or in a .glb.',
    );
  const text = new TextDecoder().decode(await readExactly(source, offset, length));
  const file = { name: source.name, what: 'a glTF 2 file', advice: 'Copy or export the file again.' };
  return checkJson(file, parseJson(file, text), gltfSchema);
}
