import { SplatError } from '../core/errors.ts';
import { invalidCheckpoint as invalid } from './invalid-checkpoint.ts';
import type { TimeCheck } from './time-limit.ts';

/** A storage that the pickle refers to: its bytes lie in the archive under `data/<key>`. */
export interface StorageReference {
  readonly kind: 'storage';
  /** Class name of the storage, e.g. `FloatStorage`. */
  readonly type: string;
  readonly key: string;
  /** Number of elements. */
  readonly length: number;
}

/** A tensor as the pickle describes it; nothing is read yet. Strides and offset count elements. */
export interface TensorReference {
  readonly kind: 'tensor';
  readonly storage: StorageReference;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

interface GlobalReference {
  readonly kind: 'global';
  readonly name: string;
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | StorageReference
  | TensorReference
  | GlobalReference;

/** Everything a file of tensors may name. Nothing here is ever called: each name has its meaning in `reduce` below. */
const allowedGlobals = new Set([
  'collections OrderedDict',
  'torch._utils _rebuild_tensor_v2',
  'torch._utils _rebuild_parameter',
  'torch Size',
]);
const storageGlobal = /^torch (Float|Double|Half|BFloat16|Long|Int|Short|Char|Byte|Bool)Storage$/;

/**
 * Reads the part of Python's pickle language (protocols 2 to 5) that PyTorch writes for a dictionary of tensors.
 * It is an interpreter of data only: a name outside the short list above is refused, and no object is ever constructed.
 * Written from the opcode table in CPython's `pickletools`. Throws `model-invalid`.
 */
export function readPickle(bytes: Uint8Array, check: TimeCheck = () => undefined): PickleValue {
  if (bytes.length > MOST_BYTES) throw invalid(`its list of tensors takes ${bytes.length} bytes`);
  return new PickleReader(bytes, check).run();
}

/** Far beyond any network's description: the shipped one takes 32 KB and tensors of up to 4 dimensions. */
const MOST_BYTES = 4 << 20;
const MOST_VALUES = 500_000;
const MOST_DIMENSIONS = 8;
/** Steps between two looks at the clock. */
const CHECK_EVERY = 256;

const mark = Symbol('mark');
type StackEntry = PickleValue | typeof mark;

class PickleReader {
  private at = 0;
  private readonly view: DataView;
  private readonly stack: StackEntry[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private readonly text = new TextDecoder('utf-8', { fatal: true });

  constructor(
    private readonly bytes: Uint8Array,
    private readonly check: TimeCheck,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): PickleValue {
    for (let steps = 0; ; steps++) {
      if (steps > MOST_VALUES) throw invalid('it describes more than a network has');
      if (steps % CHECK_EVERY === 0) this.check();
      const op = String.fromCharCode(this.u8());
      if (op === '.') return this.pop();
      this.step(op);
    }
  }

  private step(op: string): void {
    switch (op) {
      case '\x80': // PROTO
        if (this.u8() > 5) throw invalid('its pickle protocol is newer than 5');
        return;
      case '\x95': // FRAME
        this.take(8);
        return;
      case '(':
        this.stack.push(mark);
        return;
      case '}':
        this.stack.push(new Map());
        return;
      case ']':
        this.stack.push([]);
        return;
      case ')':
        this.stack.push([]);
        return;
      case 'N':
        this.stack.push(null);
        return;
      case '\x88':
        this.stack.push(true);
        return;
      case '\x89':
        this.stack.push(false);
        return;
      case 'K':
        this.stack.push(this.u8());
        return;
      case 'M':
        this.stack.push(this.u8() | (this.u8() << 8));
        return;
      case 'J':
        this.stack.push(this.view.getInt32(this.advance(4), true));
        return;
      case 'G':
        this.stack.push(this.view.getFloat64(this.advance(8), false));
        return;
      case '\x8a':
        this.stack.push(this.long(this.u8()));
        return;
      case 'X':
        this.stack.push(this.string(this.u32()));
        return;
      case '\x8c':
        this.stack.push(this.string(this.u8()));
        return;
      case 'q':
        this.memo.set(this.u8(), this.top());
        return;
      case 'r':
        this.memo.set(this.u32(), this.top());
        return;
      case '\x94': // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return;
      case 'h':
        this.stack.push(this.recall(this.u8()));
        return;
      case 'j':
        this.stack.push(this.recall(this.u32()));
        return;
      case 't':
        this.stack.push(this.toMark());
        return;
      case '\x85':
        this.stack.push(this.popMany(1));
        return;
      case '\x86':
        this.stack.push(this.popMany(2));
        return;
      case '\x87':
        this.stack.push(this.popMany(3));
        return;
      case 'a': {
        const value = this.pop();
        this.list().push(value);
        return;
      }
      case 'e': {
        const values = this.toMark();
        const list = this.list();
        for (const value of values) list.push(value);
        return;
      }
      case 's': {
        const [key, value] = this.popMany(2);
        this.map().set(key, value);
        return;
      }
      case 'u': {
        const values = this.toMark();
        if (values.length % 2 !== 0) throw invalid('a dictionary has a key without a value');
        const map = this.map();
        for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1]);
        return;
      }
      case 'c':
        this.stack.push(global(`${this.line()} ${this.line()}`));
        return;
      case '\x93': {
        const [module, name] = this.popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') throw invalid('a global has no name');
        this.stack.push(global(`${module} ${name}`));
        return;
      }
      case 'Q':
        this.stack.push(storage(this.pop()));
        return;
      case 'R': {
        const [callee, args] = this.popMany(2);
        this.stack.push(reduce(callee, args));
        return;
      }
      case 'b': // BUILD: attributes of an OrderedDict (`_metadata`); they carry no tensors.
        this.pop();
        return;
      case '0':
        this.pop();
        return;
      default:
        throw invalid(
          `its pickle holds the instruction 0x${op.charCodeAt(0).toString(16)}, which a file of tensors does not need`,
        );
    }
  }

  private advance(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw invalid('its pickle ends too early');
    this.at = start + length;
    return start;
  }

  private take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  private u8(): number {
    return this.bytes[this.advance(1)];
  }

  private u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  private string(length: number): string {
    try {
      return this.text.decode(this.take(length));
    } catch (error) {
      if (error instanceof SplatError) throw error;
      throw invalid('a name in it is not UTF-8');
    }
  }

  private line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw invalid('its pickle ends too early');
    const value = this.string(end - this.at);
    this.at = end + 1;
    return value;
  }

  /** Little-endian two's complement; tensors need no integer beyond 2^53. */
  private long(length: number): number {
    if (length > 8) throw invalid('it holds an integer of more than 64 bits');
    let value = 0n;
    for (const [i, byte] of this.take(length).entries()) value |= BigInt(byte) << BigInt(8 * i);
    return Number(length === 0 ? 0n : BigInt.asIntN(8 * length, value));
  }

  private pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === mark) throw invalid('its pickle takes a value where there is none');
    return value;
  }

  private top(): PickleValue {
    const value = this.stack[this.stack.length - 1];
    if (value === undefined || value === mark) throw invalid('its pickle takes a value where there is none');
    return value;
  }

  private popMany(count: number): PickleValue[] {
    const values: PickleValue[] = [];
    for (let i = 0; i < count; i++) values.unshift(this.pop());
    return values;
  }

  private toMark(): PickleValue[] {
    const start = this.stack.lastIndexOf(mark);
    if (start < 0) throw invalid('its pickle closes a list that was never opened');
    const values = this.stack.splice(start + 1) as PickleValue[];
    this.stack.pop();
    return values;
  }

  private list(): PickleValue[] {
    const value = this.top();
    if (!Array.isArray(value)) throw invalid('its pickle appends to something that is no list');
    return value;
  }

  private map(): Map<PickleValue, PickleValue> {
    const value = this.top();
    if (!(value instanceof Map)) throw invalid('its pickle sets a key of something that is no dictionary');
    return value;
  }

  private recall(key: number): PickleValue {
    const value = this.memo.get(key);
    if (value === undefined) throw invalid('its pickle refers to a value that was never stored');
    return value;
  }
}

function global(name: string): GlobalReference {
  if (!allowedGlobals.has(name) && !storageGlobal.test(name)) {
    throw new SplatError(
      'model-invalid',
      `The checkpoint was refused: it asks for Python's ${name.replace(' ', '.')}, and only plain tensors are read.`,
      'Save the state dict alone (torch.save(model.state_dict(), file)) and open that.',
    );
  }
  return { kind: 'global', name };
}

function isReference(value: PickleValue, kind: 'global' | 'storage' | 'tensor'): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

function count(value: PickleValue): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid('a tensor in it has a size that is no count');
  return value;
}

function storage(id: PickleValue): StorageReference {
  if (
    !Array.isArray(id) ||
    id.length < 5 ||
    id[0] !== 'storage' ||
    !isReference(id[1], 'global') ||
    typeof id[2] !== 'string'
  )
    throw invalid('a storage in it is described in an unknown way');
  const match = storageGlobal.exec((id[1] as GlobalReference).name);
  if (match === null) throw invalid('a storage in it has an unknown type');
  return { kind: 'storage', type: `${match[1]}Storage`, key: id[2], length: count(id[4]) };
}

/** The meaning of the few calls in a file of tensors. */
function reduce(callee: PickleValue, args: PickleValue): PickleValue {
  if (!isReference(callee, 'global') || !Array.isArray(args))
    throw invalid('its pickle calls something that is no function');
  const { name } = callee as GlobalReference;
  if (name === 'collections OrderedDict') {
    if (args.length > 0) throw invalid('an ordered dictionary in it is built in an unknown way');
    return new Map();
  }
  if (name === 'torch Size') return args[0] ?? [];
  if (name === 'torch._utils _rebuild_parameter' && isReference(args[0] ?? null, 'tensor')) return args[0];
  if (name === 'torch._utils _rebuild_tensor_v2') {
    const [source, offset, shape, strides] = args;
    if (
      args.length >= 4 &&
      isReference(source, 'storage') &&
      Array.isArray(shape) &&
      Array.isArray(strides) &&
      shape.length === strides.length &&
      shape.length <= MOST_DIMENSIONS
    ) {
      return {
        kind: 'tensor',
        storage: source as StorageReference,
        offset: count(offset),
        shape: shape.map(count),
        strides: strides.map(count),
      };
    }
  }
  throw invalid(`its pickle calls ${name.replace(' ', '.')} in an unknown way`);
}
