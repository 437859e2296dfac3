import type { CameraParameters } from '../core/camera-parameters.ts';
import type { DetailLevels } from '../core/detail-levels.ts';
import { BLOCK_NUMBERS, SLOT_SPLATS } from '../core/detail-levels.ts';
import { SlotChooser } from '../core/slot-chooser.ts';
import { outOfMemory } from './device.ts';
import type { DrawnScene, SceneChunk } from './gpu-scene.ts';
import { GpuScene } from './gpu-scene.ts';

/** Levels of detail on the device: what is drawn of them is chosen anew for each frame. */
export class GpuLevels implements DrawnScene {
  readonly capacity: number;
  readonly slots: GPUBuffer;
  private readonly uploaded: GpuScene;
  private readonly chooser: SlotChooser;
  /** What the device gets: how many slots there are, then which. */
  private readonly words: Uint32Array<ArrayBuffer>;
  private readonly indices: Uint32Array;

  /**
   * @param budget splats that a frame may ever have, where the coarsest levels have no more
   * @throws SplatError `out-of-memory` where the levels do not fit one binding; a device that runs out reports it later
   */
  constructor(
    private readonly device: GPUDevice,
    levels: DetailLevels,
    budget: number,
  ) {
    this.uploaded = new GpuScene(device, levels.scene);
    if (this.uploaded.chunks.length > 1) {
      this.uploaded.destroy();
      throw outOfMemory('The levels of detail are too large for the graphics card.');
    }
    this.chooser = new SlotChooser(levels.blocks);
    const most = Math.max(slotsOf(Math.min(budget, levels.scene.count)), levels.blocks.length / BLOCK_NUMBERS, 1);
    this.words = new Uint32Array(1 + most);
    this.indices = this.words.subarray(1);
    this.capacity = most * SLOT_SPLATS;
    this.slots = device.createBuffer({
      label: 'slots',
      size: this.words.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
  }

  /** Chooses what the next frame shows from this camera, of at most `budget` splats where the coarsest levels are. */
  choose(camera: CameraParameters, budget: number): void {
    const most = Math.min(slotsOf(budget), this.indices.length);
    this.words[0] = this.chooser.choose(camera, most, this.indices);
    this.device.queue.writeBuffer(this.slots, 0, this.words, 0, 1 + this.words[0]);
  }

  /** Splats of the chosen slots. */
  get count(): number {
    return this.words[0] * SLOT_SPLATS;
  }

  get near(): number {
    return this.uploaded.near;
  }

  get antialiased(): boolean {
    return this.uploaded.antialiased;
  }

  get chunks(): readonly SceneChunk[] {
    return this.uploaded.chunks;
  }

  destroy(): void {
    this.uploaded.destroy();
    this.slots.destroy();
  }
}

function slotsOf(splats: number): number {
  return Math.floor(splats / SLOT_SPLATS);
}
