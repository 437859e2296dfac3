import type { FragmentLists } from './fragment-rasteriser.ts';
import { KernelMemory } from './kernels/kernel-memory.ts';

/** Parameters of a splat: base colour (features_dc, 3) and opacity logit. */
export const parameter = { dc: 0, opacity: 3, count: 4 } as const;
/** Channels of a rendering: RGB over grey, and grey times coverage. Their error is that over a random background. */
export const channels = 4;
export const grey = 0.5;

const bytesEach = Float32Array.BYTES_PER_ELEMENT;

/** Fragments that a renderer holds. */
export interface HeldFragments {
  /** First byte of a `FragmentList` (kernels/fragment.kernel.ts). */
  readonly list: number;
}

/** What a rendering of fragments is compared with. */
export interface RenderTarget extends HeldFragments {
  /** First byte of (pixels, channels). */
  readonly target: number;
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
  private readonly memory = new KernelMemory();
  // First bytes: of the parameters that are asked for, and of their derivatives.
  private readonly values: number;
  private readonly derivatives: number;
  // Of a `Canvas` each: with the parameters that colours were found with, and with those that are asked for.
  private readonly first: number;
  private readonly now: number;
  // Of (pixels, channels).
  private readonly rendered: number;
  private readonly scratch: number;
  private readonly sums: number;

  /**
   * @param initial (splats, parameter.count) parameters with which the fragments' colours were found
   * @param pixels of a view
   */
  constructor(
    initial: Float32Array,
    private readonly pixels: number,
  ) {
    const { memory } = this;
    const initially = memory.keep(initial);
    [this.values, this.derivatives] = [memory.take(initial.byteLength), memory.take(initial.byteLength)];
    const transmittance = memory.take(pixels * bytesEach);
    const image = () => memory.take(pixels * channels * bytesEach);
    [this.rendered, this.scratch, this.sums] = [image(), image(), image()];
    const canvas = (values: number): number =>
      memory.keep(Uint32Array.of(values, initially, bitsOf(grey), pixels, transmittance, this.rendered));
    [this.first, this.now] = [canvas(initially), canvas(this.values)];
  }

  /** Takes in the fragments of a view, for as long as the renderer lives. */
  hold({ splats, ends, colours, fragments }: FragmentLists): HeldFragments {
    const { memory } = this;
    const lists = [splats, ends, colours, fragments].map((list) => memory.keep(list));
    return { list: memory.keep(Uint32Array.of(splats.length, ...lists)) };
  }

  /** Takes in what a view should show, (pixels, channels). */
  aim({ list }: HeldFragments, target: Float32Array, weight: number): RenderTarget {
    return { list, target: this.memory.keep(target), weight };
  }

  /** Renders the fragments as they were found: (pixels, channels). */
  renderInitial({ list }: HeldFragments): Float32Array {
    this.memory.kernels.render(list, this.first);
    return this.memory.floats(this.rendered, this.pixels * channels).slice();
  }

  /** Adds the gradient of half the weighted squared error to `gradient` (splats, parameter.count). */
  addGradient({ list, target, weight }: RenderTarget, values: Float32Array, gradient: Float32Array): void {
    this.differentiate(list, values, gradient, ({ addGradient }) =>
      addGradient(list, this.now, target, weight, this.scratch, this.sums, this.derivatives),
    );
  }

  /**
   * Adds an upper bound of the Gauss-Newton Hessian's diagonal to `curvature` (splats, parameter.count): for each
   * parameter the sum over pixels of |derivative| times the sum of all |derivatives| of that pixel (rows and columns as
   * in SIRT, Gregor and Benson 2008).
   */
  addCurvature({ list, weight }: RenderTarget, values: Float32Array, curvature: Float32Array): void {
    this.differentiate(list, values, curvature, ({ visitDerivatives, scale }) => {
      this.memory.floats(this.sums, this.pixels * channels).fill(0);
      visitDerivatives(list, this.now, this.scratch, this.sums, 0);
      scale(this.sums, this.pixels, weight);
      visitDerivatives(list, this.now, this.scratch, this.sums, this.derivatives);
    });
  }

  /** Renders a list with the given parameters, and adds to `sums` what a visit of the rendering does. */
  private differentiate(
    list: number,
    values: Float32Array,
    sums: Float32Array,
    visit: (kernels: KernelMemory['kernels']) => void,
  ): void {
    const { memory } = this;
    memory.floats(this.values, values.length).set(values);
    memory.floats(this.derivatives, sums.length).set(sums);
    memory.kernels.render(list, this.now);
    visit(memory.kernels);
    sums.set(memory.floats(this.derivatives, sums.length));
  }
}

function bitsOf(float: number): number {
  return new Uint32Array(Float32Array.of(float).buffer)[0];
}
