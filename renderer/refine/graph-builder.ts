import type { OnnxAttribute, OnnxInitializer, OnnxNode, OnnxValue } from './onnx-writer.ts';
import { writeOnnx } from './onnx-writer.ts';

/** Tensors up to this many bytes live in the graph file: WASM can't read scalars and shapes from an external blob. */
const embeddedBytes = 1024;
/** Offsets in the blob are multiples of this, as WebGPU likes them. */
const alignment = 256;

/** Collects nodes and weights of a graph; every method returns the name of the value it makes. */
export class GraphBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers: OnnxInitializer[] = [];
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  private readonly chunks: { readonly offset: number; readonly data: Float32Array }[] = [];
  private readonly constants = new Map<string, string>();
  private blobLength = 0;
  private names = 0;

  input(name: string, type: OnnxValue['type'], dims: readonly (number | string)[]): string {
    this.inputs.push({ name, type, dims });
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
    this.nodes.push({ operator, inputs, outputs, attributes, ...(domain === undefined ? {} : { domain }) });
    return outputs;
  }

  /** Publishes `value` as output `name`. */
  output(name: string, value: string, dims: readonly (number | string)[]): void {
    this.nodes.push({ operator: 'Identity', inputs: [value], outputs: [name] });
    this.outputs.push({ name, type: 'float32', dims });
  }

  weight(data: Float32Array, dims: readonly number[]): string {
    return this.weightParts(data, dims, 1)[0];
  }

  /** Parts of equal shape `dims` that follow each other in `data`; in the blob they lie as one weight would. */
  weightParts(data: Float32Array, dims: readonly number[], count: number): string[] {
    const names = Array.from({ length: count }, () => `w${this.names++}`);
    const length = data.length / count;
    if (data.byteLength <= embeddedBytes) {
      for (const [part, name] of names.entries())
        this.initializers.push({ name, dims, data: data.slice(part * length, (part + 1) * length) });
      return names;
    }
    this.chunks.push({ offset: this.blobLength, data });
    for (const [part, name] of names.entries()) {
      const offset = this.blobLength + part * length * data.BYTES_PER_ELEMENT;
      this.initializers.push({ name, dims, data: { offset, length: length * data.BYTES_PER_ELEMENT } });
    }
    this.blobLength += Math.ceil(data.byteLength / alignment) * alignment;
    return names;
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

  /** The graph file. */
  graph(name: string): Uint8Array {
    const { nodes, initializers, inputs, outputs } = this;
    return writeOnnx({ name, nodes, initializers, inputs, outputs });
  }

  /** The blob of weights that the graph refers to. */
  blob(): Uint8Array {
    const weights = new Uint8Array(this.blobLength);
    for (const { offset, data } of this.chunks)
      weights.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    return weights;
  }
}
