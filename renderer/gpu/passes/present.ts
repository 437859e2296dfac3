import type { Rgb } from '../../core/vector.ts';
import { shaders } from '../shaders.ts';
import { Uniforms } from '../uniforms.ts';
import { bindByName } from '../wgsl.ts';

/**
 * Puts the accumulated splats over the background (shaders/present.wgsl). Reads the accumulation texture; writes the
 * whole target.
 */
export class PresentPass {
  private readonly pipeline: GPURenderPipeline;
  private readonly uniforms: Uniforms;
  private readonly background: number;

  constructor(
    private readonly device: GPUDevice,
    format: GPUTextureFormat,
  ) {
    const module = device.createShaderModule({ label: 'present', code: shaders.present.code });
    this.pipeline = device.createRenderPipeline({
      label: 'present',
      layout: 'auto',
      vertex: { module, entryPoint: 'vertex' },
      fragment: { module, entryPoint: 'fragment', targets: [{ format }] },
      primitive: { topology: 'triangle-list' },
    });
    this.uniforms = new Uniforms(device, shaders.present, 'Present');
    this.background = this.uniforms.member('background');
  }

  bind(accumulated: GPUTextureView): GPUBindGroup {
    return bindByName(this.device, this.pipeline, shaders.present, {
      present: { buffer: this.uniforms.buffer },
      accumulated,
    });
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

  record(pass: GPURenderPassEncoder, bindGroup: GPUBindGroup): void {
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.draw(3);
  }

  destroy(): void {
    this.uniforms.destroy();
  }
}
