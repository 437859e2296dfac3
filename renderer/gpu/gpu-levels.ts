import type { CameraParameters } from '../core/camera-parameters.ts';
import type { DetailLevels } from '../core/detail-levels.ts';
import { SLOT_SPLATS, SLOTS_A_BLOCK } from '../core/detail-levels.ts';
import { SlotChooser } from '../core/slot-chooser.ts';
import { outOfMemory } from './device.ts';
import type { DrawnScene, OrderedSlots, SceneChunk } from './gpu-scene.ts';
import { GpuScene } from './gpu-scene.ts';

/** Levels of detail on the device: what is drawn of them is chosen anew for each frame. */
export class GpuLevels implements DrawnScene {
  readonly capacity: number;
  private readonly most: number;
  private readonly uploaded: GpuScene;
  private readonly chooser: SlotChooser;
  private readonly merged: SlotList;
  private readonly own: SlotList | undefined;
  private readonly order: GPUBuffer | undefined;
  readonly ordered: OrderedSlots | undefined;

  /**
   * @param budget splats that a frame may ever have besides fading ones, where the coarsest levels have no more
   * @param whole the scene that the levels were made of, where it is on the device: of it splats near the camera are
   *   drawn where the budget allows; it has to outlive these levels
   * @throws SplatError `out-of-memory` where the levels do not fit one binding; a device that runs out reports it later
   */
  constructor(
    private readonly device: GPUDevice,
    levels: DetailLevels,
    budget: number,
    whole?: DrawnScene,
  ) {
    this.uploaded = new GpuScene(device, levels.scene);
    if (this.uploaded.chunks.length > 1) {
      this.uploaded.destroy();
      throw outOfMemory('The levels of detail are too large for the graphics card.');
    }
    this.chooser = new SlotChooser(levels.slots);
    const blocks = levels.scene.count / (SLOTS_A_BLOCK * SLOT_SPLATS);
    this.most = Math.max(slotsOf(budget), blocks, 1);
    const room = SlotChooser.room(this.most);
    this.capacity = room * SLOT_SPLATS;
    this.merged = new SlotList(device, room);
    if (whole?.chunks.length !== 1) return;
    this.own = new SlotList(device, room);
    this.order = device.createBuffer({
      label: 'order',
      size: Math.max(4, levels.order.byteLength),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(this.order, 0, levels.order as Uint32Array<ArrayBuffer>);
    this.ordered = { chunk: whole.chunks[0], order: this.order, slots: this.own.buffer };
  }

  /**
   * Chooses what the next frame shows from this camera, of at most `budget` splats where the coarsest levels are, and
   * an eighth more while levels fade.
   * @param step what a frame changes of a share of a level at most; 1 for a frame that others do not follow
   */
  choose(camera: CameraParameters, budget: number, step = 1): void {
    const { chooser, merged, own } = this;
    const most = Math.min(slotsOf(budget), this.most);
    chooser.choose(camera, most, { merged: merged.entries, own: own?.entries ?? NONE }, step);
    merged.send(this.device, 0, chooser.mergedCount);
    own?.send(this.device, chooser.mergedCount, chooser.ownCount);
  }

  get slots(): GPUBuffer {
    return this.merged.buffer;
  }

  /** Splats of the chosen slots, and how many of them are the scene's own. */
  get count(): number {
    return (this.chooser.mergedCount + this.chooser.ownCount) * SLOT_SPLATS;
  }

  get ownCount(): number {
    return this.chooser.ownCount * SLOT_SPLATS;
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
    this.merged.buffer.destroy();
    this.own?.buffer.destroy();
    this.order?.destroy();
  }
}

const NONE = new Uint32Array(0);

/** The struct Slots of shaders/common/slots.wgsl. */
class SlotList {
  readonly buffer: GPUBuffer;
  readonly entries: Uint32Array;
  private readonly words: Uint32Array<ArrayBuffer>;

  constructor(device: GPUDevice, most: number) {
    this.words = new Uint32Array(2 + most);
    this.entries = this.words.subarray(2);
    this.buffer = device.createBuffer({
      label: 'slots',
      size: Math.max(12, this.words.byteLength),
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
  }

  send(device: GPUDevice, first: number, count: number): void {
    this.words[0] = first;
    this.words[1] = count;
    device.queue.writeBuffer(this.buffer, 0, this.words, 0, 2 + count);
  }
}

function slotsOf(splats: number): number {
  return Math.floor(splats / SLOT_SPLATS);
}
