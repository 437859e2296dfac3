/**
 * A writer for the part of ONNX's protobuf format that a dense graph needs (field numbers from onnx.proto3, IR version
 * 10).
 * Messages are built inside out as byte chunks; the graphs here are about 100 KB, so simplicity wins.
 */
export type OnnxAttribute = { readonly name: string } & (
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
);

export interface OnnxNode {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly OnnxAttribute[];
}

/** A size that is fixed, one that has a name, or one of which nothing is said. */
export type OnnxDim = number | string | null;

/** A named tensor at the border of the graph. */
export interface OnnxValue {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly dims: readonly OnnxDim[];
}

export interface OnnxInitializer {
  readonly name: string;
  readonly dims: readonly number[];
  /** Values inside the graph file, or their place in the external blob (bytes, float32). */
  readonly data: Float32Array | BigInt64Array | { readonly offset: number; readonly length: number };
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

/** File name by which the graph refers to the blob of weights. */
export const weightsLocation = 'weights.bin';

const elementTypes = { float32: 1, int32: 6, int64: 7 } as const;
/** What `Cast` is told to make int64. */
export const onnxInt64 = elementTypes.int64;
const utf8 = new TextEncoder();

class Message {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;

  private push(bytes: Uint8Array): this {
    this.chunks.push(bytes);
    this.length += bytes.length;
    return this;
  }

  private varint(value: number): this {
    const bytes: number[] = [];
    // Negative int64 (an axis of -1) takes ten bytes of two's complement.
    let rest = BigInt.asUintN(64, BigInt(value));
    do {
      bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
      rest >>= 7n;
    } while (rest > 0n);
    return this.push(Uint8Array.from(bytes));
  }

  int(field: number, value: number): this {
    return this.varint(field * 8).varint(value);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.varint(field * 8 + 5).push(bytes);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.varint(field * 8 + 2)
      .varint(value.length)
      .push(value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  message(field: number, value: Message): this {
    return this.bytes(field, value.finish());
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}

function attributeMessage(attribute: OnnxAttribute): Message {
  const message = new Message().text(1, attribute.name);
  if ('float' in attribute) return message.float(2, attribute.float).int(20, 1);
  if ('int' in attribute) return message.int(3, attribute.int).int(20, 2);
  if ('text' in attribute) return message.text(4, attribute.text).int(20, 3);
  for (const value of attribute.ints) message.int(8, value);
  return message.int(20, 7);
}

function nodeMessage(node: OnnxNode, index: number): Message {
  const message = new Message();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(3, `n${index}_${node.operator}`).text(4, node.operator);
  for (const attribute of node.attributes ?? []) message.message(5, attributeMessage(attribute));
  return node.domain === undefined ? message : message.text(7, node.domain);
}

function initializerMessage(initializer: OnnxInitializer): Message {
  const message = new Message();
  const { data } = initializer;
  for (const dim of initializer.dims) message.int(1, dim);
  message.int(2, data instanceof BigInt64Array ? elementTypes.int64 : elementTypes.float32).text(8, initializer.name);
  if (ArrayBuffer.isView(data)) return message.bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  const entries: readonly [string, string][] = [
    ['location', weightsLocation],
    ['offset', String(data.offset)],
    ['length', String(data.length)],
  ];
  for (const [key, value] of entries) message.message(13, new Message().text(1, key).text(2, value));
  return message.int(14, 1);
}

function dimMessage(dim: OnnxDim): Message {
  if (dim === null) return new Message();
  return typeof dim === 'number' ? new Message().int(1, dim) : new Message().text(2, dim);
}

function valueMessage(value: OnnxValue): Message {
  const shape = new Message();
  for (const dim of value.dims) shape.message(1, dimMessage(dim));
  const tensor = new Message().int(1, elementTypes[value.type]).message(2, shape);
  return new Message().text(1, value.name).message(2, new Message().message(1, tensor));
}

/** Serialises `graph` as an ONNX model (opset 20 and com.microsoft 1). */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const body = new Message();
  graph.nodes.forEach((node, index) => body.message(1, nodeMessage(node, index)));
  body.text(2, graph.name);
  for (const initializer of graph.initializers) body.message(5, initializerMessage(initializer));
  for (const value of graph.inputs) body.message(11, valueMessage(value));
  for (const value of graph.outputs) body.message(12, valueMessage(value));
  return new Message()
    .int(1, 10)
    .text(2, 'splatformer-desktop')
    .message(7, body)
    .message(8, new Message().text(1, '').int(2, 20))
    .message(8, new Message().text(1, 'com.microsoft').int(2, 1))
    .finish();
}
