import type { Affine, Linear, LayerReader } from './layers.ts';
import { outputsApart } from './layers.ts';
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
 * `order(s, c)`: (patches, patch) rows of stage s along curve c. `slot(s, c, w)`: (n_s) position of each row in the
 * flattened patches; the same for encoder and decoder. `rows(s, w)`: (n_s) 0, 1, 2, ...
 * `members(s, l)`: (m, w) rung l of the ladder of maxima that pools stage s-1 into stage s. `cluster(s)`: (n_{s-1}) row
 * of stage s.
 */
export const inputNames = {
  features: 'features',
  near: (stage: number, plane: number) => `near_${stage}_${plane}`,
  tapRows: (stage: number, tap: number) => `tap_rows_${stage}_${tap}`,
  tapNeighbours: (stage: number, tap: number) => `tap_neighbours_${stage}_${tap}`,
  order: (stage: number, curve: number) => `order_${stage}_${curve}`,
  slot: (stage: number, curve: number, way: Way) => `slot_${stage}_${curve}_${way}`,
  rows: (stage: number, way: Way) => `rows_${stage}_${way}`,
  members: (stage: number, rung: number) => `members_${stage}_${rung}`,
  cluster: (stage: number) => `cluster_${stage}`,
} as const;

export const curveCount = 4;

/** As many splats as may share a cell. Only the first pooling can meet more than stride^3 rows a cluster. */
const mostOfACell = 262_144;

/**
 * Returns the most members of a row on each rung of the ladder that pools into `stage` (1-based). Most clusters have
 * one to three members: rows of two are a fourth of what rows of eight would be, which for their channels is the most
 * that the network would hold.
 */
export function rungWidths(manifest: RefineManifest, stage: number): number[] {
  const most = stage === 1 ? mostOfACell : manifest.strides[stage - 1] ** 3;
  const widths: number[] = [];
  for (let members = 1; members < most; members *= widths[widths.length - 1]) widths.push(widths.length < 3 ? 2 : 8);
  return widths;
}

/** Which blocks of a stage: those of the encoder or those of the decoder. */
export type Way = 'down' | 'up';

/** The ways that go through a stage: the deepest has no decoder. */
export function waysOf(manifest: RefineManifest, stage: number): readonly Way[] {
  return stage < manifest.decoderChannels.length ? ['down', 'up'] : ['down'];
}

/** How many curves a stage's blocks use: block i of encoder and decoder alike takes curve i mod 4. */
export function curvesOfWay(manifest: RefineManifest, stage: number, way: Way): number {
  const depths = way === 'down' ? manifest.encoderDepths : manifest.decoderDepths;
  return Math.min(curveCount, depths[stage] ?? 0);
}

export function curvesOfStage(manifest: RefineManifest, stage: number): number {
  return Math.max(curvesOfWay(manifest, stage, 'down'), curvesOfWay(manifest, stage, 'up'));
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

interface Level {
  readonly stage: number;
  readonly way: Way;
  readonly channels: number;
  readonly heads: number;
}

/** Returns what a stage's number of rows is called. */
function rowsOf(stage: number, way: Way): string {
  return `${way}${stage}`;
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
      const level = { stage: s, way: 'down', channels: enc[s], heads: manifest.encoderHeads[s] } as const;
      for (let i = 0; i < manifest.encoderDepths[s]; i++) {
        const name = `${backbone}enc.enc${s}.block${i}.`;
        x = this.block(name, x, this.position(name, x, level), level, i);
      }
      skips.push(x);
    }
    for (let s = dec.length - 1; s >= 0; s--) {
      const level = { stage: s, way: 'up', channels: dec[s], heads: manifest.decoderHeads[s] } as const;
      x = this.decoderStage(`${backbone}dec.dec${s}.`, x, skips[s], level);
    }
    const headInput = g.concat([x, inputNames.features], 1);
    for (const { name, width } of attributesOf(manifest.shDegree))
      this.head(name, width, headInput, dec[0] + manifest.inputs);
    return g;
  }

  /**
   * Declares what the plan feeds. ONNX Runtime keeps one buffer for tensors whose sizes bear the same names, from the
   * first of them to the last, which for patches and taps is the whole network: those sizes bear none. Rows of a stage
   * do, as sums are done in place, but others in the decoder than in the encoder: skips become rows of the decoder by
   * being gathered.
   */
  private declareInputs(): void {
    const { g, manifest } = this;
    g.input(inputNames.features, 'float32', [rowsOf(0, 'down'), manifest.inputs]);
    for (let s = 0; s < manifest.encoderChannels.length; s++) {
      this.declareTaps(s);
      for (let c = 0; c < curvesOfStage(manifest, s); c++) g.input(inputNames.order(s, c), 'int32', [null, null]);
      for (const way of waysOf(manifest, s)) {
        for (let c = 0; c < curvesOfWay(manifest, s, way); c++)
          g.input(inputNames.slot(s, c, way), 'int32', [rowsOf(s, way)]);
        g.input(inputNames.rows(s, way), 'int32', [rowsOf(s, way)]);
      }
      if (s === 0) continue;
      const top = rungWidths(manifest, s).length - 1;
      for (let rung = 0; rung <= top; rung++)
        g.input(inputNames.members(s, rung), 'int32', [rung === top ? rowsOf(s, 'down') : null, null]);
      if (s <= manifest.decoderChannels.length) g.input(inputNames.cluster(s), 'int32', [rowsOf(s - 1, 'up')]);
    }
  }

  private declareTaps(stage: number): void {
    const { g } = this;
    g.inForm('all', () => {
      for (let plane = 0; plane < 3; plane++) g.input(inputNames.near(stage, plane), 'int32', [null, 9]);
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
    for (const rung of rungWidths(manifest, stage).keys()) {
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

  /** Joins the stage below, whose rows are `x`, to the encoder's rows `skip`, and refines what comes of it. */
  private decoderStage(name: string, x: string, skip: string, level: Level): string {
    const { g, layers, manifest } = this;
    const { encoderChannels: enc, decoderChannels: dec } = manifest;
    const { stage, way, channels } = level;
    const skipLayer = layers.linear(`${name}up.proj_skip.0`, enc[stage], channels, `${name}up.proj_skip.1`);
    const sparse = g.gelu(this.linear(g.gather(skip, inputNames.rows(stage, way)), skipLayer));
    // The convolution of a decoder stage's first block sees the skip half only, as in the code that the checkpoints
    // were trained with. It is added before the other half: ONNX Runtime would compute it, and keep it, before all
    // stages below.
    const depth = manifest.decoderDepths[stage];
    const first = depth > 0 ? this.position(`${name}block0.`, sparse, level) : undefined;
    const below = stage === dec.length - 1 ? enc[stage + 1] : dec[stage + 1];
    const up = g.gelu(this.linear(x, layers.linear(`${name}up.proj.0`, below, channels, `${name}up.proj.1`)));
    let joined = g.add(sparse, g.gather(up, inputNames.cluster(stage + 1)));
    for (let i = 0; i < depth; i++) {
      const position = i === 0 ? first : undefined;
      const block = `${name}block${i}.`;
      joined = this.block(block, joined, position ?? this.position(block, joined, level), level, i);
    }
    return joined;
  }

  /** What a block adds to its input first: LN(Linear(conv(sparse))). */
  private position(name: string, sparse: string, { stage, channels }: Level): string {
    const convolved = this.convolution(`${name}cpe.0`, sparse, channels, stage);
    const mixed = this.linear(convolved, this.layers.linear(`${name}cpe.1`, channels, channels));
    return this.layerNorm(mixed, `${name}cpe.2`, channels);
  }

  /** Pre-norm block: x + position, + attention along the block's curve, + MLP. */
  private block(name: string, input: string, position: string, level: Level, index: number): string {
    const { g, layers } = this;
    const { stage, way, channels, heads } = level;
    let x = g.add(input, position);

    const curve = index % curveCount;
    const order = inputNames.order(stage, curve);
    const patches = g.reshape(g.gather(this.layerNorm(x, `${name}norm1.0`, channels), order), -1, channels);
    // One product for each of the three, as splitting one product would hold them twice; of matrices, as a bias is part
    // of no other product.
    const inPatches = g.node('Concat', [g.node('Shape', [order]), g.ints(channels)], [{ name: 'axis', int: 0 }]);
    const qkv = outputsApart(layers.linear(`${name}attn.qkv`, channels, 3 * channels), 3).map((layer) =>
      g.node('Reshape', [this.linear(patches, layer), inPatches]),
    );
    const attended = g.node('MultiHeadAttention', qkv, [{ name: 'num_heads', int: heads }], 'com.microsoft');
    const rows = g.gather(g.reshape(attended, -1, channels), inputNames.slot(stage, curve, way));
    x = g.add(x, this.linear(rows, layers.linear(`${name}attn.proj`, channels, channels)));

    // Rows of no name: the hidden ones are the most that the network holds, and would be held until the next block.
    const nameless = g.reshape(this.layerNorm(x, `${name}norm2.0`, channels), -1, channels);
    const hidden = g.gelu(this.linear(nameless, layers.linear(`${name}mlp.0.fc1`, channels, 4 * channels)));
    const change = this.linear(hidden, layers.linear(`${name}mlp.0.fc2`, 4 * channels, channels));
    return g.add(x, g.gather(change, inputNames.rows(stage, way)));
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
    // ONNX Runtime computes the input that was added last first: with all products before the first sum, it holds one
    // of them at a time instead of all.
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
    g.output(name, x, [null, outputs]);
  }
}
