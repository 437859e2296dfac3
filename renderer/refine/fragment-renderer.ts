import { LARGEST_ALPHA } from '../core/reference-render.ts';
import { SH_C0 } from '../core/splat-scene.ts';
import type { FragmentLists } from './fragment-rasteriser.ts';

/** Parameters of a splat: base colour (features_dc, 3) and opacity logit. */
export const parameter = { dc: 0, opacity: 3, count: 4 } as const;
/** Channels of a rendering: RGB over grey, and grey times coverage. Their error is that over a random background. */
export const channels = 4;
export const grey = 0.5;

/** Least 1 - opacity that curvature takes: an opaque splat hardly moves until it is opaque no more. */
const minOneMinusOpacity = 0.1;

// Constants of this module, as inner loops reach them faster than imported ones.
const largestAlpha: number = LARGEST_ALPHA;
const shC0: number = SH_C0;

/** What a rendering of fragments is compared with. */
export interface RenderTarget {
  readonly fragments: FragmentLists;
  /** (pixels, channels) */
  readonly target: Float32Array;
  /** Factor on the squared error. */
  readonly weight: number;
}

/**
 * Renders fragment lists again and again with other opacities and colours, and differentiates the squared error.
 *
 * With T_i the transmittance before fragment i of a pixel, C = sum_i T_i alpha_i c_i, and dC/dalpha_i = T_i c_i - S_i /
 * (1 - alpha_i), where the suffix sum S_i = sum_{j>i} T_j alpha_j c_j (Kerbl et al. 2023).
 */
export class FragmentRenderer {
  private readonly transmittance: Float64Array;
  private readonly rendered: Float64Array;
  private readonly error: Float64Array;
  /** (pixels) error times the suffix sum. */
  private readonly errorTimesSuffix: Float64Array;
  /** (pixels, channels) sums of absolute derivatives by all parameters. */
  private readonly derivativeSums: Float64Array;
  /** (pixels, channels) colour of the fragments up to the current one. */
  private readonly prefix: Float64Array;
  /** Colour of the current splat, in channels. */
  private readonly colour = new Float64Array(channels);

  /**
   * @param initial (splats, parameter.count) parameters with which the fragments' colours were found
   * @param pixels of a view
   */
  constructor(
    private readonly initial: Float32Array,
    private readonly pixels: number,
  ) {
    this.transmittance = new Float64Array(pixels);
    this.errorTimesSuffix = new Float64Array(pixels);
    const image = () => new Float64Array(pixels * channels);
    [this.rendered, this.error, this.derivativeSums, this.prefix] = [image(), image(), image(), image()];
  }

  /** Renders the fragments as they were found: (pixels, channels), valid until the next rendering. */
  renderInitial(fragments: FragmentLists): Float64Array {
    this.render(fragments, this.initial);
    return this.rendered;
  }

  /** Adds the gradient of half the weighted squared error to `gradient` (splats, parameter.count). */
  addGradient(
    { fragments, target, weight: errorWeight }: RenderTarget,
    values: Float32Array,
    gradient: Float32Array,
  ): void {
    this.render(fragments, values);
    this.writeError(target, errorWeight);
    const { transmittance, error, errorTimesSuffix, colour } = this;
    const { splats, ends, pixels, falloffs } = fragments;
    transmittance.fill(1);
    for (let rank = 0, fragment = 0; rank < splats.length; rank++) {
      const to = splats[rank] * parameter.count;
      const opacity = this.readSplat(fragments, rank, values);
      const [red, green, blue] = [colour[0], colour[1], colour[2]];
      let [byRed, byGreen, byBlue, byOpacity] = [0, 0, 0, 0];
      for (const end = ends[rank]; fragment < end; fragment++) {
        const pixel = pixels[fragment];
        const i = pixel * channels;
        const unclamped = falloffs[fragment] * opacity;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        const before = transmittance[pixel];
        const weight = alpha * before;
        const errorTimesColour = error[i] * red + error[i + 1] * green + error[i + 2] * blue + error[i + 3] * grey;
        errorTimesSuffix[pixel] -= weight * errorTimesColour;
        if (unclamped <= largestAlpha)
          byOpacity += (before * errorTimesColour - errorTimesSuffix[pixel] / (1 - alpha)) * alpha;
        byRed += weight * error[i];
        byGreen += weight * error[i + 1];
        byBlue += weight * error[i + 2];
        transmittance[pixel] = before * (1 - alpha);
      }
      // A colour that is clamped at 0 gets its derivative all the same: it can't come back otherwise.
      gradient[to] += shC0 * byRed;
      gradient[to + 1] += shC0 * byGreen;
      gradient[to + 2] += shC0 * byBlue;
      gradient[to + parameter.opacity] += byOpacity * (1 - opacity);
    }
  }

  /**
   * Adds an upper bound of the Gauss-Newton Hessian's diagonal to `curvature` (splats, parameter.count): for each
   * parameter the sum over pixels of |derivative| times the sum of all |derivatives| of that pixel (rows and columns as
   * in SIRT, Gregor and Benson 2008).
   */
  addCurvature({ fragments, weight }: RenderTarget, values: Float32Array, curvature: Float32Array): void {
    this.render(fragments, values);
    this.derivativeSums.fill(0);
    this.visitDerivatives(fragments, values, null);
    for (let i = 0; i < this.derivativeSums.length; i++) this.derivativeSums[i] *= weight;
    this.visitDerivatives(fragments, values, curvature);
  }

  /**
   * Visits the absolute derivative of every pixel's channels by every parameter, after `render`: sums them by pixel
   * into `derivativeSums`, or, given `curvature`, multiplies each by that sum and adds it there.
   */
  private visitDerivatives(fragments: FragmentLists, values: Float32Array, curvature: Float32Array | null): void {
    const { transmittance, rendered, prefix, colour, derivativeSums } = this;
    const { splats, ends, pixels, falloffs } = fragments;
    transmittance.fill(1);
    prefix.fill(0);
    for (let rank = 0, fragment = 0; rank < splats.length; rank++) {
      const to = splats[rank] * parameter.count;
      const opacity = this.readSplat(fragments, rank, values);
      for (const end = ends[rank]; fragment < end; fragment++) {
        const pixel = pixels[fragment];
        const unclamped = falloffs[fragment] * opacity;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        const before = transmittance[pixel];
        const weight = alpha * before;
        const alphaByLogit = unclamped > largestAlpha ? 0 : alpha * Math.max(minOneMinusOpacity, 1 - opacity);
        for (let c = 0, i = pixel * channels; c < channels; c++, i++) {
          prefix[i] += weight * colour[c];
          const byOpacity = Math.abs(before * colour[c] - (rendered[i] - prefix[i]) / (1 - alpha)) * alphaByLogit;
          const byColour = c < parameter.opacity ? shC0 * weight : 0;
          if (curvature === null) derivativeSums[i] += byOpacity + byColour;
          else {
            curvature[to + c] += byColour * derivativeSums[i];
            curvature[to + parameter.opacity] += byOpacity * derivativeSums[i];
          }
        }
        transmittance[pixel] = before * (1 - alpha);
      }
    }
  }

  /** Writes `rendered`. */
  private render(fragments: FragmentLists, values: Float32Array): void {
    const { transmittance, rendered, colour } = this;
    const { splats, ends, pixels, falloffs } = fragments;
    transmittance.fill(1);
    rendered.fill(0);
    for (let rank = 0, fragment = 0; rank < splats.length; rank++) {
      const opacity = this.readSplat(fragments, rank, values);
      const [red, green, blue] = [colour[0], colour[1], colour[2]];
      for (const end = ends[rank]; fragment < end; fragment++) {
        const pixel = pixels[fragment];
        const unclamped = falloffs[fragment] * opacity;
        const alpha = unclamped > largestAlpha ? largestAlpha : unclamped;
        const weight = alpha * transmittance[pixel];
        const i = pixel * channels;
        rendered[i] += weight * red;
        rendered[i + 1] += weight * green;
        rendered[i + 2] += weight * blue;
        transmittance[pixel] *= 1 - alpha;
      }
    }
    for (let pixel = 0, i = 0; pixel < this.pixels; pixel++, i += channels) {
      const background = grey * transmittance[pixel];
      for (let c = 0; c < 3; c++) rendered[i + c] += background;
      rendered[i + 3] = grey - background;
    }
  }

  /** Writes `error` = weight (rendered - target), and its product with all of the rendering to `errorTimesSuffix`. */
  private writeError(target: Float32Array, weight: number): void {
    const { rendered, error, errorTimesSuffix } = this;
    for (let pixel = 0, i = 0; pixel < this.pixels; pixel++) {
      let sum = 0;
      for (let c = 0; c < channels; c++, i++) {
        error[i] = weight * (rendered[i] - target[i]);
        sum += error[i] * rendered[i];
      }
      errorTimesSuffix[pixel] = sum;
    }
  }

  /** Writes the colour of a view's splat under the given parameters to `colour`, and returns its opacity. */
  private readSplat({ splats, colours }: FragmentLists, rank: number, values: Float32Array): number {
    const from = splats[rank] * parameter.count;
    for (let k = 0; k < 3; k++)
      this.colour[k] = Math.max(0, colours[3 * rank + k] + shC0 * (values[from + k] - this.initial[from + k]));
    this.colour[3] = grey;
    return 1 / (1 + Math.exp(-values[from + parameter.opacity]));
  }
}
