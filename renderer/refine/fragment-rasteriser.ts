import { cameraCentre, type CameraParameters } from '../core/camera-parameters.ts';
import {
  INRIA_TRANSMITTANCE_STOP,
  LARGEST_ALPHA,
  LOW_PASS,
  NEAR_Z,
  slopeLimits,
  SMALLEST_ALPHA,
} from '../core/reference-render.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import { argsort } from './plan/sort.ts';

/** Sums a splat of `FragmentRasteriser.add`. */
export const sumsWidth = 7;
const shC1 = Math.sqrt(3 / (4 * Math.PI));

// Of this module, as inner loops reach its own constants faster than imported ones.
const largestAlpha: number = LARGEST_ALPHA;
const smallestAlpha: number = SMALLEST_ALPHA;
const transmittanceStop: number = INRIA_TRANSMITTANCE_STOP;
const middle = Math.exp(-0.35);

/** A view over black. */
interface Picture {
  /** (pixels, 3) */
  readonly colour: Float32Array;
  readonly transmittance: Float32Array;
}

/** What the pixels of a view are made of: its splats front to back, and what each gives to which pixels. */
export interface FragmentLists {
  /** Index of each splat that the view shows. */
  readonly splats: Int32Array;
  /** One past the last pixel of each of them. */
  readonly ends: Uint32Array;
  readonly pixels: Uint32Array;
  /** Times the splat's opacity, this is alpha before it is cut off. */
  readonly falloffs: Float32Array;
  /** (shown splats, 3) colour from the view's direction, below 0 too. */
  readonly colours: Float32Array;
}

/** Numbers that projection keeps of a splat. `rgb` may lie below 0, where it counts as 0. */
const record = {
  x: 0,
  y: 1,
  a: 2,
  b: 3,
  c: 4,
  opacity: 5,
  rgb: 6,
  reach: 9,
  extentX: 10,
  extentY: 11,
  depth: 12,
  width: 13,
} as const;

/**
 * Draws views of one scene over black and knows what every pixel took of which splat. The equations of the CPU twin
 * (renderer/core/reference-render.ts), without
 * an object a splat, and with what every pixel took kept for the way back. Scratch memory is held from view to view.
 */
export class FragmentRasteriser {
  private readonly splats: number;
  private readonly projected: Float64Array;
  private readonly keys: Uint32Array;
  private readonly visible: Int32Array;
  private readonly depthBits = new Uint32Array(1);
  private readonly depthFloat = new Float32Array(this.depthBits.buffer);
  /** What the pixels took, splat by splat in depth order: pixel, weight and falloff. */
  private takenPixels = new Uint32Array(1 << 18);
  private takenWeights = new Float32Array(1 << 18);
  private takenFalloffs = new Float32Array(1 << 18);
  private taken = 0;

  /** @param features (splats, stride) as for `visibilityFeatures` */
  constructor(
    private readonly features: Float32Array,
    private readonly stride: number,
  ) {
    this.splats = features.length / stride;
    this.projected = new Float64Array(this.splats * record.width);
    this.keys = new Uint32Array(this.splats);
    this.visible = new Int32Array(this.splats);
  }

  /**
   * Adds to `sums` (splats, 7) what one view sees over black: weight, weight times the pixel's red, green and blue,
   * times its coverage, times the
   * splat's depth behind the pixel's; and alpha as it would be with nothing in front. Weights are in pixels.
   */
  add(camera: CameraParameters, sums: Float32Array): void {
    const { order, ends, transmittance, colour, depth } = this.drawAll(camera, sums);
    for (let pixel = 0; pixel < depth.length; pixel++) depth[pixel] /= Math.max(1 - transmittance[pixel], 1e-6);

    for (let place = 0, at = 0; place < ends.length; place++) {
      const splat = this.visible[order[place]];
      const own = this.projected[splat * record.width + record.depth];
      let [weights, red, green, blue, coverage, behind] = [0, 0, 0, 0, 0, 0];
      for (; at < ends[place]; at++) {
        const pixel = this.takenPixels[at];
        const weight = this.takenWeights[at];
        weights += weight;
        red += weight * colour[3 * pixel];
        green += weight * colour[3 * pixel + 1];
        blue += weight * colour[3 * pixel + 2];
        coverage += weight * (1 - transmittance[pixel]);
        behind += weight * (own - depth[pixel]);
      }
      const to = splat * sumsWidth;
      sums[to] += weights;
      sums[to + 1] += red;
      sums[to + 2] += green;
      sums[to + 3] += blue;
      sums[to + 4] += coverage;
      sums[to + 5] += behind;
    }
  }

  picture(camera: CameraParameters): Picture {
    const { colour, transmittance } = this.drawAll(camera, null);
    return { colour, transmittance };
  }

  /**
   * What a view is made of, but for what weighs less than `smallestWeight` in its pixel; and the whole view, as of
   * `picture`.
   */
  listFragments(camera: CameraParameters, smallestWeight: number): FragmentLists & { readonly picture: Picture } {
    const { order, ends, colour, transmittance } = this.drawAll(camera, null);
    let [places, kept] = [0, 0];
    for (let place = 0, at = 0; place < ends.length; place++) {
      const first = kept;
      for (const end = ends[place]; at < end; at++) {
        if (this.takenWeights[at] < smallestWeight) continue;
        this.takenPixels[kept] = this.takenPixels[at];
        this.takenFalloffs[kept++] = this.takenFalloffs[at];
      }
      if (kept === first) continue;
      order[places] = order[place];
      ends[places++] = kept;
    }
    const splats = new Int32Array(places);
    const colours = new Float32Array(places * 3);
    for (let place = 0; place < places; place++) {
      const splat = this.visible[order[place]];
      splats[place] = splat;
      for (let k = 0; k < 3; k++) colours[3 * place + k] = this.projected[splat * record.width + record.rgb + k];
    }
    return {
      splats,
      ends: ends.slice(0, places),
      pixels: this.takenPixels.slice(0, kept),
      falloffs: this.takenFalloffs.slice(0, kept),
      colours,
      picture: { colour, transmittance },
    };
  }

  /** Coverage 0..1 of every pixel of a view. */
  coverage(camera: CameraParameters): Float32Array {
    return this.drawAll(camera, null).transmittance.map((transmittance) => 1 - transmittance);
  }

  /**
   * Adds to `sums` (splats, 2) each splat's weight in a view, and its weight times what `valueOf` makes of the pixels'
   * coverage.
   */
  accumulateWeighted(
    camera: CameraParameters,
    valueOf: (coverage: Float32Array) => Float32Array,
    sums: Float32Array,
  ): void {
    const { order, ends, transmittance } = this.drawAll(camera, null);
    const values = valueOf(transmittance.map((t) => 1 - t));
    for (let place = 0, at = 0; place < ends.length; place++) {
      let [weights, weighted] = [0, 0];
      for (; at < ends[place]; at++) {
        weights += this.takenWeights[at];
        weighted += this.takenWeights[at] * values[this.takenPixels[at]];
      }
      const splat = this.visible[order[place]];
      sums[2 * splat] += weights;
      sums[2 * splat + 1] += weighted;
    }
  }

  /**
   * Draws a view and keeps what every pixel took: of the splats in `order` (places in `visible`), up to `ends` each.
   */
  private drawAll(
    camera: CameraParameters,
    sums: Float32Array | null,
  ): { order: Int32Array; ends: Uint32Array; transmittance: Float32Array; colour: Float32Array; depth: Float32Array } {
    const { width, height } = camera;
    const count = this.project(camera, sums);
    const order = argsort({ low: this.keys.subarray(0, count), high: new Uint32Array(count) });
    const transmittance = new Float32Array(width * height).fill(1);
    const colour = new Float32Array(width * height * 3);
    const depth = new Float32Array(width * height);
    const finished = new Uint8Array(width * height);
    const ends = new Uint32Array(count);
    this.taken = 0;
    for (let place = 0; place < count; place++) {
      this.draw(this.visible[order[place]], camera, transmittance, finished, colour, depth);
      ends[place] = this.taken;
    }
    return { order, ends, transmittance, colour, depth };
  }

  /** Fills `projected`, `visible` and `keys`, and adds the alphas; returns how many splats the picture can show. */
  private project(camera: CameraParameters, sums: Float32Array | null): number {
    const { features, stride, projected } = this;
    const { worldToView: v, fx, fy, cx, cy, width, height } = camera;
    const [slopeMinX, slopeMaxX] = slopeLimits(width, cx, fx);
    const [slopeMinY, slopeMaxY] = slopeLimits(height, cy, fy);
    const [eyeX, eyeY, eyeZ] = cameraCentre(v);
    this.depthFloat[0] = NEAR_Z;
    const nearest = this.depthBits[0];
    const harmonics = stride >= 23;
    let count = 0;
    for (let i = 0; i < this.splats; i++) {
      const s = i * stride;
      const [x, y, z] = [features[s], features[s + 1], features[s + 2]];
      const tz = v[8] * x + v[9] * y + v[10] * z + v[11];
      const opacity = 1 / (1 + Math.exp(-features[s + 6]));
      if (tz <= NEAR_Z || opacity < SMALLEST_ALPHA) continue;
      const slopeX = (v[0] * x + v[1] * y + v[2] * z + v[3]) / tz;
      const slopeY = (v[4] * x + v[5] * y + v[6] * z + v[7]) / tz;
      const clampedX = Math.min(slopeMaxX, Math.max(slopeMinX, slopeX));
      const clampedY = Math.min(slopeMaxY, Math.max(slopeMinY, slopeY));

      const norm = Math.sqrt(
        features[s + 7] ** 2 + features[s + 8] ** 2 + features[s + 9] ** 2 + features[s + 10] ** 2,
      );
      const [qw, qx, qy, qz] = [
        features[s + 7] / norm,
        features[s + 8] / norm,
        features[s + 9] / norm,
        features[s + 10] / norm,
      ];
      let xx = LOW_PASS;
      let xy = 0;
      let yy = LOW_PASS;
      // Sum of squared areas and what they need of earlier axes: xx * yy - xy * xy cancels to below 0 for a huge
      // needle.
      let areas = 0;
      let [across0, down0, across1, down1] = [0, 0, 0, 0];
      for (let axis = 0; axis < 3; axis++) {
        const ax =
          axis === 0 ? 1 - 2 * (qy * qy + qz * qz) : axis === 1 ? 2 * (qx * qy - qw * qz) : 2 * (qx * qz + qw * qy);
        const ay =
          axis === 0 ? 2 * (qx * qy + qw * qz) : axis === 1 ? 1 - 2 * (qx * qx + qz * qz) : 2 * (qy * qz - qw * qx);
        const az =
          axis === 0 ? 2 * (qx * qz - qw * qy) : axis === 1 ? 2 * (qy * qz + qw * qx) : 1 - 2 * (qx * qx + qy * qy);
        const scale = Math.exp(features[s + 3 + axis]);
        const viewZ = v[8] * ax + v[9] * ay + v[10] * az;
        const across = (fx / tz) * (v[0] * ax + v[1] * ay + v[2] * az - clampedX * viewZ) * scale;
        const down = (fy / tz) * (v[4] * ax + v[5] * ay + v[6] * az - clampedY * viewZ) * scale;
        xx += across * across;
        xy += across * down;
        yy += down * down;
        areas += (across0 * down - down0 * across) ** 2 + (across1 * down - down1 * across) ** 2;
        if (axis === 0) [across0, down0] = [across, down];
        else [across1, down1] = [across, down];
      }
      const determinant = LOW_PASS * (xx + yy - LOW_PASS) + areas;
      const reach = 2 * Math.log(255 * opacity);
      const extentX = Math.sqrt(reach * xx);
      const extentY = Math.sqrt(reach * yy);
      const [px, py] = [fx * slopeX + cx, fy * slopeY + cy];
      if (!(px + extentX > 0 && px - extentX < width && py + extentY > 0 && py - extentY < height)) continue;

      const [dx, dy, dz] = [x - eyeX, y - eyeY, z - eyeZ];
      const far = harmonics ? shC1 / Math.sqrt(dx * dx + dy * dy + dz * dz) : 0;
      const to = i * record.width;
      for (let k = 0; k < 3; k++) {
        const turned = harmonics
          ? far * (-dy * features[s + 14 + k] + dz * features[s + 17 + k] - dx * features[s + 20 + k])
          : 0;
        projected[to + record.rgb + k] = 0.5 + SH_C0 * features[s + 11 + k] + turned;
      }
      projected[to + record.x] = px;
      projected[to + record.y] = py;
      projected[to + record.a] = yy / determinant;
      projected[to + record.b] = -xy / determinant;
      projected[to + record.c] = xx / determinant;
      projected[to + record.opacity] = opacity;
      projected[to + record.reach] = reach;
      projected[to + record.extentX] = extentX;
      projected[to + record.extentY] = extentY;
      projected[to + record.depth] = tz;
      if (sums !== null) sums[i * sumsWidth + 6] += opacity * 2 * Math.PI * Math.sqrt(determinant);
      this.depthFloat[0] = tz;
      // Floats above 0 sort as the integers of their bits.
      this.keys[count] = this.depthBits[0] - nearest;
      this.visible[count++] = i;
    }
    return count;
  }

  /** Draws one splat over what lies behind it, row by row between the ends of the ellipse in which its alpha counts. */
  private draw(
    splat: number,
    { width, height }: CameraParameters,
    transmittance: Float32Array,
    finished: Uint8Array,
    colour: Float32Array,
    depth: Float32Array,
  ): void {
    const { projected } = this;
    const at = splat * record.width;
    const [x, y, a, b, c] = [projected[at], projected[at + 1], projected[at + 2], projected[at + 3], projected[at + 4]];
    const opacity = projected[at + record.opacity];
    const [red, green, blue] = [
      Math.max(0, projected[at + record.rgb]),
      Math.max(0, projected[at + record.rgb + 1]),
      Math.max(0, projected[at + record.rgb + 2]),
    ];
    const [reach, extentY, own] = [
      projected[at + record.reach],
      projected[at + record.extentY],
      projected[at + record.depth],
    ];
    const slope = b / a;
    const narrow = c - b * slope;
    const first = Math.max(0, Math.ceil(y - extentY - 0.5));
    const last = Math.min(height - 1, Math.floor(y + extentY - 0.5));
    for (let row = first; row <= last; row++) {
      const dy = y - row - 0.5;
      const room = (reach - narrow * dy * dy) / a;
      if (room < 0) continue;
      const centre = x + slope * dy - 0.5;
      const half = Math.sqrt(room);
      const end = Math.min(width - 1, Math.floor(centre + half));
      for (let column = Math.max(0, Math.ceil(centre - half)); column <= end; column++) {
        const pixel = row * width + column;
        if (finished[pixel] === 1) continue;
        const dx = x - column - 0.5;
        const falloff = exponential(-0.5 * (a * dx * dx + c * dy * dy) - b * dx * dy);
        const alpha = Math.min(largestAlpha, opacity * falloff);
        if (alpha < smallestAlpha) continue;
        const before = transmittance[pixel];
        const after = before * (1 - alpha);
        if (after < transmittanceStop) {
          finished[pixel] = 1;
          continue;
        }
        const weight = before * alpha;
        transmittance[pixel] = after;
        colour[3 * pixel] += weight * red;
        colour[3 * pixel + 1] += weight * green;
        colour[3 * pixel + 2] += weight * blue;
        depth[pixel] += weight * own;
        if (this.taken === this.takenPixels.length) this.grow();
        this.takenPixels[this.taken] = pixel;
        this.takenFalloffs[this.taken] = falloff;
        this.takenWeights[this.taken++] = weight;
      }
    }
  }

  private grow(): void {
    this.takenPixels = doubled(this.takenPixels, Uint32Array);
    this.takenWeights = doubled(this.takenWeights, Float32Array);
    this.takenFalloffs = doubled(this.takenFalloffs, Float32Array);
  }
}

/**
 * exp(x) where an alpha counts, x from -2 ln(255) / 2 to 0, to a relative 5e-8: the eighth power of a polynomial around
 * the middle of an eighth of that range.
 * Math.exp took a third of the time of all views.
 */
function exponential(x: number): number {
  const t = x / 8 + 0.35;
  const root =
    middle * (1 + t * (1 + t * (1 / 2 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720 + t / 5040)))))));
  const square = root * root;
  const fourth = square * square;
  return fourth * fourth;
}

function doubled<T extends Uint32Array | Float32Array>(values: T, Kind: new (length: number) => T): T {
  const wider = new Kind(values.length * 2);
  wider.set(values);
  return wider;
}
