import { crc32 } from 'node:zlib';
import type { TensorTable } from '../../renderer/refine/checkpoint.ts';

export interface CheckpointWrapping {
  /** Puts the tensors into {state_dict: …}, as some training programs do. */
  readonly inStateDict?: boolean;
  /** Before every name, `module.` after distributed training. */
  readonly prefix?: string;
}

/**
 * The bytes of the file that PyTorch's `torch.save` writes for a dictionary of float32 tensors: a stored ZIP of a
 * pickle and raw numbers.
 */
export function writeCheckpoint(
  tensors: TensorTable,
  { inStateDict = false, prefix = '' }: CheckpointWrapping = {},
): Uint8Array {
  const pickle: Uint8Array[] = [op('\x80\x02}(')];
  if (inStateDict) pickle.push(text('epoch'), op('K\x07'), text('state_dict'), op('}('));
  const members: [string, Uint8Array][] = [];
  for (const [name, tensor] of tensors) {
    const values = tensor.read();
    const key = String(members.length);
    members.push([`archive/data/${key}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]);
    pickle.push(
      text(prefix + name),
      op('ctorch._utils\n_rebuild_tensor_v2\n(('),
      text('storage'),
      op('ctorch\nFloatStorage\n'),
      text(key),
      text('cpu'),
      int(values.length),
      op('tQK\x00'),
    );
    pickle.push(tuple(tensor.shape), tuple(stridesOf(tensor.shape)), op('\x89ccollections\nOrderedDict\n)RtR'));
  }
  pickle.push(op(inStateDict ? 'uu.' : 'u.'));
  return archiveOf(join(pickle), members);
}

/** Many tensors of a kind that share one run of numbers, which costs the file little. */
export function writeSharedCheckpoint(shapes: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const largest = Math.max(...[...shapes.values()].map((shape) => shape.reduce((product, n) => product * n, 1)));
  const pickle: Uint8Array[] = [op('\x80\x02}(')];
  const memo = new Map<string, number>();
  for (const [name, shape] of shapes) {
    const known = memo.get(String(shape));
    if (known !== undefined) {
      pickle.push(text(name), op('j'), int(known).subarray(1));
      continue;
    }
    const at = memo.size;
    memo.set(String(shape), at);
    const storage = [text('storage'), op('ctorch\nFloatStorage\n'), text('0'), text('cpu'), int(largest)];
    const shapeAndStrides = [tuple(shape), tuple(stridesOf(shape))];
    pickle.push(text(name), op('ctorch._utils\n_rebuild_tensor_v2\n(('), ...storage, op('tQK\x00'));
    pickle.push(...shapeAndStrides, op('tRr'), int(at).subarray(1));
  }
  pickle.push(op('u.'));
  return archiveOf(join(pickle), [['archive/data/0', new Uint8Array(largest * 4)]]);
}

function archiveOf(pickle: Uint8Array, members: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  return storedZip([
    ['archive/data.pkl', pickle],
    ['archive/byteorder', op('little')],
    ...members,
    ['archive/version', op('3\n')],
  ]);
}

function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, n) => product * n, 1));
}

function op(bytes: string): Uint8Array {
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

function int(value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = 'J'.charCodeAt(0);
  new DataView(bytes.buffer).setInt32(1, value, true);
  return bytes;
}

function text(value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  const length = int(encoded.length);
  length[0] = 'X'.charCodeAt(0);
  return join([length, encoded]);
}

function tuple(values: readonly number[]): Uint8Array {
  return join([op('('), ...values.map(int), op('t')]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function storedZip(members: readonly (readonly [name: string, bytes: Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, bytes] of members) {
    const encoded = new TextEncoder().encode(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version needed
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(encoded.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    directory.push(op('PK\x01\x02'), Uint8Array.of(20, 0), common, offset, encoded);
    parts.push(op('PK\x03\x04'), common, encoded, bytes);
    at += 30 + encoded.length + bytes.length;
  }
  const list = join(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(at, 12);
  return join([...parts, list, op('PK\x05\x06'), end]);
}
