import { structLayout, type Wgsl } from './wgsl.ts';

/**
 * Host copy of one WGSL struct and its uniform buffer. Members are set through indices found once by `member`,
 * so writing a frame allocates nothing.
 */
export class Uniforms {
  readonly buffer: GPUBuffer;
  readonly f32: Float32Array<ArrayBuffer>;
  readonly u32: Uint32Array<ArrayBuffer>;
  private readonly offsets: ReadonlyMap<string, number>;

  constructor(
    private readonly device: GPUDevice,
    wgsl: Wgsl,
    struct: string,
  ) {
    const layout = structLayout(wgsl, struct);
    this.offsets = layout.offsets;
    const bytes = new ArrayBuffer(Math.max(16, layout.size));
    this.f32 = new Float32Array(bytes);
    this.u32 = new Uint32Array(bytes);
    this.buffer = device.createBuffer({
      label: struct,
      size: bytes.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Index of a member into `f32` and `u32`. */
  member(name: string): number {
    const offset = this.offsets.get(name);
    if (offset === undefined) throw new RangeError(`No member ${name}.`);
    return offset / 4;
  }

  /** Queues the host copy for the next submitted work. */
  upload(): void {
    this.device.queue.writeBuffer(this.buffer, 0, this.f32);
  }

  destroy(): void {
    this.buffer.destroy();
  }
}
