import { COLOUR_MAP_SIZE, colourMap, type ColourMapName } from '../../core/colour-map.ts';
import type { Rgb } from '../../core/vector.ts';
import { HEAT_DECIBELS, type Divider, type DividerDirection, type HeatMeasure } from '../compare-view.ts';
import { shaderConstant, shaders } from '../shaders.ts';
import { Uniforms } from '../uniforms.ts';
import { bindByName } from '../wgsl.ts';

/** Colour map of each kind of heat map. */
export const HEAT_COLOUR_MAPS: Readonly<Record<HeatMeasure, ColourMapName>> = {
  absolute: 'inferno',
  decibel: 'inferno',
  signed: 'berlin',
};

const MEASURES: Readonly<Record<HeatMeasure, number>> = {
  absolute: shaderConstant(shaders.compare.code, 'ABSOLUTE'),
  decibel: shaderConstant(shaders.compare.code, 'DECIBEL'),
  signed: shaderConstant(shaders.compare.code, 'SIGNED'),
};

const MEMBERS = [
  'background',
  'divider',
  'dividerFrom',
  'dividerTo',
  'splitAt',
  'axis',
  'measure',
  'largest',
  'decibels',
  'afterOrigin',
] as const;
type Member = (typeof MEMBERS)[number];

/** Bind groups for one pair of accumulation textures. */
export interface CompareBindings {
  readonly parts: GPUBindGroup;
  readonly heat: GPUBindGroup;
}

/** Composes one picture of two accumulated ones (shaders/compare.wgsl). Reads both; writes the whole target. */
export class ComparePass {
  private readonly parts: GPURenderPipeline;
  private readonly heat: GPURenderPipeline;
  private readonly uniforms: Uniforms;
  private readonly at: Readonly<Record<Member, number>>;
  private readonly colourMaps: GPUTexture;

  constructor(
    private readonly device: GPUDevice,
    format: GPUTextureFormat,
  ) {
    const module = device.createShaderModule({ label: 'compare', code: shaders.compare.code });
    const pipeline = (entryPoint: string): GPURenderPipeline =>
      device.createRenderPipeline({
        label: entryPoint,
        layout: 'auto',
        vertex: { module, entryPoint: 'vertex' },
        fragment: { module, entryPoint, targets: [{ format }] },
        primitive: { topology: 'triangle-list' },
      });
    this.parts = pipeline('parts');
    this.heat = pipeline('heat');
    this.uniforms = new Uniforms(device, shaders.compare, 'Compare');
    this.at = Object.fromEntries(MEMBERS.map((name) => [name, this.uniforms.member(name)])) as Record<Member, number>;
    this.colourMaps = uploadColourMaps(device);
  }

  bind(before: GPUTextureView, after: GPUTextureView): CompareBindings {
    const compare = { buffer: this.uniforms.buffer };
    return {
      parts: bindByName(this.device, this.parts, shaders.compare, { compare, before, after }),
      heat: bindByName(this.device, this.heat, shaders.compare, {
        compare,
        before,
        after,
        colourMap: this.colourMaps.createView(),
      }),
    };
  }

  /**
   * @param background straight rgb 0..1 @param alpha of the background: 1 for an opaque picture, 0 for a transparent
   * one
   */
  setBackground(background: Rgb, alpha: number): void {
    const { f32 } = this.uniforms;
    for (let k = 0; k < 3; k++) f32[this.at.background + k] = background[k] * alpha;
    f32[this.at.background + 3] = alpha;
  }

  /**
   * Sets the line between the two pictures.
   * @param splitAt pixels along the axis: before lies short of it
   * @param afterX,afterY pixels from the target's top-left corner to that of the after texture
   */
  setParts(
    direction: DividerDirection,
    splitAt: number,
    afterX: number,
    afterY: number,
    divider: Divider | undefined,
  ): void {
    const { f32, u32 } = this.uniforms;
    const { at } = this;
    const half = (divider?.widthPixels ?? 0) / 2;
    u32[at.axis] = direction === 'vertical' ? 0 : 1;
    f32[at.splitAt] = splitAt;
    f32[at.afterOrigin] = afterX;
    f32[at.afterOrigin + 1] = afterY;
    f32[at.dividerFrom] = splitAt - half;
    f32[at.dividerTo] = splitAt + half;
    for (let k = 0; k < 3; k++) f32[at.divider + k] = divider?.colour[k] ?? 0;
  }

  setHeat(measure: HeatMeasure, largest: number): void {
    const { f32, u32 } = this.uniforms;
    u32[this.at.measure] = MEASURES[measure];
    f32[this.at.largest] = largest;
    f32[this.at.decibels] = HEAT_DECIBELS;
  }

  /** Draws what was set last. */
  record(pass: GPURenderPassEncoder, bindings: CompareBindings, kind: 'parts' | 'heat'): void {
    this.uniforms.upload();
    pass.setPipeline(kind === 'heat' ? this.heat : this.parts);
    pass.setBindGroup(0, bindings[kind]);
    pass.draw(3);
  }

  destroy(): void {
    this.uniforms.destroy();
    this.colourMaps.destroy();
  }
}

/** One row of the texture a measure, in the order of the shader's constants. */
function uploadColourMaps(device: GPUDevice): GPUTexture {
  const measures = Object.keys(MEASURES) as HeatMeasure[];
  const texture = device.createTexture({
    label: 'colour maps',
    size: [COLOUR_MAP_SIZE, measures.length],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
  });
  const texels = new Uint8Array(COLOUR_MAP_SIZE * measures.length * 4).fill(255);
  for (const measure of measures) {
    const table = colourMap(HEAT_COLOUR_MAPS[measure]);
    const row = MEASURES[measure] * COLOUR_MAP_SIZE;
    for (let i = 0; i < COLOUR_MAP_SIZE; i++) texels.set(table.subarray(i * 3, i * 3 + 3), (row + i) * 4);
  }
  device.queue.writeTexture({ texture }, texels, { bytesPerRow: COLOUR_MAP_SIZE * 4 }, [
    COLOUR_MAP_SIZE,
    measures.length,
  ]);
  return texture;
}
