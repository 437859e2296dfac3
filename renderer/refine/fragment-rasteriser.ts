import type { CameraParameters } from '../core/camera-parameters.ts';
import { INRIA_TRANSMITTANCE_STOP, LARGEST_ALPHA, SMALLEST_ALPHA } from '../core/reference-render.ts';
import { argsort } from './plan/sort.ts';
import { projected, SplatProjection } from './splat-projection.ts';

/**
 * Columns of the sums that `accumulateVisibility` makes of a splat, each over the pixels of its fragments. `weight` is
 * alpha times transmittance; `colour` (3), `coverage` and `depthBehind` are weight times the pixel's colour, its
 * coverage, and the splat's depth less the pixel's mean depth; `unoccluded` is alpha with nothing in front.
 */
export const visibilitySum = { weight: 0, colour: 1, coverage: 4, depthBehind: 5, unoccluded: 6, width: 7 } as const;

// Constants of this module, as inner loops reach them faster than imported ones.
const largestAlpha: number = LARGEST_ALPHA;
const smallestAlpha: number = SMALLEST_ALPHA;
const transmittanceStop: number = INRIA_TRANSMITTANCE_STOP;

/** A view over black. */
export interface RenderedView {
  /** (pixels, 3) */
  readonly colour: Float32Array;
  /** (pixels) */
  readonly transmittance: Float32Array;
}

/** The fragments of a view: its splats front to back, and which pixels each of them reaches. */
export interface FragmentLists {
  /** (shown) index of each splat. */
  readonly splats: Int32Array;
  /** (shown) one past the last fragment of each of them. */
  readonly ends: Uint32Array;
  /** (fragments) */
  readonly pixels: Uint32Array;
  /** (fragments) the Gaussian's value: times the splat's opacity, this is alpha before it is clamped. */
  readonly falloffs: Float32Array;
  /** (shown, 3) colour from the view's direction, below 0 too. */
  readonly colours: Float32Array;
}

/** What some splats weigh in the pixels of a view. */
export interface WeightLists extends RenderedView {
  /** (shown) which of the splats that were asked for, front to back. */
  readonly members: Int32Array;
  /** (shown) one past the last fragment of each of them. */
  readonly ends: Uint32Array;
  /** (fragments) */
  readonly pixels: Uint32Array;
  /** (fragments) alpha times transmittance. */
  readonly weights: Float32Array;
}

/** A view as it is rasterised; `order` holds places in `SplatProjection.visible`, front to back. */
interface Raster extends RenderedView {
  readonly width: number;
  readonly height: number;
  readonly order: Int32Array;
  /** One past the last fragment of each splat in `order`. */
  readonly ends: Uint32Array;
  /** (pixels) sum of weight times depth. */
  readonly depth: Float32Array;
  /** (pixels + 1) itself, or, where transmittance has reached its end, one that is nearer to the next that has not. */
  readonly next: Uint32Array;
}

/**
 * Rasterises views of one scene on the CPU, over black, and lists the fragments: which splat contributes what to which
 * pixel. Equations are those of the CPU twin (renderer/core/reference-render.ts). Memory is held from view to view.
 */
export class FragmentRasteriser {
  private readonly projection: SplatProjection;
  // Fragments of the last view, splat by splat in depth order.
  private pixels = new Uint32Array(1 << 18);
  private weights = new Float32Array(1 << 18);
  private falloffs = new Float32Array(1 << 18);
  private count = 0;

  /** @param features (splats, stride) columns as in `attributes.ts`, z up, in the unit cube */
  constructor(features: Float32Array, stride: number) {
    this.projection = new SplatProjection(features, stride);
  }

  /** Takes in that the features of some splats have changed. */
  refresh(splats: Int32Array): void {
    this.projection.refresh(splats);
  }

  /** Renders a view. */
  render(camera: CameraParameters): RenderedView {
    const { colour, transmittance } = this.rasterise(camera);
    return { colour, transmittance };
  }

  /** Renders the coverage of a view, 1 - transmittance, (pixels). */
  coverage(camera: CameraParameters): Float32Array {
    return this.rasterise(camera).transmittance.map((transmittance) => 1 - transmittance);
  }

  /** Adds what a view sees of every splat to `sums` (splats, visibilitySum.width). */
  accumulateVisibility(camera: CameraParameters, sums: Float32Array): void {
    const raster = this.rasterise(camera);
    const { order, ends, transmittance, colour, depth } = raster;
    this.accumulateUnoccluded(order.length, sums);
    for (let pixel = 0; pixel < depth.length; pixel++) depth[pixel] /= Math.max(1 - transmittance[pixel], 1e-6);
    const { records, visible } = this.projection;
    for (let rank = 0, fragment = 0; rank < ends.length; rank++) {
      const place = order[rank];
      const splat = visible[place];
      const splatDepth = records[place * projected.width + projected.depth];
      let [weights, red, green, blue, coverage, depthBehind] = [0, 0, 0, 0, 0, 0];
      for (; fragment < ends[rank]; fragment++) {
        const pixel = this.pixels[fragment];
        const weight = this.weights[fragment];
        weights += weight;
        red += weight * colour[3 * pixel];
        green += weight * colour[3 * pixel + 1];
        blue += weight * colour[3 * pixel + 2];
        coverage += weight * (1 - transmittance[pixel]);
        depthBehind += weight * (splatDepth - depth[pixel]);
      }
      const to = splat * visibilitySum.width;
      sums[to + visibilitySum.weight] += weights;
      sums[to + visibilitySum.colour] += red;
      sums[to + visibilitySum.colour + 1] += green;
      sums[to + visibilitySum.colour + 2] += blue;
      sums[to + visibilitySum.coverage] += coverage;
      sums[to + visibilitySum.depthBehind] += depthBehind;
    }
  }

  /**
   * Adds to `sums` (splats, 2) each splat's weight in a view, and its weight times what `valueOf` makes of each
   * pixel of the view.
   */
  accumulateWeighted(
    camera: CameraParameters,
    valueOf: (view: RenderedView) => Float32Array,
    sums: Float32Array,
  ): void {
    const { order, ends, colour, transmittance } = this.rasterise(camera);
    const values = valueOf({ colour, transmittance });
    for (let rank = 0, fragment = 0; rank < ends.length; rank++) {
      let [weights, weighted] = [0, 0];
      for (; fragment < ends[rank]; fragment++) {
        weights += this.weights[fragment];
        weighted += this.weights[fragment] * values[this.pixels[fragment]];
      }
      const splat = this.projection.visible[order[rank]];
      sums[2 * splat] += weights;
      sums[2 * splat + 1] += weighted;
    }
  }

  /**
   * Lists what some splats weigh in a view, but for fragments below `smallestWeight`.
   * @param memberOf (splats) which of those that are asked for a splat is, -1 for none
   */
  listWeights(camera: CameraParameters, memberOf: Int32Array, smallestWeight: number): WeightLists {
    const { order, ends, colour, transmittance } = this.rasterise(camera);
    const { visible } = this.projection;
    let [shown, kept] = [0, 0];
    for (let rank = 0, fragment = 0; rank < ends.length; rank++) {
      const [member, first, end] = [memberOf[visible[order[rank]]], kept, ends[rank]];
      for (; member >= 0 && fragment < end; fragment++) {
        if (this.weights[fragment] < smallestWeight) continue;
        this.pixels[kept] = this.pixels[fragment];
        this.weights[kept++] = this.weights[fragment];
      }
      fragment = end;
      if (kept === first) continue;
      order[shown] = member;
      ends[shown++] = kept;
    }
    return {
      colour,
      transmittance,
      members: order.slice(0, shown),
      ends: ends.slice(0, shown),
      pixels: this.pixels.slice(0, kept),
      weights: this.weights.slice(0, kept),
    };
  }

  /** Lists the fragments of a view that weigh at least `smallestWeight` in their pixel; `image` has all of them. */
  listFragments(camera: CameraParameters, smallestWeight: number): FragmentLists & { readonly image: RenderedView } {
    const { order, ends, colour, transmittance } = this.rasterise(camera);
    const { records, visible } = this.projection;
    let [shown, kept] = [0, 0];
    for (let rank = 0, fragment = 0; rank < ends.length; rank++) {
      const first = kept;
      for (const end = ends[rank]; fragment < end; fragment++) {
        if (this.weights[fragment] < smallestWeight) continue;
        this.pixels[kept] = this.pixels[fragment];
        this.falloffs[kept++] = this.falloffs[fragment];
      }
      if (kept === first) continue;
      order[shown] = order[rank];
      ends[shown++] = kept;
    }
    const splats = Int32Array.from(order.subarray(0, shown), (place) => visible[place]);
    const colours = new Float32Array(shown * 3);
    for (let rank = 0; rank < shown; rank++) {
      const rgb = order[rank] * projected.width + projected.rgb;
      for (let k = 0; k < 3; k++) colours[3 * rank + k] = records[rgb + k];
    }
    return {
      splats,
      ends: ends.slice(0, shown),
      pixels: this.pixels.slice(0, kept),
      falloffs: this.falloffs.slice(0, kept),
      colours,
      image: { colour, transmittance },
    };
  }

  /** Adds the integral of each visible splat's alpha over the picture plane, opacity * 2 pi sqrt(det). */
  private accumulateUnoccluded(count: number, sums: Float32Array): void {
    const { records, visible } = this.projection;
    for (let i = 0; i < count; i++) {
      const at = i * projected.width;
      const integral = records[at + projected.opacity] * 2 * Math.PI * Math.sqrt(records[at + projected.determinant]);
      sums[visible[i] * visibilitySum.width + visibilitySum.unoccluded] += integral;
    }
  }

  /** Draws a view front to back and lists its fragments. */
  private rasterise(camera: CameraParameters): Raster {
    const { width, height } = camera;
    const { projection } = this;
    const shown = projection.project(camera);
    const raster: Raster = {
      width,
      height,
      order: argsort({ low: projection.keys.subarray(0, shown), high: new Uint32Array(shown) }),
      ends: new Uint32Array(shown),
      colour: new Float32Array(width * height * 3),
      transmittance: new Float32Array(width * height).fill(1),
      depth: new Float32Array(width * height),
      next: indices(width * height + 1),
    };
    this.count = 0;
    for (let rank = 0; rank < shown; rank++) {
      this.drawSplat(raster.order[rank] * projected.width, raster);
      raster.ends[rank] = this.count;
    }
    return raster;
  }

  /**
   * Draws the splat of a record behind those before it, `colour += T alpha rgb; T *= 1 - alpha`, row by row between the
   * ends of the ellipse in which its alpha counts, and lists its fragments.
   */
  private drawSplat(at: number, raster: Raster): void {
    const { records } = this.projection;
    const { width, height, transmittance, next, colour, depth } = raster;
    const [x, y] = [records[at + projected.x], records[at + projected.y]];
    const [a, slope, conditional] = [
      records[at + projected.a],
      records[at + projected.slope],
      records[at + projected.conditional],
    ];
    const [opacity, splatDepth] = [records[at + projected.opacity], records[at + projected.depth]];
    const [cutoff, halfHeight] = [records[at + projected.cutoff], records[at + projected.halfHeight]];
    const red = Math.max(0, records[at + projected.rgb]);
    const green = Math.max(0, records[at + projected.rgb + 1]);
    const blue = Math.max(0, records[at + projected.rgb + 2]);
    let { pixels, weights, falloffs, count } = this;
    const lastRow = Math.min(height - 1, Math.floor(y + halfHeight - 0.5));
    for (let row = Math.max(0, Math.ceil(y - halfHeight - 0.5)); row <= lastRow; row++) {
      const dy = y - row - 0.5;
      const fromRow = conditional * dy * dy;
      const squaredHalfWidth = (cutoff - fromRow) / a;
      if (squaredHalfWidth < 0) continue;
      const centre = x + slope * dy - 0.5;
      const halfWidth = Math.sqrt(squaredHalfWidth);
      const end = row * width + Math.min(width - 1, Math.floor(centre + halfWidth));
      if (count + width > pixels.length) {
        this.grow();
        ({ pixels, weights, falloffs } = this);
      }
      for (let pixel = row * width + Math.max(0, Math.ceil(centre - halfWidth)); pixel <= end; pixel++) {
        if (next[pixel] !== pixel) {
          pixel = skipFinished(next, pixel) - 1;
          continue;
        }
        const dx = centre + row * width - pixel;
        const falloff = exponentialOfMinus(0.5 * (a * dx * dx + fromRow));
        const unclamped = opacity * falloff;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        if (alpha < smallestAlpha) continue;
        const before = transmittance[pixel];
        const after = before * (1 - alpha);
        if (after < transmittanceStop) {
          next[pixel] = pixel + 1;
          continue;
        }
        const weight = before * alpha;
        transmittance[pixel] = after;
        const channel = 3 * pixel;
        colour[channel] += weight * red;
        colour[channel + 1] += weight * green;
        colour[channel + 2] += weight * blue;
        depth[pixel] += weight * splatDepth;
        pixels[count] = pixel;
        falloffs[count] = falloff;
        weights[count++] = weight;
      }
    }
    this.count = count;
  }

  private grow(): void {
    this.pixels = doubled(this.pixels, Uint32Array);
    this.weights = doubled(this.weights, Float32Array);
    this.falloffs = doubled(this.falloffs, Float32Array);
  }
}

/** Finds the first pixel from a finished one on that is not, and shortens the way there (path halving). */
function skipFinished(next: Uint32Array, from: number): number {
  let pixel = from;
  while (next[pixel] !== pixel) {
    next[pixel] = next[next[pixel]];
    pixel = next[pixel];
  }
  return pixel;
}

/** Steps a unit of the table of exponentials, and the table: exp(-i / steps) for all that counts in an alpha. */
const exponentialSteps = 256;
const exponentials = Float64Array.from({ length: 8 * exponentialSteps }, (_, i) => Math.exp(-i / exponentialSteps));

/**
 * Computes exp(-x) where an alpha counts, x from 0 to ln(255), to a relative 1e-8: from the table, and by a Taylor
 * polynomial of the rest. Math.exp took a third of the time of all views.
 */
function exponentialOfMinus(x: number): number {
  const i = (x * exponentialSteps) | 0;
  const rest = i / exponentialSteps - x;
  return exponentials[i] * (1 + rest * (1 + 0.5 * rest));
}

/** 0, 1, 2 and so on: from an iterator they took a millisecond a view. */
function indices(length: number): Uint32Array {
  const values = new Uint32Array(length);
  for (let i = 0; i < length; i++) values[i] = i;
  return values;
}

function doubled<T extends Uint32Array | Float32Array>(values: T, Kind: new (length: number) => T): T {
  const wider = new Kind(values.length * 2);
  wider.set(values);
  return wider;
}
