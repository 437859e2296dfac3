import { SH_C0 } from '../core/splat-scene.ts';
import { column, splatWidth } from './attributes.ts';
import type { KernelMemory } from './kernels/kernel-memory.ts';

const degree1Width = splatWidth(1);
/** Columns of `project` (kernels/fragment.kernel.ts) without harmonics, and with those of degree 1. */
const columns = { position: 0, axes: 3, opacity: 12, cutoff: 13, colour: 14, harmonics: 17 } as const;
const [plainWidth, harmonicWidth] = [17, 26];
/** Splats that the kernel takes at once. */
const lanes = 4;

/** What no view changes of a scene's splats, column by column in the kernels' memory. */
export class SplatColumns {
  readonly splats: number;
  readonly hasDegree1: boolean;
  /** Bytes of a column. */
  readonly bytes: number;
  /** First byte of the columns. */
  readonly start: number;

  /** @param features (splats, stride) columns as in `attributes.ts`, z up, in the unit cube; held, not copied */
  constructor(
    private readonly memory: KernelMemory,
    private readonly features: Float32Array,
    private readonly stride: number,
  ) {
    this.splats = features.length / stride;
    this.hasDegree1 = stride >= degree1Width;
    const height = Math.ceil(this.splats / lanes) * lanes;
    this.bytes = height * Float32Array.BYTES_PER_ELEMENT;
    this.start = memory.take(this.bytes * (this.hasDegree1 ? harmonicWidth : plainWidth));
    const out = this.view();
    for (let splat = 0; splat < this.splats; splat++) this.write(splat, out);
  }

  /** Takes in that the features of some splats have changed. */
  refresh(splats: Int32Array): void {
    const out = this.view();
    for (const splat of splats) this.write(splat, out);
  }

  private view(): Float32Array {
    const width = this.hasDegree1 ? harmonicWidth : plainWidth;
    return this.memory.floats(this.start, (this.bytes / Float32Array.BYTES_PER_ELEMENT) * width);
  }

  private write(splat: number, out: Float32Array): void {
    const { features } = this;
    const height = this.bytes / Float32Array.BYTES_PER_ELEMENT;
    const s = splat * this.stride;
    const to = (k: number): number => k * height + splat;
    for (let k = 0; k < 3; k++) out[to(columns.position + k)] = features[s + k];
    this.writeAxes(s, splat, height, out);
    const opacity = 1 / (1 + Math.exp(-features[s + column.opacities]));
    out[to(columns.opacity)] = opacity;
    // The squared Mahalanobis distance at which alpha falls to 1/255.
    out[to(columns.cutoff)] = 2 * Math.log(255 * opacity);
    for (let k = 0; k < 3; k++) out[to(columns.colour + k)] = 0.5 + SH_C0 * features[s + column.features_dc + k];
    if (!this.hasDegree1) return;
    for (let k = 0; k < 9; k++) out[to(columns.harmonics + k)] = features[s + column.features_rest + k];
  }

  /** Writes a splat's axes, each as long as its scale, whatever the length of its quaternion. */
  private writeAxes(s: number, splat: number, height: number, out: Float32Array): void {
    const { features } = this;
    const q = s + column.quats;
    const norm = Math.sqrt(features[q] ** 2 + features[q + 1] ** 2 + features[q + 2] ** 2 + features[q + 3] ** 2);
    const [w, x, y, z] = [features[q] / norm, features[q + 1] / norm, features[q + 2] / norm, features[q + 3] / norm];
    const first = Math.exp(features[s + column.scales]);
    const second = Math.exp(features[s + column.scales + 1]);
    const third = Math.exp(features[s + column.scales + 2]);
    let to = columns.axes * height + splat;
    out[to] = first * (1 - 2 * (y * y + z * z));
    out[(to += height)] = first * 2 * (x * y + w * z);
    out[(to += height)] = first * 2 * (x * z - w * y);
    out[(to += height)] = second * 2 * (x * y - w * z);
    out[(to += height)] = second * (1 - 2 * (x * x + z * z));
    out[(to += height)] = second * 2 * (y * z + w * x);
    out[(to += height)] = third * 2 * (x * z + w * y);
    out[(to += height)] = third * 2 * (y * z - w * x);
    out[to + height] = third * (1 - 2 * (x * x + y * y));
  }
}
