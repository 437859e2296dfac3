import type { CameraParameters, PixelRectangle } from '../../core/camera-parameters.ts';
import { SplatError, throwIfAborted, toSplatError } from '../../core/errors.ts';
import { coveredPixels } from '../../core/overdraw.ts';
import { LARGEST_PICTURE_AREA } from '../../core/picture-size.ts';
import type { JobOptions } from '../../core/progress.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { Rgb } from '../../core/vector.ts';
import { renderCompareToImage, renderToImage } from '../../gpu/capture.ts';
import type { GpuScene } from '../../gpu/gpu-scene.ts';
import { SplatRenderer } from '../../gpu/splat-renderer.ts';
import { isSoftwareDevice } from '../../gpu/swiftshader.ts';
import { coverageBudget } from './frame-budget.ts';
import { scenesOf } from './picture.ts';
import type { ComparePicture, ScenePicture } from './picture.ts';

/** What a still picture or a video may show. */
export type StudioPicture = ScenePicture | ComparePicture;

/**
 * Pictures with a longer side are drawn part by part: no texture has to be as large as the picture, and the device
 * never holds much of it at once.
 */
const LARGEST_PART = 4096;
/** Parts get no smaller than this, however much they show. */
const SMALLEST_PART = 64;

/**
 * Makes pictures of any size beside the canvas, by the same renderer, from scenes that may be on the device already.
 */
export class Studio {
  private readonly renderer: SplatRenderer;
  /** Scenes that this studio put on the device itself. */
  private readonly own = new Map<SplatScene, GpuScene>();

  /**
   * @param shared gives a scene that is on the device already, or puts it there; without it the studio does so itself
   */
  constructor(
    private readonly device: GPUDevice,
    private readonly shared?: (scene: SplatScene) => GpuScene,
  ) {
    this.renderer = new SplatRenderer(device, { format: 'rgba8unorm' });
  }

  /**
   * Draws one picture of the camera's size.
   * @param background rgb 0..1, or null for a transparent picture
   * @returns (height, width, 4) straight-alpha RGBA, row-major from the top-left
   * @throws SplatError `usage` for a size that is none or too large, `out-of-memory`, `gpu-error`, `cancelled`
   */
  async photograph(
    picture: StudioPicture,
    camera: CameraParameters,
    background: Rgb | null,
    { signal, onProgress }: JobOptions = {},
  ): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const { width, height } = camera;
    if (!(width >= 1 && height >= 1 && width * height <= LARGEST_PICTURE_AREA)) {
      throw new SplatError(
        'usage',
        `A picture of ${width} x ${height} pixels cannot be made.`,
        `Pictures have 1 to ${Math.floor(LARGEST_PICTURE_AREA / 1e6)} million pixels.`,
      );
    }
    const parts = partsOf(width, height, this.sideOfParts(picture, camera));
    if (parts.length === 1) return this.photographPart(picture, camera, background);
    const whole = allocate(camera);
    for (const [index, part] of parts.entries()) {
      throwIfAborted(signal, 'The picture');
      onProgress?.({ stage: 'Drawing', fraction: index / parts.length });
      const pixels = await this.photographPart(picture, { ...camera, part }, background);
      for (let y = 0; y < part.height; y++)
        whole.set(pixels.subarray(y * part.width * 4, (y + 1) * part.width * 4), ((part.y + y) * width + part.x) * 4);
    }
    return whole;
  }

  /** Parts are so small that the splats of none occupy the device for long. */
  private sideOfParts(picture: StudioPicture, camera: CameraParameters): number {
    const side = Math.min(LARGEST_PART, this.device.limits.maxTextureDimension2D);
    const covered = scenesOf(picture).reduce((sum, scene) => sum + coveredPixels(scene, camera), 0);
    const share = coverageBudget(isSoftwareDevice(this.device)) / covered;
    // Panes side by side are drawn whole only.
    if (share >= 1 || (picture.kind === 'compare' && picture.view.mode === 'sideBySide')) return side;
    const affordableSide = Math.floor(Math.sqrt(share * camera.width * camera.height));
    return Math.min(side, Math.max(SMALLEST_PART, affordableSide));
  }

  private async photographPart(
    picture: StudioPicture,
    camera: CameraParameters,
    background: Rgb | null,
  ): Promise<Uint8ClampedArray<ArrayBuffer>> {
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

  private draw(
    picture: StudioPicture,
    camera: CameraParameters,
    background: Rgb | null,
  ): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const { device, renderer } = this;
    if (picture.kind === 'scene')
      return renderToImage(
        device,
        renderer,
        picture.scene === undefined ? null : this.upload(picture.scene),
        camera,
        background,
      );
    return renderCompareToImage(
      device,
      renderer,
      { before: this.upload(picture.before), after: this.upload(picture.after) },
      camera,
      picture.view,
      background,
    );
  }
}

/** Rectangles of at most `side` pixels a side that cover a picture, row by row. */
export function partsOf(width: number, height: number, side: number): PixelRectangle[] {
  const parts: PixelRectangle[] = [];
  for (let y = 0; y < height; y += side) {
    for (let x = 0; x < width; x += side)
      parts.push({ x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) });
  }
  return parts;
}

function allocate(camera: CameraParameters): Uint8ClampedArray<ArrayBuffer> {
  try {
    return new Uint8ClampedArray(camera.width * camera.height * 4);
  } catch (error) {
    throw new SplatError(
      'out-of-memory',
      `There is too little free memory for a picture of ${camera.width} x ${camera.height} pixels.`,
      'Make a smaller picture.',
      { cause: error },
    );
  }
}

function tooLarge({ width, height }: CameraParameters, reason: string): SplatError {
  return new SplatError(
    'out-of-memory',
    `The graphics card has too little free memory for a picture of ${width} x ${height} pixels: ${reason}`,
    'Make a smaller picture, or close other programs that use the graphics card.',
  );
}

/** The pixels as a PNG file. */
export async function encodePng(
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
  height: number,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  } catch (error) {
    throw new SplatError(
      'out-of-memory',
      `The picture of ${width} x ${height} pixels could not be packed as PNG.`,
      'Make a smaller picture.',
      { cause: error },
    );
  }
}
