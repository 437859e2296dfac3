import type { OnnxAttribute, OnnxInitializer, OnnxNode, OnnxValue } from './onnx-writer.ts';
import { writeOnnx } from './onnx-writer.ts';
import type { Taps } from './plan/taps.ts';

/** Tensors up to this many bytes live in the graph file: WASM can't read scalars and shapes from an external blob. */
const embeddedBytes = 1024;
/** Offsets in the blob are multiples of this, as WebGPU likes them. */
const alignment = 256;

/** What belongs to one form of the graph alone, or to both. */
interface Formed {
  readonly taps?: Taps | undefined;
}

/**
 * Collects nodes and weights of a graph that has two forms, most of it in common; every method returns the name of the
 * value it makes.
 */
export class GraphBuilder {
  private readonly nodes: (OnnxNode & Formed)[] = [];
  private readonly initializers: OnnxInitializer[] = [];
  private readonly inputs: (OnnxValue & Formed)[] = [];
  private readonly outputs: OnnxValue[] = [];
  private readonly chunks: { readonly offset: number; readonly data: Float32Array }[] = [];
  private readonly constants = new Map<string, string>();
  private blobLength = 0;
  private names = 0;
  /** The form that what is added now belongs to. */
  private taps: Taps | undefined;

  input(name: string, type: OnnxValue['type'], dims: OnnxValue['dims']): string {
    this.inputs.push({ name, type, dims, taps: this.taps });
    return name;
  }

  /** Adds a node with one output. */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: readonly OnnxAttribute[] = [],
    domain?: string,
  ): string {
    return this.nodeMany(operator, inputs, 1, attributes, domain)[0];
  }

  nodeMany(
    operator: string,
    inputs: readonly string[],
    outputCount: number,
    attributes: readonly OnnxAttribute[] = [],
    domain?: string,
  ): string[] {
    const outputs = Array.from({ length: outputCount }, () => `v${this.names++}`);
    const { taps } = this;
    this.nodes.push({ operator, inputs, outputs, attributes, taps, ...(domain === undefined ? {} : { domain }) });
    return outputs;
  }

  /** Publishes `value` as output `name`. */
  output(name: string, value: string, dims: OnnxValue['dims']): void {
    this.nodes.push({ operator: 'Identity', inputs: [value], outputs: [name] });
    this.outputs.push({ name, type: 'float32', dims });
  }

  weight(data: Float32Array, dims: readonly number[]): string {
    const name = `w${this.names++}`;
    if (data.byteLength <= embeddedBytes) {
      this.initializers.push({ name, dims, data });
      return name;
    }
    this.chunks.push({ offset: this.blobLength, data });
    this.initializers.push({ name, dims, data: { offset: this.blobLength, length: data.byteLength } });
    this.blobLength += Math.ceil(data.byteLength / alignment) * alignment;
    return name;
  }

  /** Weights of shape `dims` that follow each other in another one; they take no place of their own in the blob. */
  partsOf(weight: string, dims: readonly number[]): string[] {
    const whole = this.initializers.find(({ name }) => name === weight);
    if (whole === undefined || whole.data instanceof BigInt64Array) throw new RangeError(`${weight} is no weight`);
    const { data } = whole;
    const elements = dims.reduce((product, n) => product * n, 1);
    const length = data instanceof Float32Array ? elements : elements * Float32Array.BYTES_PER_ELEMENT;
    return Array.from({ length: data.length / length }, (_, part) => {
      const name = `w${this.names++}`;
      const from = part * length;
      const own =
        data instanceof Float32Array ? data.slice(from, from + length) : { offset: data.offset + from, length };
      this.initializers.push({ name, dims, data: own });
      return name;
    });
  }

  /** One value that each form of the graph computes in its own way. */
  either(ways: Readonly<Record<Taps, () => string>>): string {
    const merged = `v${this.names++}`;
    for (const taps of ['all', 'occupied'] as const) {
      const value = this.inForm(taps, ways[taps]);
      this.nodes.push({ operator: 'Identity', inputs: [value], outputs: [merged], taps });
    }
    return merged;
  }

  /** Runs `body`, whose nodes and inputs are those of one form of the graph alone. */
  inForm<T>(taps: Taps, body: () => T): T {
    this.taps = taps;
    const made = body();
    this.taps = undefined;
    return made;
  }

  /** A shape, axes or split constant (int64, shared between uses). */
  ints(...values: number[]): string {
    const key = values.join(',');
    let name = this.constants.get(key);
    if (name === undefined) {
      name = `c${this.names++}`;
      this.initializers.push({ name, dims: [values.length], data: BigInt64Array.from(values.map(BigInt)) });
      this.constants.set(key, name);
    }
    return name;
  }

  gather(values: string, indices: string): string {
    return this.node('Gather', [values, indices], [{ name: 'axis', int: 0 }]);
  }

  reshape(value: string, ...dims: number[]): string {
    return this.node('Reshape', [value, this.ints(...dims)]);
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b]);
  }

  gelu(value: string): string {
    return this.node('Gelu', [value], [{ name: 'approximate', text: 'none' }]);
  }

  concat(values: readonly string[], axis: number): string {
    return this.node('Concat', values, [{ name: 'axis', int: axis }]);
  }

  /** The file of one form of the graph. */
  graph(name: string, taps: Taps): Uint8Array {
    const isOfForm = (part: Formed): boolean => part.taps === undefined || part.taps === taps;
    const nodes = this.nodes.filter(isOfForm);
    const used = new Set(nodes.flatMap(({ inputs }) => inputs));
    const initializers = this.initializers.filter((weight) => used.has(weight.name));
    return writeOnnx({ name, nodes, initializers, inputs: this.inputs.filter(isOfForm), outputs: this.outputs });
  }

  /** The blob of weights that both forms refer to. */
  blob(): Uint8Array {
    const weights = new Uint8Array(this.blobLength);
    for (const { offset, data } of this.chunks)
      weights.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    return weights;
  }
}
