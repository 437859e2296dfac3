import { SplatError } from '../core/errors.ts';
import type { TensorTable } from './checkpoint.ts';

/** A linear layer ready for `MatMul`: weight (in, out) row-major, bias (out). */
export interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
}

/** Splits a layer into layers of equally many outputs each, in order. */
export function outputsApart({ weight, bias, inputs, outputs }: Linear, parts: number): Linear[] {
  const own = outputs / parts;
  return Array.from({ length: parts }, (_, part) => {
    const columns = new Float32Array(inputs * own);
    for (let i = 0; i < inputs; i++) {
      const from = i * outputs + part * own;
      columns.set(weight.subarray(from, from + own), i * own);
    }
    return { weight: columns, bias: bias.slice(part * own, (part + 1) * own), inputs, outputs: own };
  });
}

/** y = scale * x + shift per channel: an inference-time batch norm. */
export interface Affine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** Batch norm's epsilon in the published configuration (layer norm keeps PyTorch's 1e-5). */
const batchNormEpsilon = 1e-3;

/**
 * Takes tensors out of a checkpoint by name, checking each shape and remembering what was used, so that missing,
 * misshapen and left-over tensors can all be named in one error. While something is missing, zeros stand in and
 * `finish` throws; at once where they would take more than the checkpoint's own numbers.
 */
export class LayerReader {
  private readonly used = new Set<string>();
  private readonly problems: string[] = [];
  /** Numbers that may still stand in: widths that a few tensors claim must not cost more than the file's own. */
  private left: number;

  constructor(private readonly tensors: TensorTable) {
    this.left = 0;
    for (const { shape } of tensors.values()) this.left += shape.reduce((product, n) => product * n, 1);
  }

  has(name: string): boolean {
    return this.tensors.has(name);
  }

  tensor(name: string, ...shape: number[]): Float32Array {
    this.used.add(name);
    const tensor = this.tensors.get(name);
    const elements = shape.reduce((product, n) => product * n, 1);
    if (tensor === undefined) return this.standIn(`${name} (${shape.join('x')}) is missing`, elements);
    if (tensor.shape.length !== shape.length || tensor.shape.some((n, axis) => n !== shape[axis]))
      return this.standIn(`${name} is ${tensor.shape.join('x')} where ${shape.join('x')} is needed`, elements);
    return tensor.read();
  }

  private standIn(problem: string, elements: number): Float32Array {
    this.problems.push(problem);
    this.left -= elements;
    if (this.left < 0) this.throwProblems();
    return new Float32Array(elements);
  }

  /**
   * A linear layer, transposed for MatMul, with the batch norm called `norm` folded in where the checkpoint has one.
   */
  linear(name: string, inputs: number, outputs: number, norm?: string): Linear {
    const source = this.tensor(`${name}.weight`, outputs, inputs);
    const bias = this.tensor(`${name}.bias`, outputs);
    const affine = norm === undefined ? null : this.batchNorm(norm, outputs);
    const weight = new Float32Array(inputs * outputs);
    for (let o = 0; o < outputs; o++) {
      const scale = affine === null ? 1 : affine.scale[o];
      for (let i = 0; i < inputs; i++) weight[i * outputs + o] = source[o * inputs + i] * scale;
      if (affine !== null) bias[o] = bias[o] * scale + affine.shift[o];
    }
    return { weight, bias, inputs, outputs };
  }

  /** Scale and shift of a batch norm, or null where the checkpoint was trained without one (identity). */
  batchNorm(name: string, channels: number): Affine | null {
    if (!this.has(`${name}.running_mean`) && !this.has(`${name}.weight`)) return null;
    const weight = this.tensor(`${name}.weight`, channels);
    const bias = this.tensor(`${name}.bias`, channels);
    const mean = this.tensor(`${name}.running_mean`, channels);
    const variance = this.tensor(`${name}.running_var`, channels);
    this.used.add(`${name}.num_batches_tracked`);
    const scale = weight.map((w, i) => w / Math.sqrt(variance[i] + batchNormEpsilon));
    return { scale, shift: bias.map((b, i) => b - scale[i] * mean[i]) };
  }

  /**
   * Weight (out, kx, ky, kz, in) of a 3x3x3 convolution as three (9 in, out) matrices, one for each kx; rows run over
   * ky, kz, in.
   */
  convolution(name: string, channels: number): { readonly taps: readonly Float32Array[]; readonly bias: Float32Array } {
    const source = this.tensor(`${name}.weight`, channels, 3, 3, 3, channels);
    const rows = 9 * channels;
    const taps = [0, 1, 2].map((kx) => {
      const matrix = new Float32Array(rows * channels);
      for (let o = 0; o < channels; o++) {
        const start = (o * 3 + kx) * rows;
        for (let row = 0; row < rows; row++) matrix[row * channels + o] = source[start + row];
      }
      return matrix;
    });
    return { taps, bias: this.tensor(`${name}.bias`, channels) };
  }

  /**
   * Throws `model-invalid` naming what is missing, misshapen or unknown (tensors outside the network's own names are no
   * concern).
   */
  finish(): void {
    for (const name of this.tensors.keys()) {
      if (!this.used.has(name) && /^(backbone|features_outputhead|point_embeddings)\./.test(name))
        this.problems.push(`${name} has no place in this network`);
    }
    if (this.problems.length > 0) this.throwProblems();
  }

  private throwProblems(): never {
    const shown = this.problems.slice(0, 4).join('; ');
    const rest = this.problems.length > 4 ? `; and ${this.problems.length - 4} more` : '';
    throw new SplatError(
      'model-invalid',
      `The checkpoint does not fit a SplatFormer network: ${shown}${rest}.`,
      'Choose a checkpoint of SplatFormer or AnchorSplat, and the description file that belongs to it.',
    );
  }
}
