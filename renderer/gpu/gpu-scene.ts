import { isDrawable, opacityOfLogit } from '../core/drawable.ts';
import { assertSceneShape, shRestCount, type ShDegree, type SplatScene } from '../core/splat-scene.ts';
import { outOfMemory } from './device.ts';
import { shaders } from './shaders.ts';
import { Uniforms } from './uniforms.ts';

/** Bytes of one vec4f: all planes are made of them. */
const VECTOR_BYTES = 16;
const SPLAT_PLANES = 3;
/** Splats that are packed and sent at a time (1 MiB a plane), so that an upload needs little memory beside the scene. */
const PACKET = 65536;

export interface UploadOptions {
  /** Fewer splats a chunk than the device's binding limit allows; for tests. */
  readonly maxChunkSplats?: number;
}

/** A run of splats small enough for one storage binding per buffer. */
export interface SceneChunk {
  readonly count: number;
  readonly info: Uniforms;
  readonly splats: GPUBuffer;
  readonly harmonics: GPUBuffer;
}

/**
 * A scene on the device, activated and in planes of vec4f; layouts in shaders/README.md. Uploaded once, drawn by any
 * SplatRenderer on the same device. It keeps no copy in main memory: after a device loss upload the scene again.
 */
export class GpuScene {
  readonly count: number;
  readonly antialiased: boolean;
  readonly chunks: readonly SceneChunk[];

  /** @throws SplatError `invalid-file` where array lengths do not fit, `out-of-memory` where the device's limits are too small */
  constructor(device: GPUDevice, scene: SplatScene, options: UploadOptions = {}) {
    assertSceneShape(scene);
    this.count = scene.count;
    this.antialiased = scene.meta.antialiased;
    const planes = Math.max(SPLAT_PLANES, harmonicPlanes(scene.shDegree));
    const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    const size = Math.min(Math.floor(limit / (planes * VECTOR_BYTES)), options.maxChunkSplats ?? Infinity);
    if (size < 1) throw outOfMemory('The graphics card allows no buffer large enough for a splat.');
    const chunks: SceneChunk[] = [];
    for (let first = 0; first < scene.count; first += size) chunks.push(uploadChunk(device, scene, first, Math.min(size, scene.count - first)));
    this.chunks = chunks;
  }

  destroy(): void {
    for (const chunk of this.chunks) {
      chunk.info.destroy();
      chunk.splats.destroy();
      chunk.harmonics.destroy();
    }
  }
}

/** Planes that hold a splat's coefficients, four numbers each: 1, 3, 7, 12 for degrees 0 to 3. */
export function harmonicPlanes(degree: ShDegree): number {
  return Math.ceil(((shRestCount(degree) + 1) * 3) / 4);
}

function uploadChunk(device: GPUDevice, scene: SplatScene, first: number, count: number): SceneChunk {
  const info = new Uniforms(device, shaders.project, 'Chunk');
  info.u32[info.member('first')] = first;
  info.u32[info.member('count')] = count;
  info.u32[info.member('shDegree')] = scene.shDegree;
  info.upload();
  const buffer = (label: string, planes: number): GPUBuffer =>
    device.createBuffer({ label, size: planes * count * VECTOR_BYTES, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
  const planes = harmonicPlanes(scene.shDegree);
  const chunk = { count, info, splats: buffer('splats', SPLAT_PLANES), harmonics: buffer('harmonics', planes) };

  const packet = new Float32Array(Math.min(PACKET, count) * 4);
  for (let start = 0; start < count; start += PACKET) {
    const length = Math.min(PACKET, count - start);
    const send = (target: GPUBuffer, plane: number): void => device.queue.writeBuffer(target, (plane * count + start) * VECTOR_BYTES, packet, 0, length * 4);
    packPositions(scene, first + start, length, packet);
    send(chunk.splats, 0);
    packQuaternions(scene, first + start, length, packet);
    send(chunk.splats, 1);
    packScales(scene, first + start, length, packet);
    send(chunk.splats, 2);
    for (let plane = 0; plane < planes; plane++) {
      packHarmonics(scene, first + start, length, plane, packet);
      send(chunk.harmonics, plane);
    }
  }
  return chunk;
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

function packQuaternions(scene: SplatScene, first: number, length: number, out: Float32Array): void {
  for (let i = 0; i < length; i++) {
    const q = (first + i) * 4;
    const norm = Math.hypot(scene.quats[q], scene.quats[q + 1], scene.quats[q + 2], scene.quats[q + 3]);
    for (let k = 0; k < 4; k++) out[i * 4 + k] = scene.quats[q + k] / norm;
  }
}

function packScales(scene: SplatScene, first: number, length: number, out: Float32Array): void {
  for (let i = 0; i < length; i++) {
    for (let k = 0; k < 3; k++) out[i * 4 + k] = Math.exp(scene.logScales[(first + i) * 3 + k]);
    out[i * 4 + 3] = 0;
  }
}

function packHarmonics(scene: SplatScene, first: number, length: number, plane: number, out: Float32Array): void {
  const restStride = shRestCount(scene.shDegree) * 3;
  for (let lane = 0; lane < 4; lane++) {
    const number = plane * 4 + lane;
    for (let i = 0; i < length; i++) {
      const s = first + i;
      if (number < 3) out[i * 4 + lane] = scene.shDc[s * 3 + number];
      else out[i * 4 + lane] = number - 3 < restStride ? scene.shRest[s * restStride + number - 3] : 0;
    }
  }
}
