import type { Scratch } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import { isSwiftShader } from '../swiftshader.ts';
import { bindByName } from '../wgsl.ts';
import { DRAW_ARGUMENTS_OFFSET, QUADS_PER_INSTANCE } from './sort.ts';

/** Formats that the blended splats may be kept in. */
export type AccumulationFormat = 'rgba16float' | 'rgba32float';

/**
 * rgba16float, which hardware blends at full or half rate and which agrees with the twin to over 60 dB; a software
 * device blends rgba32float several times faster, where it can.
 */
export function preferredAccumulation(device: GPUDevice): AccumulationFormat {
  return isSwiftShader(device) && device.features.has('float32-blendable') ? 'rgba32float' : 'rgba16float';
}

/**
 * Draws the visible splats as quads, nearest first (shaders/draw.wgsl).
 * Reads Frame, records, order and counts; blends premultiplied colour and alpha into the accumulation texture.
 */
export class DrawPass {
  private readonly pipeline: GPURenderPipeline;
  private readonly indices: GPUBuffer;

  constructor(
    private readonly device: GPUDevice,
    private readonly frame: GPUBuffer,
    format: AccumulationFormat,
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

  bind(scratch: Scratch): GPUBindGroup {
    return bindByName(this.device, this.pipeline, shaders.draw, {
      frame: { buffer: this.frame },
      records: { buffer: scratch.records },
      order: { buffer: scratch.sort.sortedValues },
      counts: { buffer: scratch.sort.counts },
    });
  }

  record(pass: GPURenderPassEncoder, bindGroup: GPUBindGroup, calls: GPUBuffer): void {
    this.set(pass, bindGroup);
    pass.drawIndexedIndirect(calls, DRAW_ARGUMENTS_OFFSET);
  }

  /** Draws the splats of `count` ranks from `first` on, which is a multiple of QUADS_PER_INSTANCE. */
  recordPart(pass: GPURenderPassEncoder, bindGroup: GPUBindGroup, first: number, count: number): void {
    this.set(pass, bindGroup);
    // What lies beyond the visible ones comes out as nothing.
    const instances = Math.ceil(count / QUADS_PER_INSTANCE);
    pass.drawIndexed(6 * QUADS_PER_INSTANCE, instances, 0, 0, first / QUADS_PER_INSTANCE);
  }

  private set(pass: GPURenderPassEncoder, bindGroup: GPUBindGroup): void {
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.setIndexBuffer(this.indices, 'uint16');
  }

  destroy(): void {
    this.indices.destroy();
  }
}
