import { viewpointCamera } from '../core/camera-file.ts';
import type { CameraParameters } from '../core/camera-parameters.ts';
import { SplatError } from '../core/errors.ts';
import type { Vec3 } from '../core/vector.ts';
import { renderToImage } from '../gpu/capture.ts';
import { problemOf, requestRenderDevice } from '../gpu/device.ts';
import type { GpuScene } from '../gpu/gpu-scene.ts';
import { SplatRenderer } from '../gpu/splat-renderer.ts';
import { parseSceneInWorker } from '../workers/scene-client.ts';

const NEAR = 0.2;
const BLACK = [0, 0, 0] as const;

/** Where an outside program looks from, in the file's own axes. */
export interface BenchCamera {
  readonly position: Vec3;
  readonly target: Vec3;
  readonly up: Vec3;
  /** Vertical field of view in degrees, as outside programs name it. */
  readonly fovY: number;
}

export interface BenchPixels {
  readonly width: number;
  readonly height: number;
  /** (height, width, 4) RGBA over black, top row first. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * The built renderer for programs that measure it beside others: it draws when asked and has no loop of its own. Every
 * frame sorts for its own camera, so a frame that is drawn is a frame that is right.
 */
export class BenchAdapter {
  readonly info = { api: 'WebGPU', sort: 'radix sort on the device, every frame, for its own camera' } as const;
  private readonly renderer: SplatRenderer;
  private scene: GpuScene | null = null;
  private camera: CameraParameters | undefined;

  private constructor(
    private readonly device: GPUDevice,
    private readonly context: GPUCanvasContext,
    format: GPUTextureFormat,
  ) {
    this.renderer = new SplatRenderer(device, { format });
  }

  /**
   * Opens the fast adapter's device for a canvas, whose size in pixels is that of every picture.
   * @throws SplatError `gpu-unavailable`
   */
  static async open(canvas: HTMLCanvasElement): Promise<BenchAdapter> {
    const { device } = await requestRenderDevice(navigator.gpu);
    const context = canvas.getContext('webgpu') as GPUCanvasContext;
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'opaque' });
    return new BenchAdapter(device, context, format);
  }

  /**
   * Loads a scene of any format that opens, in its raw axes, and replaces the one before; resolves when the device
   * has it.
   * @throws SplatError as `readScene`, `io` where the address answers with an error, and as `problemOf`
   */
  async load(url: string): Promise<void> {
    // A large scene in the browser's store on disk costs more than it is worth.
    const response = await fetch(url, { cache: 'no-store' });
    if (!response.ok) throw new SplatError('io', `${url} could not be read: the server says ${response.status}.`);
    const name = new URL(url, location.href).pathname.split('/').pop() ?? url;
    // The worker reads a blob a part at a time: nothing of the file's size is made here.
    const scene = await parseSceneInWorker(await response.blob(), name);
    this.scene?.destroy();
    this.scene = null;
    const problem = await problemOf(this.device, () => (this.scene = this.renderer.uploadScene(scene)));
    if (problem !== undefined) throw problem;
    await this.device.queue.onSubmittedWorkDone();
  }

  /** @throws SplatError `usage` for a camera that looks nowhere */
  setCamera({ position, target, up, fovY }: BenchCamera): void {
    const { width, height } = this.context.canvas;
    const viewpoint = { position, target, up, rollDegrees: 0, fovYDegrees: fovY };
    this.camera = { ...viewpointCamera(viewpoint, width, height), near: NEAR };
  }

  /** Draws one frame on the canvas and resolves when the device has finished it. */
  async renderFrame(): Promise<void> {
    const { width, height } = this.context.canvas;
    const view = this.context.getCurrentTexture().createView();
    this.renderer.render({ view, width, height }, this.scene, this.cameraInUse(), { background: BLACK });
    await this.device.queue.onSubmittedWorkDone();
  }

  /** Resolves when the next frame will be as good as it gets: at once, as nothing is left for later. */
  async settled(): Promise<void> {
    await this.device.queue.onSubmittedWorkDone();
  }

  /** Draws the picture of the camera at hand again and reads it back. */
  async pixels(): Promise<BenchPixels> {
    const camera = this.cameraInUse();
    const data = await renderToImage(this.device, this.renderer, this.scene, camera, BLACK);
    return { width: camera.width, height: camera.height, data };
  }

  private cameraInUse(): CameraParameters {
    if (this.camera === undefined) throw new SplatError('usage', 'No camera is set.', 'Call setCamera first.');
    return this.camera;
  }
}
