import type { CheckpointTensor, TensorTable } from '../../renderer/refine/checkpoint.ts';
import { attributesOf, splatWidth } from '../../renderer/refine/attributes.ts';
import { visibilityWidth } from '../../renderer/refine/visibility.ts';

/** Weights by an integer hash of name, shape and seed, as in models/training/tests/hashed_weights.py. */
export function hashedTensor(name: string, shape: readonly number[], seed: number): CheckpointTensor {
  const count = shape.reduce((product, n) => product * n, 1);
  return {
    shape,
    read: () => {
      let hash = 2166136261;
      for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 16777619);
      const start = hash ^ seed;
      const matrix = shape.length >= 2;
      const spread = matrix
        ? Math.sqrt(3 / (count / shape[0])) * (name.includes('outputhead') && name.endsWith('.6.weight') ? 0.1 : 1)
        : 0;
      const values = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        let x = (Math.imul(i, 2654435761) + start) | 0;
        x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
        x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
        x ^= x >>> 16;
        const v = ((x >>> 0) / 2 ** 32) * 2 - 1;
        if (matrix) values[i] = v * spread;
        else if (name.endsWith('running_var')) values[i] = 1 + 0.5 * v;
        else if (name.endsWith('.weight')) values[i] = 1 + 0.2 * v;
        else values[i] = 0.1 * v;
      }
      return values;
    },
  };
}

export interface Widths {
  readonly encoder: readonly number[];
  readonly decoder: readonly number[];
  readonly encoderDepths: readonly number[];
  readonly decoderDepths: readonly number[];
  readonly shDegree: number;
  /** AnchorSplat's K: heads that many times as wide, and an embedding a copy. A SplatFormer without it. */
  readonly copies?: number;
  /** The network takes what is seen of the splats besides. */
  readonly sight?: boolean;
}

/** A whole state dict in the published names (batch norm included), every tensor hashed. */
export function hashedStateDict(
  { encoder, decoder, encoderDepths, decoderDepths, shDegree, copies, sight }: Widths,
  seed: number,
): TensorTable {
  const tensors = new Map<string, CheckpointTensor>();
  const put = (name: string, ...shape: number[]): void => void tensors.set(name, hashedTensor(name, shape, seed));
  const linear = (name: string, inputs: number, outputs: number): void => {
    put(`${name}.weight`, outputs, inputs);
    put(`${name}.bias`, outputs);
  };
  const norm = (name: string, channels: number, batch: boolean): void => {
    for (const part of batch ? ['weight', 'bias', 'running_mean', 'running_var'] : ['weight', 'bias'])
      put(`${name}.${part}`, channels);
  };
  const block = (name: string, c: number): void => {
    put(`${name}.cpe.0.weight`, c, 3, 3, 3, c);
    put(`${name}.cpe.0.bias`, c);
    linear(`${name}.cpe.1`, c, c);
    for (const part of ['cpe.2', 'norm1.0', 'norm2.0']) norm(`${name}.${part}`, c, false);
    linear(`${name}.attn.qkv`, c, 3 * c);
    linear(`${name}.attn.proj`, c, c);
    linear(`${name}.mlp.0.fc1`, c, 4 * c);
    linear(`${name}.mlp.0.fc2`, 4 * c, c);
  };
  const trunk = 'backbone.backbone.';
  const attributes = attributesOf(shDegree);
  const inputs = splatWidth(shDegree) + (sight === true ? visibilityWidth : 0);
  linear(`${trunk}embedding.0`, inputs, encoder[0]);
  norm(`${trunk}embedding.1`, encoder[0], true);
  encoder.forEach((c, s) => {
    if (s > 0) {
      linear(`${trunk}enc.enc${s}.down.proj`, encoder[s - 1], c);
      norm(`${trunk}enc.enc${s}.down.norm.0`, c, true);
    }
    for (let i = 0; i < encoderDepths[s]; i++) block(`${trunk}enc.enc${s}.block${i}`, c);
  });
  decoder.forEach((c, s) => {
    const name = `${trunk}dec.dec${s}`;
    linear(`${name}.up.proj.0`, decoder[s + 1] ?? encoder[s + 1], c);
    norm(`${name}.up.proj.1`, c, true);
    linear(`${name}.up.proj_skip.0`, encoder[s], c);
    norm(`${name}.up.proj_skip.1`, c, true);
    for (let i = 0; i < decoderDepths[s]; i++) block(`${name}.block${i}`, c);
  });
  for (const { name, width } of attributes) {
    const sizes = [decoder[0] + inputs, 128, 128, 128, (copies ?? 1) * width];
    if (copies !== undefined) put(`point_embeddings.${name}`, copies, width);
    for (let i = 0; i < 4; i++) linear(`features_outputhead.${name}.${2 * i}`, sizes[i], sizes[i + 1]);
  }
  return tensors;
}
