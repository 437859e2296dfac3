import { computePipeline, dispatchGroups } from '../dispatch.ts';
import { TILE, type SortBuffers } from '../scratch.ts';
import { shaders } from '../shaders.ts';
import { isSwiftShader } from '../swiftshader.ts';
import { Uniforms } from '../uniforms.ts';
import { bindByName, type Wgsl } from '../wgsl.ts';

/** Quads drawn by one instance; large enough to fill the vertex stage's waves. */
export const QUADS_PER_INSTANCE = 64;
/** Byte offset of the draw arguments in SortBuffers.calls, behind three words of dispatch arguments. */
export const DRAW_ARGUMENTS_OFFSET = 12;
/** 8 bits each: keys have 24. */
const PASSES = 3;
/** Workgroups of the scan kernel, 8 digits each. */
const SCAN_GROUPS = 32;

/** Kernels that scatter: a workgroup a tile for graphics cards, an invocation a tile for processors that play one. */
export type SortKernels = 'parallel' | 'serial';

/** SwiftShader runs the lanes of a workgroup in turns, and pays for every barrier with a turn of them all. */
export function preferredSortKernels(device: GPUDevice): SortKernels {
  return isSwiftShader(device) ? 'serial' : 'parallel';
}

interface PassGroups {
  readonly histogram: GPUBindGroup;
  readonly scan: GPUBindGroup;
  readonly scatter: GPUBindGroup;
}

/** Bind groups of all kernels for one set of buffers. */
export interface SortBindings {
  readonly passes: readonly PassGroups[];
  readonly count: GPUBindGroup;
  readonly calls: GPUBuffer;
}

/**
 * Stable radix sort of 24-bit keys, 8 bits a pass, on any device (shaders/sort-*.wgsl): no subgroups, no atomics on
 * buffers, 9.1 KiB of workgroup memory. The first pass drops keys of 0xffffffff and makes each value its key's index,
 * so compaction costs nothing and equal keys keep the scene's order: the same input gives the same order always.
 * Reads keys; writes sorted keys and values, the number left, and the arguments of the draw.
 */
export class SortPass {
  private readonly histogram: GPUComputePipeline;
  private readonly scan: GPUComputePipeline;
  private readonly count: GPUComputePipeline;
  private readonly scatter: GPUComputePipeline;
  private readonly passes: Uniforms[];
  private readonly wgsl: { readonly histogram: Wgsl; readonly scan: Wgsl; readonly scatter: Wgsl };

  constructor(
    private readonly device: GPUDevice,
    private readonly maxGroups = device.limits.maxComputeWorkgroupsPerDimension,
    kernels = preferredSortKernels(device),
  ) {
    this.wgsl =
      kernels === 'serial'
        ? { histogram: shaders.sortHistogramSerial, scan: shaders.sortScanSerial, scatter: shaders.sortScatterSerial }
        : { histogram: shaders.sortHistogram, scan: shaders.sortScan, scatter: shaders.sortScatter };
    this.histogram = computePipeline(device, 'sort-histogram', this.wgsl.histogram.code);
    this.scan = computePipeline(device, 'sort-scan', this.wgsl.scan.code);
    this.count = computePipeline(device, 'sort-count', shaders.sortCount.code, {
      BATCH: QUADS_PER_INSTANCE,
      MAX_WORKGROUPS: maxGroups,
    });
    this.scatter = computePipeline(device, 'sort-scatter', this.wgsl.scatter.code);
    this.passes = Array.from({ length: PASSES }, (_, p) => {
      const uniforms = new Uniforms(device, shaders.sortHistogram, 'SortPass');
      uniforms.u32[uniforms.member('shift')] = p * 8;
      uniforms.u32[uniforms.member('first')] = p === 0 ? 1 : 0;
      uniforms.upload();
      return uniforms;
    });
  }

  bind(buffers: SortBuffers): SortBindings {
    const bind = (pipeline: GPUComputePipeline, wgsl: Wgsl, named: Record<string, GPUBuffer>): GPUBindGroup =>
      bindByName(
        this.device,
        pipeline,
        wgsl,
        Object.fromEntries(Object.entries(named).map(([name, buffer]) => [name, { buffer }])),
      );
    const { counts, histograms, digitTotals, calls } = buffers;
    const passes = this.passes.map(({ buffer: sortPass }, p) => {
      const even = p % 2 === 0;
      const keysIn = even ? buffers.keys : buffers.keysOther;
      const valuesIn = even ? buffers.values : buffers.valuesOther;
      const keysOut = even ? buffers.keysOther : buffers.keys;
      const valuesOut = even ? buffers.valuesOther : buffers.values;
      return {
        histogram: bind(this.histogram, this.wgsl.histogram, { sortPass, counts, keysIn, histograms }),
        scan: bind(this.scan, this.wgsl.scan, { sortPass, counts, histograms, digitTotals }),
        scatter: bind(this.scatter, this.wgsl.scatter, {
          sortPass,
          counts,
          keysIn,
          valuesIn,
          histograms,
          digitTotals,
          keysOut,
          valuesOut,
        }),
      };
    });
    return { passes, count: bind(this.count, shaders.sortCount, { digitTotals, counts, calls }), calls };
  }

  /** @param keyCount keys in the buffer, drawn or not; the first word of `counts` must hold it too */
  record(pass: GPUComputePassEncoder, bindings: SortBindings, keyCount: number): void {
    const tiles = Math.ceil(keyCount / TILE);
    for (let p = 0; p < PASSES; p++) {
      const groups = bindings.passes[p];
      pass.setPipeline(this.histogram);
      pass.setBindGroup(0, groups.histogram);
      this.dispatch(pass, bindings, p, tiles);
      pass.setPipeline(this.scan);
      pass.setBindGroup(0, groups.scan);
      pass.dispatchWorkgroups(SCAN_GROUPS);
      if (p === 0) {
        pass.setPipeline(this.count);
        pass.setBindGroup(0, bindings.count);
        pass.dispatchWorkgroups(1);
      }
      pass.setPipeline(this.scatter);
      pass.setBindGroup(0, groups.scatter);
      this.dispatch(pass, bindings, p, tiles);
    }
  }

  private dispatch(pass: GPUComputePassEncoder, bindings: SortBindings, p: number, tiles: number): void {
    if (p === 0) dispatchGroups(pass, tiles, this.maxGroups);
    else pass.dispatchWorkgroupsIndirect(bindings.calls, 0);
  }

  destroy(): void {
    for (const uniforms of this.passes) uniforms.destroy();
  }
}
