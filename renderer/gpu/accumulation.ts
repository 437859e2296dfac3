/** Formats that the blended splats may be kept in. */
export type AccumulationFormat = 'rgba16float' | 'rgba32float';

/**
 * A texture that the splats of one picture are blended into: premultiplied colour and alpha. Remade only when its size
 * changes.
 */
export class Accumulation {
  private texture: GPUTexture | undefined;
  private readonly attachment: GPURenderPassColorAttachment;
  private readonly keptAttachment: GPURenderPassColorAttachment;
  /** The pass that clears the texture and draws into it; lives as long as this object. */
  readonly pass: GPURenderPassDescriptor;
  /** The pass that draws over what the texture holds. */
  readonly nextPass: GPURenderPassDescriptor;

  constructor(
    private readonly device: GPUDevice,
    private readonly format: AccumulationFormat,
    private readonly isStorage: boolean,
  ) {
    this.attachment = emptyAttachment();
    this.pass = { label: 'draw', colorAttachments: [this.attachment] };
    this.keptAttachment = emptyAttachment('load');
    this.nextPass = { label: 'draw on', colorAttachments: [this.keptAttachment] };
  }

  get view(): GPUTextureView {
    return this.attachment.view as GPUTextureView;
  }

  get width(): number {
    return this.texture?.width ?? 0;
  }

  get height(): number {
    return this.texture?.height ?? 0;
  }

  /** Makes the texture this large; returns whether it is another one now, so that bind groups must be made again. */
  resize(width: number, height: number): boolean {
    if (this.texture?.width === width && this.texture.height === height) return false;
    this.texture?.destroy();
    this.texture = this.device.createTexture({
      label: 'accumulated',
      size: [width, height],
      format: this.format,
      usage:
        GPUTextureUsage.RENDER_ATTACHMENT |
        GPUTextureUsage.TEXTURE_BINDING |
        (this.isStorage ? GPUTextureUsage.STORAGE_BINDING : 0),
    });
    this.attachment.view = this.texture.createView();
    this.keptAttachment.view = this.attachment.view;
    return true;
  }

  destroy(): void {
    this.texture?.destroy();
    this.texture = undefined;
  }
}

/**
 * A cleared colour attachment whose view a frame sets before use: descriptors live long, so that a frame allocates
 * none.
 */
export function emptyAttachment(loadOp: GPULoadOp = 'clear'): GPURenderPassColorAttachment {
  return { view: undefined as unknown as GPUTextureView, loadOp, storeOp: 'store', clearValue: [0, 0, 0, 0] };
}
