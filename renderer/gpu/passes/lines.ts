import { SplatError } from '../../core/errors.ts';
import { shaders } from '../shaders.ts';
import { Uniforms } from '../uniforms.ts';
import { bindByName } from '../wgsl.ts';

/** Numbers of one LineVertex: position, padding, rgba. */
const VERTEX_FLOATS = 8;

/**
 * Line segments in world space on the device: grid, axes, camera frusta. Takes the arrays of three's LineSegments
 * geometries as they are, once they are in world space.
 */
export class LineSet {
  readonly segments: number;
  readonly style: Uniforms;
  readonly vertices: GPUBuffer;

  /**
   * @param positions (2M, 3) ends of M segments, world units
   * @param colours (2M, 3) rgb 0..1 at the ends
   * @throws SplatError `gpu-error` where the lengths do not fit
   */
  constructor(
    device: GPUDevice,
    positions: Float32Array,
    colours: Float32Array,
    options: { opacity?: number; widthPixels?: number } = {},
  ) {
    if (positions.length % 6 !== 0 || colours.length !== positions.length) {
      throw new SplatError(
        'gpu-error',
        `Line segments need six position and six colour numbers each, not ${positions.length} and ${colours.length}.`,
      );
    }
    this.segments = positions.length / 6;
    this.style = new Uniforms(device, shaders.lines, 'LineStyle');
    this.style.f32[this.style.member('halfWidth')] = (options.widthPixels ?? 1) / 2;
    this.style.upload();
    const data = new Float32Array(Math.max(1, this.segments) * 2 * VERTEX_FLOATS);
    for (let i = 0; i < this.segments * 2; i++) {
      data.set(positions.subarray(i * 3, i * 3 + 3), i * VERTEX_FLOATS);
      data.set(colours.subarray(i * 3, i * 3 + 3), i * VERTEX_FLOATS + 4);
      data[i * VERTEX_FLOATS + 7] = options.opacity ?? 1;
    }
    this.vertices = device.createBuffer({
      label: 'lines',
      size: data.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(this.vertices, 0, data);
  }

  destroy(): void {
    this.style.destroy();
    this.vertices.destroy();
  }
}

/**
 * Draws line sets over the finished picture (shaders/lines.wgsl), whatever their depth. Reads Frame; blends into the
 * target.
 */
export class LinesPass {
  private readonly pipeline: GPURenderPipeline;
  private readonly groups = new WeakMap<LineSet, GPUBindGroup>();

  constructor(
    private readonly device: GPUDevice,
    private readonly frame: GPUBuffer,
    format: GPUTextureFormat,
  ) {
    const module = device.createShaderModule({ label: 'lines', code: shaders.lines.code });
    const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };
    this.pipeline = device.createRenderPipeline({
      label: 'lines',
      layout: 'auto',
      vertex: { module, entryPoint: 'vertex' },
      fragment: { module, entryPoint: 'fragment', targets: [{ format, blend: { color: over, alpha: over } }] },
      primitive: { topology: 'triangle-strip' },
    });
  }

  record(pass: GPURenderPassEncoder, lines: LineSet): void {
    let group = this.groups.get(lines);
    if (group === undefined) {
      group = bindByName(this.device, this.pipeline, shaders.lines, {
        frame: { buffer: this.frame },
        style: { buffer: lines.style.buffer },
        vertices: { buffer: lines.vertices },
      });
      this.groups.set(lines, group);
    }
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, group);
    pass.draw(4, lines.segments);
  }
}
