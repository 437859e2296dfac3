import { isDrawable, opacityOfLogit } from '../core/drawable.ts';
import { nearDistanceFor } from '../core/near-distance.ts';
import type { SceneArray, ShDegree, SplatScene } from '../core/splat-scene.ts';
import { assertSceneShape, SCENE_ARRAYS, shRestCount } from '../core/splat-scene.ts';
import { outOfMemory } from './device.ts';
import { packHalves, packRotationAndScales } from './pack-splats.ts';
import { shaders } from './shaders.ts';
import { Uniforms } from './uniforms.ts';

/** Bytes of one vec4u: all planes are made of them. */
export const VECTOR_BYTES = 16;
const SPLAT_PLANES = 2;
/** Halves of one vec4u. */
export const HALVES_A_VECTOR = 8;
/**
 * Splats that are packed and sent at a time (1 MiB a plane), so that an upload needs little memory beside the scene.
 */
export const SPLATS_A_PACKET = 65536;

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
    const planes = Math.max(SPLAT_PLANES, harmonicPlanes(scene.shDegree));
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
  return count * (SPLAT_PLANES + harmonicPlanes(degree)) * VECTOR_BYTES;
}

/** Planes that hold a splat's coefficients, eight halves each: 1, 2, 4, 6 for degrees 0 to 3. */
export function harmonicPlanes(degree: ShDegree): number {
  return Math.ceil(((shRestCount(degree) + 1) * 3) / HALVES_A_VECTOR);
}

function makeChunk(device: GPUDevice, scene: SplatScene, first: number, count: number): SceneChunk {
  const buffer = (label: string, planes: number): GPUBuffer =>
    device.createBuffer({
      label,
      size: planes * count * VECTOR_BYTES,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
  return {
    first,
    count,
    info: chunkInfo(device, first, count, scene.shDegree),
    splats: buffer('splats', SPLAT_PLANES),
    harmonics: buffer('harmonics', harmonicPlanes(scene.shDegree)),
  };
}

/** The Chunk struct of shaders/common/chunk.wgsl. */
export function chunkInfo(device: GPUDevice, first: number, count: number, shDegree: ShDegree): Uniforms {
  const info = new Uniforms(device, shaders.project, 'Chunk');
  info.u32[info.member('first')] = first;
  info.u32[info.member('count')] = count;
  info.u32[info.member('shDegree')] = shDegree;
  info.upload();
  return info;
}

/** Sends the planes of a scene that depend on `changed` arrays. */
function fillChunk(device: GPUDevice, chunk: SceneChunk, scene: SplatScene, changed: readonly SceneArray[]): void {
  const { first, count } = chunk;
  const planes = harmonicPlanes(scene.shDegree);
  const packet = new Uint32Array(Math.min(SPLATS_A_PACKET, count) * 4);
  const floats = new Float32Array(packet.buffer);
  const halves = new Uint16Array(packet.buffer);
  for (let start = 0; start < count; start += SPLATS_A_PACKET) {
    const length = Math.min(SPLATS_A_PACKET, count - start);
    const send = (target: GPUBuffer, plane: number): void =>
      device.queue.writeBuffer(target, (plane * count + start) * VECTOR_BYTES, packet, 0, length * 4);
    // Any number may make a splat one that cannot be drawn, which this plane says.
    if (changed.length > 0) {
      packPositions(scene, first + start, length, floats);
      send(chunk.splats, 0);
    }
    if (changed.includes('quats') || changed.includes('logScales')) {
      packRotationAndScales(scene, first + start, length, packet);
      send(chunk.splats, 1);
    }
    for (let plane = 0; plane < planes; plane++) {
      // The first three numbers are degree 0, the others above.
      if (!changed.includes('shRest') && !(plane === 0 && changed.includes('shDc'))) continue;
      packHarmonics(scene, first + start, length, plane, halves);
      send(chunk.harmonics, plane);
    }
  }
}

function packPositions(scene: SplatScene, first: number, length: number, out: Float32Array): void {
  for (let i = 0; i < length; i++) {
    const s = first + i;
    // A splat that cannot be drawn becomes an invisible one: shaders may assume that numbers are finite.
    const drawable = isDrawable(scene, s);
    for (let k = 0; k < 3; k++) out[i * 4 + k] = drawable ? scene.positions[s * 3 + k] : 0;
    out[i * 4 + 3] = drawable ? opacityOfLogit(scene.logitOpacities[s]) : 0;
  }
}

function packHarmonics(
  { shDegree, shDc, shRest }: SplatScene,
  first: number,
  length: number,
  plane: number,
  out: Uint16Array,
): void {
  const restWidth = shRestCount(shDegree) * 3;
  for (let lane = 0; lane < HALVES_A_VECTOR; lane++) {
    const number = plane * HALVES_A_VECTOR + lane;
    const [source, width, offset] = number < 3 ? [shDc, 3, number] : [shRest, restWidth, number - 3];
    if (offset < width) packHalves(source, first * width + offset, width, length, out, lane, HALVES_A_VECTOR);
    else for (let i = lane; i < length * HALVES_A_VECTOR; i += HALVES_A_VECTOR) out[i] = 0;
  }
}
