import { COLOUR_MAP_SIZE, colourMap, colourMapIndex, type ColourMapName } from '../core/colour-map.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import {
  chunkInfo,
  HALVES_A_VECTOR,
  SPLATS_A_PACKET,
  VECTOR_BYTES,
  type DrawnScene,
  type GpuScene,
  type SceneChunk,
} from './gpu-scene.ts';
import { packHalves } from './pack-splats.ts';

/** sRGB bytes of splats without a value. */
export const MISSING_COLOUR: readonly [number, number, number] = [96, 100, 106];

/**
 * A scene's splats in colours of one's own: draws from the same buffers as the scene, except that each splat has one
 * colour from all sides, taken from a colour map. 16 bytes a splat; follows `GpuScene.update`. Destroy it before the
 * scene.
 */
export class ColourOverlay implements DrawnScene {
  readonly chunks: readonly SceneChunk[];

  constructor(
    private readonly device: GPUDevice,
    private readonly scene: GpuScene,
  ) {
    this.chunks = scene.chunks.map(({ first, count, splats }) => ({
      first,
      count,
      info: chunkInfo(device, first, count, 0),
      splats,
      harmonics: device.createBuffer({
        label: 'overlay',
        size: count * VECTOR_BYTES,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      }),
    }));
  }

  get count(): number {
    return this.scene.count;
  }

  get near(): number {
    return this.scene.near;
  }

  get antialiased(): boolean {
    return this.scene.antialiased;
  }

  /**
   * Colours every splat.
   * @param mapValues (N) where on the map each splat lies: 0 its beginning, 1 its end, beyond that cut off; NaN for
   *   splats without a value, which become grey
   * @throws RangeError where the length does not fit
   */
  paint(mapValues: Float32Array, map: ColourMapName): void {
    if (mapValues.length !== this.count)
      throw new RangeError(`${mapValues.length} values do not fit ${this.count} splats.`);
    const coefficients = coefficientsOf(map);
    for (const { first, count, harmonics } of this.chunks) {
      const packet = new Uint16Array(Math.min(SPLATS_A_PACKET, count) * HALVES_A_VECTOR);
      for (let start = 0; start < count; start += SPLATS_A_PACKET) {
        const length = Math.min(SPLATS_A_PACKET, count - start);
        for (let i = 0; i < length; i++) {
          const value = mapValues[first + start + i];
          const entry = (Number.isNaN(value) ? COLOUR_MAP_SIZE : colourMapIndex(value)) * 3;
          packet[i * HALVES_A_VECTOR] = coefficients[entry];
          packet[i * HALVES_A_VECTOR + 1] = coefficients[entry + 1];
          packet[i * HALVES_A_VECTOR + 2] = coefficients[entry + 2];
        }
        this.device.queue.writeBuffer(harmonics, start * VECTOR_BYTES, packet, 0, length * HALVES_A_VECTOR);
      }
    }
  }

  destroy(): void {
    for (const { info, harmonics } of this.chunks) {
      info.destroy();
      harmonics.destroy();
    }
  }
}

/** (257, 3) coefficients, as halves, that give the map's colours, then the grey. */
function coefficientsOf(map: ColourMapName): Uint16Array {
  const colours = [...colourMap(map), ...MISSING_COLOUR];
  const coefficients = Float32Array.from(colours, (byte) => (byte / 255 - 0.5) / SH_C0);
  const halves = new Uint16Array(coefficients.length);
  packHalves(coefficients, 0, 1, halves.length, halves, 0, 1);
  return halves;
}
