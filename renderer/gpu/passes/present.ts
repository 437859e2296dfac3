import type { Rgb } from '../../core/vector.ts';
import { shaders } from '../shaders.ts';
import { Uniforms } from '../uniforms.ts';
import { bindByName } from '../wgsl.ts';

/** The accumulation texture as each way of presenting reads it. */
export interface PresentGroups {
  readonly plain: GPUBindGroup;
  readonly over: GPUBindGroup;
}

/**
 * Puts the accumulated splats over the background (shaders/present.wgsl). Reads the accumulation texture; writes the
 * whole target.
 */
export class PresentPass {
  private readonly pipeline: GPURenderPipeline;
  /** Leaves what the target holds where there are no splats. */
  private readonly overPipeline: GPURenderPipeline;
  private readonly uniforms: Uniforms;
  private readonly background: number;

  constructor(
    private readonly device: GPUDevice,
    format: GPUTextureFormat,
  ) {
    const module = device.createShaderModule({ label: 'present', code: shaders.present.code });
    const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha', operation: 'add' };
    const make = (target: GPUColorTargetState): GPURenderPipeline =>
      device.createRenderPipeline({
        label: 'present',
        layout: 'auto',
        vertex: { module, entryPoint: 'vertex' },
        fragment: { module, entryPoint: 'fragment', targets: [target] },
        primitive: { topology: 'triangle-list' },
      });
    this.pipeline = make({ format });
    this.overPipeline = make({ format, blend: { color: over, alpha: over } });
    this.uniforms = new Uniforms(device, shaders.present, 'Present');
    this.background = this.uniforms.member('background');
  }

  bind(accumulated: GPUTextureView): PresentGroups {
    const bind = (pipeline: GPURenderPipeline): GPUBindGroup =>
      bindByName(this.device, pipeline, shaders.present, { present: { buffer: this.uniforms.buffer }, accumulated });
    return { plain: bind(this.pipeline), over: bind(this.overPipeline) };
  }

  /**
   * @param background straight rgb 0..1 @param alpha of the background: 1 for an opaque picture, 0 for a transparent
   * one
   */
  setBackground(background: Rgb, alpha: number): void {
    for (let k = 0; k < 3; k++) this.uniforms.f32[this.background + k] = background[k] * alpha;
    this.uniforms.f32[this.background + 3] = alpha;
    this.uniforms.upload();
  }

  /** @param over whether the target's own picture stands behind the splats, in the place of the background */
  record(pass: GPURenderPassEncoder, groups: PresentGroups, over = false): void {
    pass.setPipeline(over ? this.overPipeline : this.pipeline);
    pass.setBindGroup(0, over ? groups.over : groups.plain);
    pass.draw(3);
  }

  destroy(): void {
    this.uniforms.destroy();
  }
}
