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
  /** The arguments that every kernel begins with: how many splats, and where their lists begin. */
  readonly lists: readonly [shown: number, splats: number, ends: number, colours: number, fragments: number];
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
  // First bytes: of the parameters that colours were found with, of those that are asked for, and of their derivatives.
  private readonly initial: number;
  private readonly values: number;
  private readonly derivatives: number;
  // And of (pixels) and (pixels, channels).
  private readonly transmittance: number;
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
    this.initial = memory.keep(initial);
    [this.values, this.derivatives] = [memory.take(initial.byteLength), memory.take(initial.byteLength)];
    this.transmittance = memory.take(pixels * bytesEach);
    const image = () => memory.take(pixels * channels * bytesEach);
    [this.rendered, this.scratch, this.sums] = [image(), image(), image()];
  }

  /** Takes in the fragments of a view, for as long as the renderer lives. */
  hold({ splats, ends, colours, fragments }: FragmentLists): HeldFragments {
    const { memory } = this;
    const lists = [splats, ends, colours, fragments].map((list) => memory.keep(list));
    return { lists: [splats.length, lists[0], lists[1], lists[2], lists[3]] };
  }

  /** Takes in what a view should show, (pixels, channels). */
  aim(held: HeldFragments, target: Float32Array, weight: number): RenderTarget {
    return { lists: held.lists, target: this.memory.keep(target), weight };
  }

  /** Renders the fragments as they were found: (pixels, channels). */
  renderInitial(held: HeldFragments): Float32Array {
    this.render(held, this.initial);
    return this.memory.floats(this.rendered, this.pixels * channels).slice();
  }

  /** Adds the gradient of half the weighted squared error to `gradient` (splats, parameter.count). */
  addGradient(held: RenderTarget, values: Float32Array, gradient: Float32Array): void {
    this.differentiate(held, values, gradient, () => {
      const { kernels } = this.memory;
      const { target, weight } = held;
      kernels.addGradient(
        ...this.drawing(held, this.values),
        ...[target, weight, this.scratch, this.sums, this.derivatives],
      );
    });
  }

  /**
   * Adds an upper bound of the Gauss-Newton Hessian's diagonal to `curvature` (splats, parameter.count): for each
   * parameter the sum over pixels of |derivative| times the sum of all |derivatives| of that pixel (rows and columns as
   * in SIRT, Gregor and Benson 2008).
   */
  addCurvature(held: RenderTarget, values: Float32Array, curvature: Float32Array): void {
    this.differentiate(held, values, curvature, () => {
      const { kernels } = this.memory;
      this.memory.floats(this.sums, this.pixels * channels).fill(0);
      const drawing = this.drawing(held, this.values);
      kernels.visitDerivatives(...drawing, this.scratch, this.sums, 0);
      kernels.scale(this.sums, this.pixels, held.weight);
      kernels.visitDerivatives(...drawing, this.scratch, this.sums, this.derivatives);
    });
  }

  private differentiate(held: RenderTarget, values: Float32Array, sums: Float32Array, visit: () => void): void {
    const { memory } = this;
    memory.floats(this.values, values.length).set(values);
    memory.floats(this.derivatives, sums.length).set(sums);
    this.render(held, this.values);
    visit();
    sums.set(memory.floats(this.derivatives, sums.length));
  }

  private render(held: HeldFragments, values: number): void {
    this.memory.kernels.render(...this.drawing(held, values));
  }

  /** What all kernels that draw a list begin with. */
  private drawing({ lists }: HeldFragments, values: number): number[] {
    return [...lists, values, this.initial, grey, this.pixels, this.transmittance, this.rendered];
  }
}
