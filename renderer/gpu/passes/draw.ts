import type { Accumulation, AccumulationFormat } from '../accumulation.ts';
import type { BlendPass, Scissor } from '../blending.ts';
import type { FrameProfiler } from '../profiler.ts';
import type { Scratch } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import { bindByName } from '../wgsl.ts';
import { DRAW_ARGUMENTS_OFFSET, QUADS_PER_INSTANCE } from './sort.ts';

/**
 * Draws the visible splats as quads, nearest first (shaders/draw.wgsl).
 * Reads Frame, records, order and counts; blends premultiplied colour and alpha into the accumulation texture.
 */
export class DrawPass implements BlendPass {
  private readonly pipeline: GPURenderPipeline;
  private readonly indices: GPUBuffer;
  private scratch: Scratch | undefined;
  private group: GPUBindGroup | undefined;
  private scissor: Scissor | undefined;

  constructor(
    private readonly device: GPUDevice,
    private readonly frame: GPUBuffer,
    format: AccumulationFormat,
    private readonly profiler: FrameProfiler | undefined,
  ) {
    const module = device.createShaderModule({ label: 'draw', code: shaders.draw.code });
    const under: GPUBlendComponent = { srcFactor: 'one-minus-dst-alpha', dstFactor: 'one', operation: 'add' };
    this.pipeline = device.createRenderPipeline({
      label: 'draw',
      layout: 'auto',
      vertex: { module, entryPoint: 'vertex', constants: { BATCH: QUADS_PER_INSTANCE } },
      fragment: { module, entryPoint: 'fragment', targets: [{ format, blend: { color: under, alpha: under } }] },
      primitive: { topology: 'triangle-list' },
    });
    const indices = new Uint16Array(QUADS_PER_INSTANCE * 6);
    for (let quad = 0; quad < QUADS_PER_INSTANCE; quad++) {
      const c = quad * 4;
      indices.set([c, c + 1, c + 2, c + 2, c + 1, c + 3], quad * 6);
    }
    this.indices = device.createBuffer({
      label: 'quads',
      size: indices.byteLength,
      usage: GPUBufferUsage.INDEX | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(this.indices, 0, indices);
  }

  prepare(scratch: Scratch, _target: Accumulation, scissor?: Scissor): void {
    this.scissor = scissor;
    if (this.scratch === scratch) return;
    this.scratch = scratch;
    this.group = bindByName(this.device, this.pipeline, shaders.draw, {
      frame: { buffer: this.frame },
      records: { buffer: scratch.records },
      order: { buffer: scratch.sort.sortedValues },
      counts: { buffer: scratch.sort.counts },
    });
  }

  recordWhole(encoder: GPUCommandEncoder, target: Accumulation): void {
    const pass = this.begin(encoder, target.pass);
    pass.drawIndexedIndirect(this.scratch!.sort.calls, DRAW_ARGUMENTS_OFFSET);
    pass.end();
  }

  recordPart(encoder: GPUCommandEncoder, target: Accumulation, first: number, count: number): void {
    const pass = this.begin(encoder, first === 0 ? target.pass : target.nextPass);
    // What lies beyond the visible ones comes out as nothing.
    const instances = Math.ceil(count / QUADS_PER_INSTANCE);
    pass.drawIndexed(6 * QUADS_PER_INSTANCE, instances, 0, 0, first / QUADS_PER_INSTANCE);
    pass.end();
  }

  finish(): void {
    // Every part left the texture as it is to be.
  }

  release(): void {
    this.scratch = undefined;
    this.group = undefined;
  }

  destroy(): void {
    this.indices.destroy();
  }

  private begin(encoder: GPUCommandEncoder, descriptor: GPURenderPassDescriptor): GPURenderPassEncoder {
    this.profiler?.time(descriptor, 'draw');
    const pass = encoder.beginRenderPass(descriptor);
    const { scissor } = this;
    if (scissor !== undefined) pass.setScissorRect(scissor.x, scissor.y, scissor.width, scissor.height);
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, this.group);
    pass.setIndexBuffer(this.indices, 'uint16');
    return pass;
  }
}
