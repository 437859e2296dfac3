import { nearDistanceFor } from '../core/near-distance.ts';
import type { SceneArray, ShDegree, SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape, SCENE_ARRAYS } from '../core/splat-scene.ts';
import { outOfMemory } from './device.ts';
import { packHarmonics, packSplats, VECTOR_WORDS } from './pack-splats.ts';
import { shaders } from './shaders.ts';
import { Uniforms } from './uniforms.ts';

/** Bytes of one vec4u: all planes are made of them. */
const VECTOR_BYTES = 4 * VECTOR_WORDS;
const SPLAT_PLANES = 2;
/**
 * Splats that are packed and sent at a time (256 KiB a plane): an upload needs little memory beside the scene, and most
 * of that stays in a processor's cache.
 */
export const SPLATS_A_PACKET = 16384;

export interface UploadOptions {
  /** Fewer splats a chunk than the device's binding limit allows; for tests. */
  readonly maxChunkSplats?: number;
}

/** A run of splats small enough for one storage binding per buffer. */
export interface SceneChunk {
  /** Index in the scene of the chunk's first splat. */
  readonly first: number;
  readonly count: number;
  readonly info: Uniforms;
  readonly splats: GPUBuffer;
  readonly harmonics: GPUBuffer;
}

/** What a renderer needs to know of a scene. */
export interface DrawnScene {
  /** Splats. */
  readonly count: number;
  /** Opacity is compensated for the low-pass (mip filter). */
  readonly antialiased: boolean;
  /** Near distance of cameras that name none, world units. */
  readonly near: number;
  readonly chunks: readonly SceneChunk[];
  /** Splats that a frame may have at most, where their number changes from frame to frame. */
  readonly capacity?: number;
  /** Slots of project-slots.wgsl: which runs of 256 splats are drawn; all splats are where this is absent. */
  readonly slots?: GPUBuffer;
  /** Another scene of which slots are drawn as well. */
  readonly ordered?: OrderedSlots | undefined;
}

/** Slots of a scene whose splats lie in another order, see project-ordered.wgsl. */
export interface OrderedSlots {
  readonly chunk: SceneChunk;
  readonly order: GPUBuffer;
  readonly slots: GPUBuffer;
}

/**
 * A scene on the device, packed in planes of vec4u; layouts in shaders/README.md. Uploaded once, drawn by any
 * SplatRenderer on the same device. It keeps no copy in main memory: after a device loss upload the scene again.
 */
export class GpuScene implements DrawnScene {
  readonly count: number;
  readonly shDegree: ShDegree;
  readonly chunks: readonly SceneChunk[];
  private mip: boolean;
  private nearDistance: number;

  /**
   * @throws SplatError `invalid-file` where array lengths do not fit, `out-of-memory` where the device's limits are too
   * small
   */
  constructor(
    private readonly device: GPUDevice,
    scene: SplatScene,
    options: UploadOptions = {},
  ) {
    assertSceneShape(scene);
    this.count = scene.count;
    this.shDegree = scene.shDegree;
    this.mip = scene.meta.antialiased;
    this.nearDistance = nearDistanceFor(scene);
    const planes = Math.max(SPLAT_PLANES, scene.shDegree);
    const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    const size = Math.min(Math.floor(limit / (planes * VECTOR_BYTES)), options.maxChunkSplats ?? Infinity);
    if (size < 1) throw outOfMemory('The graphics card allows no buffer large enough for a splat.');
    const chunks: SceneChunk[] = [];
    for (let first = 0; first < scene.count; first += size)
      chunks.push(makeChunk(device, scene, first, Math.min(size, scene.count - first)));
    this.chunks = chunks;
    for (const chunk of chunks) fillChunk(device, chunk, scene, SCENE_ARRAYS);
  }

  get near(): number {
    return this.nearDistance;
  }

  get antialiased(): boolean {
    return this.mip;
  }

  /** Whether `update` takes this scene. */
  fits(scene: SplatScene): boolean {
    return scene.count === this.count && scene.shDegree === this.shDegree;
  }

  /**
   * Puts another scene of the same shape into the same buffers: nothing is allocated on the device, and everything that
   * was bound to this scene draws the new one.
   * @param changed arrays whose numbers may differ from those sent before; planes that depend on others alone are left
   * @throws SplatError `invalid-file` where array lengths do not fit; RangeError for a scene that does not fit
   */
  update(scene: SplatScene, changed: readonly SceneArray[] = SCENE_ARRAYS): void {
    assertSceneShape(scene);
    if (!this.fits(scene))
      throw new RangeError(
        `A scene of ${scene.count} splats of SH degree ${scene.shDegree} does not fit ` +
          `buffers for ${this.count} of degree ${this.shDegree}.`,
      );
    this.mip = scene.meta.antialiased;
    if (changed.includes('positions')) this.nearDistance = nearDistanceFor(scene);
    for (const chunk of this.chunks) fillChunk(this.device, chunk, scene, changed);
  }

  destroy(): void {
    for (const chunk of this.chunks) {
      chunk.info.destroy();
      chunk.splats.destroy();
      chunk.harmonics.destroy();
    }
  }
}

/** Bytes that a scene takes on the device. */
export function sceneBytesOnGpu(count: number, degree: ShDegree): number {
  // The harmonics above degree 0 take a plane for each degree.
  return count * (SPLAT_PLANES + degree) * VECTOR_BYTES;
}

function makeChunk(device: GPUDevice, scene: SplatScene, first: number, count: number): SceneChunk {
  return {
    first,
    count,
    info: chunkInfo(device, first, count, scene.shDegree),
    splats: vectorBuffer(device, 'splats', SPLAT_PLANES * count),
    harmonics: vectorBuffer(device, 'harmonics', scene.shDegree * count),
  };
}

/** A buffer of so many vec4u that shaders read; of one where there are none, as something must be bound. */
export function vectorBuffer(device: GPUDevice, label: string, vectors: number): GPUBuffer {
  return device.createBuffer({
    label,
    size: Math.max(1, vectors) * VECTOR_BYTES,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
}

/** The Chunk struct of shaders/common/chunk.wgsl. @param degree SH degree, or that of painted splats */
export function chunkInfo(device: GPUDevice, first: number, count: number, degree: number): Uniforms {
  const info = new Uniforms(device, shaders.project, 'Chunk');
  info.u32[info.member('first')] = first;
  info.u32[info.member('count')] = count;
  info.u32[info.member('shDegree')] = degree;
  info.upload();
  return info;
}

/** Sends the planes of a scene that depend on `changed` arrays. */
function fillChunk(device: GPUDevice, chunk: SceneChunk, scene: SplatScene, changed: readonly SceneArray[]): void {
  if (changed.length === 0) return;
  const { first, count } = chunk;
  // Any number may make a splat one that cannot be drawn, which the first plane says.
  const planes = changed.some((name) => name === 'quats' || name === 'logScales' || name === 'shDc') ? 2 : 1;
  const degrees = changed.includes('shRest') ? scene.shDegree : 0;
  for (let start = 0; start < count; start += SPLATS_A_PACKET) {
    const length = Math.min(SPLATS_A_PACKET, count - start);
    const send = (target: GPUBuffer, packet: Uint32Array<ArrayBuffer>, plane: number): void => {
      const words = length * VECTOR_WORDS;
      device.queue.writeBuffer(target, (plane * count + start) * VECTOR_BYTES, packet, plane * words, words);
    };
    const splats = packSplats(scene, first + start, length, planes);
    for (let plane = 0; plane < planes; plane++) send(chunk.splats, splats, plane);
    if (degrees === 0) continue;
    const harmonics = packHarmonics(scene, first + start, length);
    for (let plane = 0; plane < degrees; plane++) send(chunk.harmonics, harmonics, plane);
  }
}
