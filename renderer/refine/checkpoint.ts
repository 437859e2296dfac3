import { SplatError } from '../core/errors.ts';
import { isZipHead, listStoredZip } from '../core/stored-zip.ts';
import { formatBytes } from '../core/units.ts';
import { invalidCheckpoint as invalid } from './invalid-checkpoint.ts';
import { readPickle } from './pickle.ts';
import type { PickleValue, TensorReference } from './pickle.ts';
import type { TimeCheck } from './time-limit.ts';

/**
 * One tensor of a checkpoint, row-major. `read` decodes it to float32 on demand, so that one copy at a time is alive.
 */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  read(): Float32Array;
}

/** Tensors by state-dict name. */
export type TensorTable = ReadonlyMap<string, CheckpointTensor>;

/** The published widths take 190 MB in a few hundred tensors. */
const MOST_FILE_BYTES = 2 * 1024 ** 3;
const MOST_DESCRIPTION_BYTES = 1 << 20;
const MOST_TENSORS = 20_000;
/** Numbers that are decoded between two looks at the clock. */
const CHECK_EVERY = 1 << 16;

/**
 * Refuses, before they are read, a checkpoint or the description file beside it that is larger than any of a network.
 * Throws `model-invalid`.
 */
export function requireCheckpointSize(bytes: number, descriptionBytes = 0): void {
  if (bytes > MOST_FILE_BYTES) throw invalid(`it takes ${formatBytes(bytes)}, more than any network`);
  if (descriptionBytes > MOST_DESCRIPTION_BYTES)
    throw invalid(`the description file beside it takes ${formatBytes(descriptionBytes)}`);
}

/** Refuses, by the first bytes of a file, what PyTorch does not write. Throws `model-invalid`. */
export function requireCheckpointHead(head: Uint8Array): void {
  if (isZipHead(head)) return;
  const legacy = head[0] === 0x80 && head[1] === 2;
  throw new SplatError(
    'model-invalid',
    legacy
      ? "The checkpoint is in PyTorch's old format (before 1.6), which is not read."
      : 'The checkpoint is not a PyTorch file.',
    legacy ? 'Load it in a current PyTorch and save it again.' : 'Choose a .pth file that torch.save wrote.',
  );
}

/** The members of the archive by name, as views on its bytes. */
function membersOf(bytes: Uint8Array): Map<string, Uint8Array> {
  requireCheckpointHead(bytes);
  const entries = listStoredZip(bytes, invalid);
  return new Map(entries.map(({ name, offset, size }) => [name, bytes.subarray(offset, offset + size)]));
}

/**
 * Reads the tensors of a file that PyTorch's `torch.save` wrote (zip of a pickle and raw storages), without Python and
 * without running anything: see `pickle.ts`. A wrapping `{state_dict: …}` and a `module.` prefix on every name are
 * taken off.
 * Throws `model-invalid` for anything else, and what `check` throws, also while a tensor is decoded.
 */
export function readCheckpoint(bytes: Uint8Array, check: TimeCheck = () => undefined): TensorTable {
  const members = membersOf(bytes);
  const pickleName = [...members.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickleName === undefined)
    throw invalid('it is a ZIP archive, but not one that PyTorch wrote (data.pkl is missing)');
  const root = pickleName.slice(0, -'data.pkl'.length);
  const order = members.get(`${root}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() !== 'little')
    throw invalid('it was written on a big-endian machine');

  let value = readPickle(members.get(pickleName) as Uint8Array, check);
  if (value instanceof Map && value.get('state_dict') instanceof Map) value = value.get('state_dict') as PickleValue;
  if (!(value instanceof Map)) throw invalid('it holds no dictionary of tensors');

  const tensors = new Map<string, CheckpointTensor>();
  let elements = 0;
  for (const [key, entry] of value) {
    if (
      typeof key !== 'string' ||
      typeof entry !== 'object' ||
      entry === null ||
      !('kind' in entry) ||
      entry.kind !== 'tensor'
    )
      continue;
    const storage = members.get(`${root}data/${entry.storage.key}`);
    if (storage === undefined) throw invalid(`the numbers of ${key} are missing`);
    elements += entry.shape.reduce((product, n) => product * n, 1);
    // Tensors may share numbers, as tied weights do, but not all over again.
    if (elements > bytes.length) throw invalid('its tensors claim more numbers than the file has');
    check();
    tensors.set(key, openTensor(key, entry, storage, check));
    if (tensors.size > MOST_TENSORS) throw invalid(`it holds more than ${MOST_TENSORS} tensors`);
  }
  if (tensors.size === 0) throw invalid('it holds no tensors');
  if (![...tensors.keys()].every((name) => name.startsWith('module.'))) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice('module.'.length), tensor]));
}

type Decode = (view: DataView, index: number) => number;

/** Bytes an element and the decoder by storage class. Integer storages only ever hold counters here. */
const storageTypes: Readonly<Record<string, readonly [size: number, decode: Decode]>> = {
  FloatStorage: [4, (view, i) => view.getFloat32(i * 4, true)],
  DoubleStorage: [8, (view, i) => view.getFloat64(i * 8, true)],
  HalfStorage: [2, (view, i) => halfToFloat(view.getUint16(i * 2, true))],
  BFloat16Storage: [2, (view, i) => bfloatToFloat(view.getUint16(i * 2, true))],
  LongStorage: [8, (view, i) => Number(view.getBigInt64(i * 8, true))],
  IntStorage: [4, (view, i) => view.getInt32(i * 4, true)],
  ShortStorage: [2, (view, i) => view.getInt16(i * 2, true)],
  CharStorage: [1, (view, i) => view.getInt8(i)],
  ByteStorage: [1, (view, i) => view.getUint8(i)],
  BoolStorage: [1, (view, i) => view.getUint8(i)],
};

/** IEEE 754 binary16 to number. */
export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 (the upper half of a binary32) to number. */
export function bfloatToFloat(bits: number): number {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}

function openTensor(name: string, tensor: TensorReference, bytes: Uint8Array, check: TimeCheck): CheckpointTensor {
  const { shape, strides, offset, storage } = tensor;
  const [size, decode] = storageTypes[storage.type];
  const elements = shape.reduce((product, n) => product * n, 1);
  const last = elements === 0 ? -1 : shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis], offset);
  if (last >= storage.length || storage.length * size > bytes.length)
    throw invalid(`${name} reaches beyond its numbers`);
  // A tensor expanded with stride 0 could claim more elements than the file has bytes.
  if (elements > storage.length) throw invalid(`${name} claims more elements than are stored`);
  let contiguous = true;
  for (let axis = shape.length - 1, step = 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) contiguous = false;
    step *= shape[axis];
  }
  return {
    shape,
    read: () => {
      check();
      if (contiguous && storage.type === 'FloatStorage') {
        const start = bytes.byteOffset + offset * 4;
        return new Float32Array(bytes.buffer.slice(start, start + elements * 4) as ArrayBuffer);
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values = new Float32Array(elements);
      const index = new Array<number>(shape.length).fill(0);
      let at = offset;
      for (let i = 0; i < elements; i++) {
        if (i % CHECK_EVERY === 0) check();
        values[i] = decode(view, at);
        for (let axis = shape.length - 1; axis >= 0; axis--) {
          at += strides[axis];
          if (++index[axis] < shape[axis]) break;
          at -= strides[axis] * shape[axis];
          index[axis] = 0;
        }
      }
      return values;
    },
  };
}
