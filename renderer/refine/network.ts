import type { Affine, Linear, LayerReader } from './layers.ts';
import { GraphBuilder } from './graph-builder.ts';
import { onnxInt64 } from './onnx-writer.ts';
import { attributesOf } from './attributes.ts';
import type { RefineManifest } from './manifest.ts';
import type { Taps } from './plan/taps.ts';
import { centreTap, neighbourTaps } from './plan/taps.ts';

/**
 * Names of the graph's inputs; the feeds are filled from a plan by the same functions.
 * `near(s, g)`: (n_s, 3*3) rows of neighbours for tap plane kx = g of stage s, n_s where a cell is empty.
 * `tapRows(s, t)`, `tapNeighbours(s, t)`: (m, 1) rows of stage s with a neighbour at tap t, and (m) those neighbours,
 * in the other form of the graph.
 * `order(s, c)`: (patches, patch) rows of stage s along curve c. `slot(s, c)`: (n_s) position of each row in the
 * flattened patches.
 * `members(s, l)`: (m, w) rung l of the ladder of maxima that pools stage s-1 into stage s. `cluster(s)`: (n_{s-1}) row
 * of stage s.
 */
export const inputNames = {
  features: 'features',
  near: (stage: number, plane: number) => `near_${stage}_${plane}`,
  tapRows: (stage: number, tap: number) => `tap_rows_${stage}_${tap}`,
  tapNeighbours: (stage: number, tap: number) => `tap_neighbours_${stage}_${tap}`,
  order: (stage: number, curve: number) => `order_${stage}_${curve}`,
  slot: (stage: number, curve: number) => `slot_${stage}_${curve}`,
  members: (stage: number, rung: number) => `members_${stage}_${rung}`,
  cluster: (stage: number) => `cluster_${stage}`,
} as const;

export const curveCount = 4;

/**
 * Eight members a rung: six rungs hold cells of up to 262,144 splats. Only the first pooling can meet more than
 * stride^3 rows a cluster.
 */
export const membersPerRung = 8;
const rungsForDuplicates = 6;

/** Number of rungs of the ladder that pools into `stage` (1-based). */
export function rungCount(manifest: RefineManifest, stage: number): number {
  if (stage === 1) return rungsForDuplicates;
  return Math.max(1, Math.ceil(Math.log2(manifest.strides[stage - 1] ** 3) / Math.log2(membersPerRung)));
}

/** Which curves a stage's blocks use: block i of encoder and decoder alike takes curve i mod 4. */
export function curvesOfStage(manifest: RefineManifest, stage: number): number {
  return Math.min(curveCount, Math.max(manifest.encoderDepths[stage], manifest.decoderDepths[stage] ?? 0));
}

const backbone = 'backbone.backbone.';

/** A network as ONNX Runtime takes it. */
export interface NetworkFiles {
  /** The graph in both forms, without its weights. */
  readonly graphs: Readonly<Record<Taps, Uint8Array>>;
  /** The blob of weights that both graphs refer to as `weights.bin`. */
  readonly weights: Uint8Array;
}

/**
 * Builds the network (Point Transformer V3 with SplatFormer's heads, all dense; Wu et al., CVPR 2024; Chen et al., ICLR
 * 2025) as an ONNX graph with a dynamic number of splats. Outputs: one residual an attribute, (N, K * width),
 * copy-major within a row; tanh already applied to the means. Both forms of the graph refer to one blob of weights.
 */
export function buildNetwork(manifest: RefineManifest, layers: LayerReader): NetworkFiles {
  const built = new Network(manifest, layers).build();
  const name = 'splatformer';
  return { graphs: { all: built.graph(name, 'all'), occupied: built.graph(name, 'occupied') }, weights: built.blob() };
}

class Network {
  private readonly g = new GraphBuilder();

  constructor(
    private readonly manifest: RefineManifest,
    private readonly layers: LayerReader,
  ) {}

  build(): GraphBuilder {
    const { g, manifest, layers } = this;
    const { encoderChannels: enc, decoderChannels: dec } = manifest;
    this.declareInputs();
    let x = g.gelu(
      this.linear(
        inputNames.features,
        layers.linear(`${backbone}embedding.0`, manifest.inputs, enc[0], `${backbone}embedding.1`),
      ),
    );
    const skips: string[] = [];
    for (let s = 0; s < enc.length; s++) {
      if (s > 0) x = this.pool(x, s);
      let sparse = x;
      for (let i = 0; i < manifest.encoderDepths[s]; i++) {
        x = this.block(`${backbone}enc.enc${s}.block${i}.`, x, sparse, enc[s], manifest.encoderHeads[s], s, i);
        sparse = x;
      }
      skips.push(x);
    }
    for (let s = dec.length - 1; s >= 0; s--) {
      const name = `${backbone}dec.dec${s}.`;
      const below = s === dec.length - 1 ? enc[s + 1] : dec[s + 1];
      const up = g.gelu(this.linear(x, layers.linear(`${name}up.proj.0`, below, dec[s], `${name}up.proj.1`)));
      // The convolution of a decoder stage's first block sees the skip half only, as in the code that the checkpoints
      // were trained with.
      let sparse = g.gelu(
        this.linear(skips[s], layers.linear(`${name}up.proj_skip.0`, enc[s], dec[s], `${name}up.proj_skip.1`)),
      );
      x = g.add(sparse, g.gather(up, inputNames.cluster(s + 1)));
      for (let i = 0; i < manifest.decoderDepths[s]; i++) {
        x = this.block(`${name}block${i}.`, x, sparse, dec[s], manifest.decoderHeads[s], s, i);
        sparse = x;
      }
    }
    const headInput = g.concat([x, inputNames.features], 1);
    for (const { name, width } of attributesOf(manifest.shDegree))
      this.head(name, width, headInput, dec[0] + manifest.inputs);
    return g;
  }

  /**
   * Declares what the plan feeds. ONNX Runtime keeps one buffer for tensors whose sizes bear the same names, from the
   * first of them to the last, which for patches and taps is the whole network: those sizes bear none. Rows of a stage
   * do, as sums are done in place.
   */
  private declareInputs(): void {
    const { g, manifest } = this;
    g.input(inputNames.features, 'float32', ['n0', manifest.inputs]);
    for (let s = 0; s < manifest.encoderChannels.length; s++) {
      this.declareTaps(s);
      for (let c = 0; c < curvesOfStage(manifest, s); c++) {
        g.input(inputNames.order(s, c), 'int32', [null, null]);
        g.input(inputNames.slot(s, c), 'int32', [`n${s}`]);
      }
      if (s === 0) continue;
      for (let rung = 0; rung < rungCount(manifest, s); rung++)
        g.input(inputNames.members(s, rung), 'int32', [`m${s}_${rung}`, `w${s}_${rung}`]);
      if (s <= manifest.decoderChannels.length) g.input(inputNames.cluster(s), 'int32', [`n${s - 1}`]);
    }
  }

  private declareTaps(stage: number): void {
    const { g } = this;
    g.inForm('all', () => {
      for (let plane = 0; plane < 3; plane++) g.input(inputNames.near(stage, plane), 'int32', [`n${stage}`, 9]);
    });
    g.inForm('occupied', () => {
      const indices = new Map<number, string>();
      for (const tap of neighbourTaps) {
        const rows = g.input(inputNames.tapRows(stage, tap), 'int32', [null, 1]);
        g.input(inputNames.tapNeighbours(stage, tap), 'int32', [null]);
        indices.set(tap, g.node('Cast', [rows], [{ name: 'to', int: onnxInt64 }]));
      }
      this.tapIndices.push(indices);
    });
  }

  private linear(x: string, layer: Linear): string {
    const { g } = this;
    const product = g.node('MatMul', [x, g.weight(layer.weight, [layer.inputs, layer.outputs])]);
    return g.add(product, g.weight(layer.bias, [layer.outputs]));
  }

  private layerNorm(x: string, name: string, channels: number): string {
    const scale = this.g.weight(this.layers.tensor(`${name}.weight`, channels), [channels]);
    const bias = this.g.weight(this.layers.tensor(`${name}.bias`, channels), [channels]);
    return this.g.node(
      'LayerNormalization',
      [x, scale, bias],
      [
        { name: 'axis', int: -1 },
        { name: 'epsilon', float: 1e-5 },
      ],
    );
  }

  /**
   * Linear, maximum over each cluster, then batch norm (not foldable: a negative scale would turn maxima into minima),
   * GELU.
   */
  private pool(x: string, stage: number): string {
    const { g, manifest, layers } = this;
    const channels = manifest.encoderChannels[stage];
    const name = `${backbone}enc.enc${stage}.down.`;
    let y = this.linear(x, layers.linear(`${name}proj`, manifest.encoderChannels[stage - 1], channels));
    for (let rung = 0; rung < rungCount(manifest, stage); rung++) {
      y = g.node(
        'ReduceMax',
        [g.gather(y, inputNames.members(stage, rung)), g.ints(1)],
        [{ name: 'keepdims', int: 0 }],
      );
    }
    const norm: Affine | null = layers.batchNorm(`${name}norm.0`, channels);
    if (norm !== null)
      y = g.add(g.node('Mul', [y, g.weight(norm.scale, [channels])]), g.weight(norm.shift, [channels]));
    return g.gelu(y);
  }

  /** Pre-norm block: x + LN(Linear(conv(sparse))), + attention along the block's curve, + MLP. */
  private block(
    name: string,
    input: string,
    sparse: string,
    channels: number,
    heads: number,
    stage: number,
    index: number,
  ): string {
    const { g, layers } = this;
    const convolved = this.convolution(`${name}cpe.0`, sparse, channels, stage);
    let x = g.add(
      input,
      this.layerNorm(
        this.linear(convolved, layers.linear(`${name}cpe.1`, channels, channels)),
        `${name}cpe.2`,
        channels,
      ),
    );

    const curve = index % curveCount;
    const patches = g.gather(this.layerNorm(x, `${name}norm1.0`, channels), inputNames.order(stage, curve));
    const qkv = this.linear(patches, layers.linear(`${name}attn.qkv`, channels, 3 * channels));
    const split = g.nodeMany('Split', [qkv, g.ints(channels, channels, channels)], 3, [{ name: 'axis', int: 2 }]);
    const attended = g.node('MultiHeadAttention', split, [{ name: 'num_heads', int: heads }], 'com.microsoft');
    const rows = g.gather(g.reshape(attended, -1, channels), inputNames.slot(stage, curve));
    x = g.add(x, this.linear(rows, layers.linear(`${name}attn.proj`, channels, channels)));

    const hidden = g.gelu(
      this.linear(
        this.layerNorm(x, `${name}norm2.0`, channels),
        layers.linear(`${name}mlp.0.fc1`, channels, 4 * channels),
      ),
    );
    return g.add(x, this.linear(hidden, layers.linear(`${name}mlp.0.fc2`, 4 * channels, channels)));
  }

  private convolution(name: string, x: string, channels: number, stage: number): string {
    const { g } = this;
    const { taps, bias } = this.layers.convolution(name, channels);
    const planes = taps.map((plane) => g.weight(plane, [9 * channels, channels]));
    const sum = g.either({
      all: () => this.gatheredTaps(x, planes, channels, stage),
      occupied: () => this.occupiedTaps(x, planes, channels, stage),
    });
    return g.add(sum, g.weight(bias, [channels]));
  }

  private gatheredTaps(x: string, planes: readonly string[], channels: number, stage: number): string {
    const { g } = this;
    const padded = g.concat([x, this.zeroRow(channels)], 0);
    const [left, middle, right] = planes.map((plane, at) => {
      const rows = g.reshape(g.gather(padded, inputNames.near(stage, at)), -1, 9 * channels);
      return g.node('MatMul', [rows, plane]);
    });
    return g.add(g.add(left, middle), right);
  }

  private occupiedTaps(x: string, planes: readonly string[], channels: number, stage: number): string {
    const { g } = this;
    const weights = planes.flatMap((plane) => g.partsOf(plane, [channels, channels]));
    // ONNX Runtime computes the input that was added last first: with all products before the first sum, it holds one of
    // them at a time instead of all.
    const products = [...this.tapIndices[stage]].map(([tap, rows]) => {
      const gathered = g.gather(x, inputNames.tapNeighbours(stage, tap));
      return { rows, product: g.node('MatMul', [gathered, weights[tap]]) };
    });
    let sum = g.node('MatMul', [x, weights[centreTap]]);
    for (const { rows, product } of products)
      sum = g.node('ScatterND', [sum, rows, product], [{ name: 'reduction', text: 'add' }]);
    return sum;
  }

  /** By stage, the rows of each tap (m, 1) as ScatterND takes them. */
  private readonly tapIndices: Map<number, string>[] = [];

  private readonly zeroRows = new Map<number, string>();

  private zeroRow(channels: number): string {
    let row = this.zeroRows.get(channels);
    if (row === undefined) {
      row = this.g.weight(new Float32Array(channels), [1, channels]);
      this.zeroRows.set(channels, row);
    }
    return row;
  }

  /** x / (1 + |x| / reach) */
  private bounded(x: string, reach: number): string {
    const { g } = this;
    const share = g.node('Mul', [g.node('Abs', [x]), g.weight(Float32Array.of(1 / reach), [1])]);
    return g.node('Div', [x, g.add(share, g.weight(Float32Array.of(1), [1]))]);
  }

  /**
   * Linear layers with ReLU between. AnchorSplat's per-copy embedding adds to the last layer's output, so it goes into
   * its bias.
   */
  private head(name: string, width: number, input: string, inputWidth: number): void {
    const { g, layers, manifest } = this;
    const outputs = width * manifest.copies;
    const prefix = `features_outputhead.${name}`;
    const hidden = 128;
    let x = input;
    for (const [i, from] of [inputWidth, hidden, hidden].entries())
      x = g.node('Relu', [this.linear(x, layers.linear(`${prefix}.${2 * i}`, from, hidden))]);
    const last = layers.linear(`${prefix}.6`, hidden, outputs);
    if (manifest.kind === 'anchorsplat') {
      const embedding = layers.tensor(`point_embeddings.${name}`, manifest.copies, width);
      for (let i = 0; i < outputs; i++) last.bias[i] += embedding[i];
    }
    x = this.linear(x, last);
    if (name === 'means') x = g.node('Mul', [g.node('Tanh', [x]), g.weight(Float32Array.of(manifest.meansReach), [1])]);
    if (name === 'opacities' && manifest.opacityReach !== null) x = this.bounded(x, manifest.opacityReach);
    g.output(name, x, ['n0', outputs]);
  }
}
