import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError, toSplatError } from '../core/errors.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { renderCompareToImage, renderToImage } from '../gpu/capture.ts';
import type { GpuScene } from '../gpu/gpu-scene.ts';
import { SplatRenderer } from '../gpu/splat-renderer.ts';
import type { ComparePicture, ScenePicture } from './picture.ts';

export type Background = readonly [number, number, number];

/** What a still picture or a video may show. */
export type StudioPicture = ScenePicture | ComparePicture;

/** Makes pictures of any size beside the canvas, by the same renderer, from scenes that may be on the device already. */
export class Studio {
  private readonly renderer: SplatRenderer;
  /** Scenes that this studio put on the device itself. */
  private readonly own = new Map<SplatScene, GpuScene>();

  /** @param shared gives a scene that is on the device already, or puts it there; without it the studio does so itself */
  constructor(
    private readonly device: GPUDevice,
    private readonly shared?: (scene: SplatScene) => GpuScene,
  ) {
    this.renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  }

  /** Longest side of a picture in pixels. */
  get largestSide(): number {
    return this.device.limits.maxTextureDimension2D;
  }

  /**
   * Draws one picture of the camera's size.
   * @param background rgb 0..1, or null for a transparent picture
   * @returns (height, width, 4) straight-alpha RGBA, row-major from the top-left
   * @throws SplatError `usage` for a size that the device cannot draw, `out-of-memory`, `gpu-error`
   */
  async photograph(picture: StudioPicture, camera: CameraParameters, background: Background | null): Promise<Uint8ClampedArray<ArrayBuffer>> {
    this.device.pushErrorScope('out-of-memory');
    this.device.pushErrorScope('validation');
    // Everything is sent to the device before the first wait, so the scopes hold this picture's errors and no frame's.
    const drawing = this.draw(picture, camera, background).then(
      (pixels) => ({ pixels }),
      (error: unknown) => ({ error }),
    );
    const scopes = [this.device.popErrorScope(), this.device.popErrorScope()] as const;
    const [drawn, invalid, exhausted] = await Promise.all([drawing, ...scopes]);
    if (exhausted !== null) throw tooLarge(camera, exhausted.message);
    if ('error' in drawn) throw toSplatError(drawn.error, 'gpu-error', 'The picture could not be drawn');
    if (invalid !== null) throw new SplatError('gpu-error', `The picture could not be drawn: ${invalid.message}`);
    return drawn.pixels;
  }

  close(): void {
    for (const scene of this.own.values()) scene.destroy();
    this.own.clear();
    this.renderer.destroy();
  }

  private upload(scene: SplatScene): GpuScene {
    if (this.shared !== undefined) return this.shared(scene);
    const known = this.own.get(scene) ?? this.renderer.uploadScene(scene);
    this.own.set(scene, known);
    return known;
  }

  private draw(picture: StudioPicture, camera: CameraParameters, background: Background | null): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const { device, renderer } = this;
    if (picture.kind === 'scene') return renderToImage(device, renderer, picture.scene === undefined ? null : this.upload(picture.scene), camera, background);
    return renderCompareToImage(device, renderer, { before: this.upload(picture.before), after: this.upload(picture.after) }, camera, picture.view, background);
  }
}

function tooLarge({ width, height }: CameraParameters, reason: string): SplatError {
  return new SplatError('out-of-memory', `The graphics card has too little free memory for a picture of ${width} x ${height} pixels: ${reason}`, 'Make a smaller picture, or close other programs that use the graphics card.');
}

/** The pixels as a PNG file. */
export async function encodePng(pixels: Uint8ClampedArray<ArrayBuffer>, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  } catch (error) {
    throw new SplatError('out-of-memory', `The picture of ${width} x ${height} pixels could not be packed as PNG.`, 'Make a smaller picture.', { cause: error });
  }
}
