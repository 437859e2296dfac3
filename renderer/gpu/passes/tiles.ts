import type { Accumulation } from '../accumulation.ts';
import type { BlendPass, Scissor } from '../blending.ts';
import { computePipeline } from '../dispatch.ts';
import type { FrameProfiler } from '../profiler.ts';
import type { Scratch } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import { TileBuffers } from '../tile-buffers.ts';
import { SEGMENT, TILE_PIXELS, tileLayout, type TileLayout } from '../tile-layout.ts';
import { Uniforms } from '../uniforms.ts';
import { bindByName } from '../wgsl.ts';

const KERNELS = ['tileCount', 'tileScan', 'tileOffsets', 'tileScatter', 'tileBlend'] as const;
type Kernel = (typeof KERNELS)[number];
const MEMBERS = ['columns', 'rows', 'blockColumns', 'blockRows', 'start', 'end', 'segments', 'pairs'] as const;

/** Invocations that take a segment each. */
const SEGMENT_WORKGROUP = 4;
const LIST_WORKGROUP = 64;

/**
 * Blends the visible splats in compute, tile by tile (shaders/tile-*.wgsl), a round of them at a time: each is listed
 * for the tiles that it reaches, and a tile's pixels are kept at hand while its list lasts and left as soon as they are
 * opaque. Reads records, order and counts; writes the accumulation texture, of format rgba32float.
 */
export class TilesPass implements BlendPass {
  private readonly pipelines: Readonly<Record<Kernel, GPUComputePipeline>>;
  private readonly resolve: GPUComputePipeline;
  private readonly uniforms: Uniforms;
  private readonly at: Readonly<Record<(typeof MEMBERS)[number], number>>;
  private readonly range = new Uint32Array(2);
  private readonly descriptor: GPUComputePassDescriptor = { label: 'draw' };
  /** Of the picture that was prepared last. */
  private layout: TileLayout | undefined;
  private buffers: TileBuffers | undefined;
  private scratch: Scratch | undefined;
  private groups: Readonly<Record<Kernel, GPUBindGroup>> | undefined;
  /** By the texture that is written. */
  private resolveGroups = new WeakMap<GPUTextureView, GPUBindGroup>();

  constructor(
    private readonly device: GPUDevice,
    private readonly profiler: FrameProfiler | undefined,
  ) {
    const pipeline = (name: Kernel): [Kernel, GPUComputePipeline] => [
      name,
      computePipeline(device, name, shaders[name].code),
    ];
    this.pipelines = Object.fromEntries(KERNELS.map(pipeline)) as Record<Kernel, GPUComputePipeline>;
    this.resolve = computePipeline(device, 'tileResolve', shaders.tileResolve.code);
    this.uniforms = new Uniforms(device, shaders.tileCount, 'Tiles');
    this.at = Object.fromEntries(MEMBERS.map((name) => [name, this.uniforms.member(name)])) as typeof this.at;
  }

  prepare(scratch: Scratch, target: Accumulation, scissor?: Scissor): void {
    const layout = tileLayout(target.width, target.height);
    this.layout = layout;
    // The halves of a comparison may differ by a tile: both take the buffers of the larger one.
    let { buffers } = this;
    if (buffers?.fits(layout) !== true) {
      buffers?.destroy();
      buffers = new TileBuffers(this.device, layout);
      this.buffers = buffers;
      this.groups = undefined;
      this.resolveGroups = new WeakMap();
    }
    if (this.groups === undefined || this.scratch !== scratch) {
      this.scratch = scratch;
      this.groups = this.bind(scratch, buffers);
    }
    this.write(layout, target, scissor);
  }

  recordWhole(encoder: GPUCommandEncoder, target: Accumulation, count: number): void {
    this.recordPart(encoder, target, 0, count);
    this.finish(encoder, target);
  }

  recordPart(encoder: GPUCommandEncoder, _target: Accumulation, first: number, count: number): void {
    const { progress, calls } = this.buffers!;
    const layout = this.layout!;
    this.range[0] = first;
    this.range[1] = first + count;
    this.device.queue.writeBuffer(progress, 0, this.range);
    this.profiler?.time(this.descriptor, 'draw');
    const pass = encoder.beginComputePass(this.descriptor);
    const segments = Math.ceil(layout.segments / SEGMENT_WORKGROUP);
    const lists = Math.ceil(layout.lists / LIST_WORKGROUP);
    for (let done = 0; done < count; done += layout.segments * SEGMENT) {
      this.set(pass, 'tileCount');
      pass.dispatchWorkgroups(segments);
      this.set(pass, 'tileScan');
      pass.dispatchWorkgroups(lists);
      this.set(pass, 'tileOffsets');
      pass.dispatchWorkgroups(1);
      this.set(pass, 'tileScatter');
      pass.dispatchWorkgroups(segments);
      this.set(pass, 'tileBlend');
      pass.dispatchWorkgroupsIndirect(calls, 0);
    }
    pass.end();
  }

  finish(encoder: GPUCommandEncoder, target: Accumulation): void {
    const { view, width, height } = target;
    const { pixels, quarters } = this.buffers!;
    let group = this.resolveGroups.get(view);
    if (group === undefined) {
      group = bindByName(this.device, this.resolve, shaders.tileResolve, {
        tiles: { buffer: this.uniforms.buffer },
        pixels: { buffer: pixels },
        quarters: { buffer: quarters },
        accumulated: view,
      });
      this.resolveGroups.set(view, group);
    }
    this.profiler?.time(this.descriptor, 'draw');
    const pass = encoder.beginComputePass(this.descriptor);
    pass.setPipeline(this.resolve);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(width / TILE_PIXELS), Math.ceil(height / TILE_PIXELS));
    pass.end();
  }

  release(): void {
    this.buffers?.destroy();
    this.buffers = undefined;
    this.scratch = undefined;
    this.groups = undefined;
    this.resolveGroups = new WeakMap();
  }

  destroy(): void {
    this.release();
    this.uniforms.destroy();
  }

  private write(layout: TileLayout, target: Accumulation, scissor: Scissor | undefined): void {
    const { u32, f32 } = this.uniforms;
    const { at } = this;
    u32[at.columns] = layout.columns;
    u32[at.rows] = layout.rows;
    u32[at.blockColumns] = layout.blockColumns;
    u32[at.blockRows] = layout.blockRows;
    u32[at.segments] = layout.segments;
    u32[at.pairs] = SEGMENT * layout.mostLists + 1;
    f32[at.start] = scissor?.x ?? 0;
    f32[at.start + 1] = scissor?.y ?? 0;
    f32[at.end] = scissor === undefined ? target.width : scissor.x + scissor.width;
    f32[at.end + 1] = scissor === undefined ? target.height : scissor.y + scissor.height;
    this.uniforms.upload();
  }

  private set(pass: GPUComputePassEncoder, kernel: Kernel): void {
    pass.setPipeline(this.pipelines[kernel]);
    pass.setBindGroup(0, this.groups![kernel]);
  }

  private bind(scratch: Scratch, buffers: TileBuffers): Readonly<Record<Kernel, GPUBindGroup>> {
    const named: Readonly<Record<string, GPUBuffer>> = {
      tiles: this.uniforms.buffer,
      records: scratch.records,
      order: scratch.sort.sortedValues,
      counts: scratch.sort.counts,
      pixels: buffers.pixels,
      quarters: buffers.quarters,
      isDone: buffers.isDone,
      work: buffers.work,
      listed: buffers.listed,
      lists: buffers.lists,
      pairs: buffers.pairs,
      entries: buffers.entries,
      prepared: buffers.prepared,
      progress: buffers.progress,
      calls: buffers.calls,
    };
    const group = (kernel: Kernel): [Kernel, GPUBindGroup] => {
      const resources: Record<string, GPUBufferBinding> = {};
      for (const name of shaders[kernel].bindings.keys()) resources[name] = { buffer: named[name] };
      return [kernel, bindByName(this.device, this.pipelines[kernel], shaders[kernel], resources)];
    };
    return Object.fromEntries(KERNELS.map(group)) as Record<Kernel, GPUBindGroup>;
  }
}
