import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError } from '../core/errors.ts';
import type { Rgb } from '../core/vector.ts';
import type { CompareView } from './compare-view.ts';
import type { DrawnScene } from './gpu-scene.ts';
import type { RenderOptions, RenderTarget } from './render-target.ts';
import type { SplatRenderer } from './splat-renderer.ts';

/**
 * Draws one picture, or the part of it that the camera names, and reads it back.
 * @param renderer of format rgba8unorm or bgra8unorm
 * @param background rgb 0..1, or null for a transparent picture
 * @returns (height, width, 4) straight-alpha RGBA, row-major from the top-left
 * @throws SplatError `usage` for another format or a size that the device cannot draw
 */
export function renderToImage(
  device: GPUDevice,
  renderer: SplatRenderer,
  scene: DrawnScene | null,
  camera: CameraParameters,
  background: Rgb | null,
  options: Pick<RenderOptions, 'lines' | 'linesBeneath'> = {},
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  return toImage(device, renderer, camera, background, (target, colours) =>
    renderer.render(target, scene, camera, { ...colours, ...options }),
  );
}

/**
 * Draws one picture of two scenes, as the screen compares them, and reads it back.
 * @param camera of the whole picture; a side-by-side view derives its panes' cameras from it
 * @param view what to show; its `divider` is drawn into the picture
 * @param background as for `renderToImage`; a heat map is opaque in any case
 * @returns and throws as `renderToImage`; the panes of a side-by-side view are drawn whole only
 */
export function renderCompareToImage(
  device: GPUDevice,
  renderer: SplatRenderer,
  scenes: { readonly before: DrawnScene | null; readonly after: DrawnScene | null },
  camera: CameraParameters,
  view: CompareView,
  background: Rgb | null,
  options: Pick<RenderOptions, 'lines'> = {},
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  if (view.mode === 'sideBySide' && camera.part !== undefined) {
    const { width, height } = camera;
    throw new SplatError(
      'usage',
      `A side-by-side picture of ${width} x ${height} pixels cannot be drawn.`,
      'Make it smaller, or show before, after or a split.',
    );
  }
  return toImage(device, renderer, camera, background, (target, colours) =>
    renderer.renderCompare(target, scenes.before, scenes.after, camera, view, { ...colours, ...options }),
  );
}

type Draw = (target: RenderTarget, colours: Pick<RenderOptions, 'background' | 'opaque'>) => void;

async function toImage(
  device: GPUDevice,
  renderer: SplatRenderer,
  camera: CameraParameters,
  background: Rgb | null,
  draw: Draw,
): Promise<Uint8ClampedArray<ArrayBuffer>> {
  const { format } = renderer;
  if (format !== 'rgba8unorm' && format !== 'bgra8unorm')
    throw new SplatError('usage', `Pictures are read back from 8-bit targets, not from ${format}.`);
  const bytes = await readBack(device, format, camera, 4, (target) =>
    draw(target, { background: background ?? [0, 0, 0], opaque: background !== null }),
  );
  const picture = new Uint8ClampedArray(bytes);
  if (format === 'bgra8unorm') {
    for (let i = 0; i < picture.length; i += 4) {
      const blue = picture[i];
      picture[i] = picture[i + 2];
      picture[i + 2] = blue;
    }
  }
  if (background === null) {
    for (let i = 0; i < picture.length; i += 4) {
      const alpha = picture[i + 3];
      if (alpha === 0) continue;
      for (let k = 0; k < 3; k++) picture[i + k] = (picture[i + k] * 255) / alpha;
    }
  }
  return picture;
}

/**
 * Draws one picture and reads it back unrounded.
 * @param renderer of format rgba32float
 * @returns (height, width, 4) rgb and alpha, row-major from the top-left
 */
export async function renderToFloats(
  device: GPUDevice,
  renderer: SplatRenderer,
  scene: DrawnScene | null,
  camera: CameraParameters,
  options: RenderOptions,
): Promise<Float32Array<ArrayBuffer>> {
  if (renderer.format !== 'rgba32float')
    throw new SplatError(
      'usage',
      `Unrounded pictures are read back from rgba32float targets, not from ${renderer.format}.`,
    );
  return new Float32Array(
    await readBack(device, renderer.format, camera, 16, (target) => renderer.render(target, scene, camera, options)),
  );
}

async function readBack(
  device: GPUDevice,
  format: GPUTextureFormat,
  camera: CameraParameters,
  pixelBytes: number,
  draw: (target: RenderTarget) => void,
): Promise<ArrayBuffer> {
  const { width, height } = camera.part ?? camera;
  const largest = device.limits.maxTextureDimension2D;
  if (!(width >= 1 && height >= 1 && width <= largest && height <= largest)) {
    throw new SplatError(
      'usage',
      `A picture of ${width} x ${height} pixels cannot be drawn.`,
      `This graphics card draws 1 to ${largest} pixels a side.`,
    );
  }
  const rowBytes = width * pixelBytes;
  // Copies from textures want rows of a multiple of 256 bytes.
  const bytesPerRow = Math.ceil(rowBytes / 256) * 256;
  const texture = device.createTexture({
    label: 'capture',
    size: [width, height],
    format,
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const buffer = device.createBuffer({
    label: 'capture',
    size: bytesPerRow * height,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  try {
    draw({ view: texture.createView(), width, height });
    const encoder = device.createCommandEncoder();
    encoder.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [width, height]);
    device.queue.submit([encoder.finish()]);
    await buffer.mapAsync(GPUMapMode.READ);
    const padded = new Uint8Array(buffer.getMappedRange());
    const rows = new Uint8Array(rowBytes * height);
    for (let y = 0; y < height; y++)
      rows.set(padded.subarray(y * bytesPerRow, y * bytesPerRow + rowBytes), y * rowBytes);
    return rows.buffer;
  } finally {
    buffer.destroy();
    texture.destroy();
  }
}
