import type { Accumulation } from './accumulation.ts';
import type { Scratch } from './scratch.ts';
import { isSwiftShader } from './swiftshader.ts';

/** How splats are blended: as quads by the device's rasteriser, or tile by tile in compute. */
export type Blending = 'quads' | 'tiles';

/**
 * A processor that plays a graphics card pays for each corner and each blended pixel of a quad; tile by tile it takes
 * less than half, and leaves out what lies behind opaque splats. Cards have hardware for quads.
 */
export function preferredBlending(device: GPUDevice): Blending {
  return isSwiftShader(device) ? 'tiles' : 'quads';
}

/** A rectangle in pixels outside which nothing is drawn. */
export interface Scissor {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Blends what was projected and sorted into an accumulation texture, nearest first. */
export interface BlendPass {
  /** Readies for one picture; what it writes is queued now. */
  prepare(scratch: Scratch, target: Accumulation, scissor?: Scissor): void;
  /** Records the whole picture. @param count of the scene's splats, visible or not */
  recordWhole(encoder: GPUCommandEncoder, target: Accumulation, count: number): void;
  /**
   * Records blending of the splats of `count` ranks from `first` on: 0, which begins the picture, or a multiple of
   * QUADS_PER_INSTANCE. One part a submission.
   */
  recordPart(encoder: GPUCommandEncoder, target: Accumulation, first: number, count: number): void;
  /** Records what the picture lacks after its last part. */
  finish(encoder: GPUCommandEncoder, target: Accumulation): void;
  /** Gives back buffers; the next `prepare` makes them again. */
  release(): void;
  destroy(): void;
}
