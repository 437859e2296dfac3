import { COLOUR_MAP_SIZE, colourMap, colourMapIndex, type ColourMapName } from '../core/colour-map.ts';
import {
  chunkInfo,
  SPLATS_A_PACKET,
  vectorBuffer,
  type DrawnScene,
  type GpuScene,
  type SceneChunk,
} from './gpu-scene.ts';
import { VECTOR_WORDS } from './pack-splats.ts';
import { shaderConstant, shaders } from './shaders.ts';

const PAINTED = shaderConstant(shaders.project.code, 'PAINTED');

/** sRGB bytes of splats without a value. */
export const MISSING_COLOUR: readonly [number, number, number] = [96, 100, 106];

/**
 * A scene's splats in colours of one's own: draws from the same buffers as the scene, except that each splat has one
 * colour from all sides, taken from a colour map. 4 bytes a splat; follows `GpuScene.update`. Destroy it before the
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
      info: chunkInfo(device, first, count, PAINTED),
      splats,
      harmonics: vectorBuffer(device, 'overlay', Math.ceil(count / VECTOR_WORDS)),
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
    const colours = wordsOf(map);
    for (const { first, count, harmonics } of this.chunks) {
      const packet = new Uint32Array(Math.min(SPLATS_A_PACKET, count));
      for (let start = 0; start < count; start += SPLATS_A_PACKET) {
        const length = Math.min(SPLATS_A_PACKET, count - start);
        for (let i = 0; i < length; i++) {
          const value = mapValues[first + start + i];
          packet[i] = colours[Number.isNaN(value) ? COLOUR_MAP_SIZE : colourMapIndex(value)];
        }
        this.device.queue.writeBuffer(harmonics, start * packet.BYTES_PER_ELEMENT, packet, 0, length);
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

/** (257) the map's colours, then the grey: a byte a channel, red lowest. */
function wordsOf(map: ColourMapName): Uint32Array {
  const bytes = [...colourMap(map), ...MISSING_COLOUR];
  return Uint32Array.from(
    { length: COLOUR_MAP_SIZE + 1 },
    (_, i) => bytes[3 * i] | (bytes[3 * i + 1] << 8) | (bytes[3 * i + 2] << 16),
  );
}
