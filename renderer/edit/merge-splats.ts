import { isDrawable, logitOfOpacity, opacityOfLogit } from '../core/drawable.ts';
import { quaternionOfRotation, rotationMatrix } from '../core/quaternion.ts';
import type { SplatScene } from '../core/splat-scene.ts';
import { SH_C0, shRestCount } from '../core/splat-scene.ts';
import { symmetricEigen } from '../core/symmetric-eigen.ts';

const MOST_OPACITY = 0.995;
const LEAST_VARIANCE = 1e-24;

/**
 * Splats that become one: the mean and covariance of their mixture, weighted by opacity times area, and an opacity that
 * keeps what they cover together.
 */
export class SplatMerger {
  private weight = 0;
  private readonly mean = new Float64Array(3);
  /** Second moments about `about`: xx, xy, xz, yy, yz, zz. */
  private readonly moments = new Float64Array(6);
  /** The first splat's place: sums about it keep their digits far from the origin. */
  private readonly about = new Float64Array(3);
  private readonly colours: Float64Array;
  /** Of the numbers of `colours` of degree 0, squared before they are summed. */
  private squares = 0;

  /** @param restLength numbers of `shRest` a splat */
  constructor(restLength: number) {
    this.colours = new Float64Array(3 + restLength);
  }

  /** Adds a splat of a scene; one that can't be drawn counts for nothing. */
  add(scene: SplatScene, row: number): void {
    if (!isDrawable(scene, row)) return;
    const { positions, logScales, quats, logitOpacities, shDc, shRest } = scene;
    const p = 3 * row;
    const [s0, s1, s2] = [Math.exp(logScales[p]), Math.exp(logScales[p + 1]), Math.exp(logScales[p + 2])];
    const weight = opacityOfLogit(logitOpacities[row]) * areaOf(s0, s1, s2);
    if (!(weight > 0)) return;
    const { about, mean, moments } = this;
    if (this.weight === 0) for (let k = 0; k < 3; k++) about[k] = positions[p + k];
    this.weight += weight;
    const x = positions[p] - about[0];
    const y = positions[p + 1] - about[1];
    const z = positions[p + 2] - about[2];
    mean[0] += weight * x;
    mean[1] += weight * y;
    mean[2] += weight * z;
    const r = rotationOf(quats, 4 * row);
    // Columns times scales: the covariance is their product with themselves.
    for (let k = 0; k < 9; k += 3) {
      r[k] *= s0;
      r[k + 1] *= s1;
      r[k + 2] *= s2;
    }
    moments[0] += weight * (r[0] * r[0] + r[1] * r[1] + r[2] * r[2] + x * x);
    moments[1] += weight * (r[0] * r[3] + r[1] * r[4] + r[2] * r[5] + x * y);
    moments[2] += weight * (r[0] * r[6] + r[1] * r[7] + r[2] * r[8] + x * z);
    moments[3] += weight * (r[3] * r[3] + r[4] * r[4] + r[5] * r[5] + y * y);
    moments[4] += weight * (r[3] * r[6] + r[4] * r[7] + r[5] * r[8] + y * z);
    moments[5] += weight * (r[6] * r[6] + r[7] * r[7] + r[8] * r[8] + z * z);
    const restLength = this.colours.length - 3;
    const width = 3 * shRestCount(scene.shDegree);
    for (let k = 0; k < 3; k++) {
      this.colours[k] += weight * shDc[3 * row + k];
      this.squares += weight * shDc[3 * row + k] ** 2;
    }
    for (let k = 0; k < restLength; k++) this.colours[3 + k] += weight * shRest[width * row + k];
  }

  /** Opacity times area of the splats so far. */
  get coverage(): number {
    return this.weight;
  }

  /** How far apart the colours of the splats so far are: squared, 0 to 1, and times their coverage. */
  get spread(): number {
    if (this.weight === 0) return 0;
    const [red, green, blue] = this.colours;
    const squares = this.squares - (red * red + green * green + blue * blue) / this.weight;
    return Math.max(0, squares) * SH_C0 ** 2;
  }

  /** Writes the one splat as row `at` of a scene, and begins anew; of nothing that row is left as it is. */
  put(target: SplatScene, at: number): void {
    if (this.weight === 0) return;
    const w = this.weight;
    const [x, y, z] = this.mean.map((sum) => sum / w);
    const m = this.moments.map((sum) => sum / w);
    const { values, vectors } = symmetricEigen([
      m[0] - x * x,
      m[1] - x * y,
      m[2] - x * z,
      m[3] - y * y,
      m[4] - y * z,
      m[5] - z * z,
    ]);
    const scales = values.map((variance) => Math.sqrt(Math.max(variance, LEAST_VARIANCE)));
    [x, y, z].forEach((value, k) => (target.positions[3 * at + k] = this.about[k] + value));
    scales.forEach((scale, k) => (target.logScales[3 * at + k] = Math.log(scale)));
    target.quats.set(quaternionOf(vectors), 4 * at);
    target.logitOpacities[at] = logitOfOpacity(Math.min(MOST_OPACITY, w / areaOf(scales[0], scales[1], scales[2])));
    const restLength = this.colours.length - 3;
    for (let k = 0; k < 3; k++) target.shDc[3 * at + k] = this.colours[k] / w;
    for (let k = 0; k < restLength; k++) target.shRest[restLength * at + k] = this.colours[3 + k] / w;
    this.weight = 0;
    this.squares = 0;
    for (const sums of [this.mean, this.moments, this.colours]) sums.fill(0);
  }
}

/** What a splat covers when looked at along its shortest axis. */
function areaOf(a: number, b: number, c: number): number {
  return (a * b * c) / Math.min(a, b, c);
}

function rotationOf(quats: Float32Array, at: number): number[] {
  const [w, x, y, z] = [quats[at], quats[at + 1], quats[at + 2], quats[at + 3]];
  const scale = 1 / Math.sqrt(w * w + x * x + y * y + z * z);
  return rotationMatrix([w * scale, x * scale, y * scale, z * scale]);
}

/** w, x, y, z of a rotation with these columns, which may be of either hand. */
function quaternionOf(columns: readonly (readonly number[])[]): [number, number, number, number] {
  const [[a, d, g], [b, e, h], third] = columns;
  const hand = (d * h - g * e) * third[0] + (g * b - a * h) * third[1] + (a * e - d * b) * third[2] < 0 ? -1 : 1;
  const [c, f, i] = third.map((value) => hand * value);
  return quaternionOfRotation([a, b, c, d, e, f, g, h, i]);
}
