/** An array that is kept beside a record, under a name of its own. */
export interface Part {
  readonly id: string;
  readonly byteLength: number;
  /** The bytes to write; they are made when they are asked for. */
  readonly bytes: () => Uint8Array;
}

/** Names arrays: the same array, which is immutable, has the same name as long as it lives. */
export class PartNames {
  private readonly names = new WeakMap<object, string>();

  constructor(private readonly makeName: () => string = () => crypto.randomUUID()) {}

  /** The array as a part, byte for byte. */
  array(values: ArrayBufferView): Part {
    const { buffer, byteOffset, byteLength } = values;
    return { id: this.nameOf(values), byteLength, bytes: () => new Uint8Array(buffer, byteOffset, byteLength) };
  }

  /** The mask as a part of one bit a splat. */
  mask(mask: Uint8Array): Part {
    return { id: this.nameOf(mask), byteLength: Math.ceil(mask.length / 8), bytes: () => bitsOfMask(mask) };
  }

  private nameOf(values: object): string {
    const known = this.names.get(values);
    if (known !== undefined) return known;
    const name = this.makeName();
    this.names.set(values, name);
    return name;
  }
}

/** A mask of 0 and 1 as bits, lowest first. */
export function bitsOfMask(mask: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  for (let i = 0; i < mask.length; i++) bits[i >> 3] |= mask[i] << (i & 7);
  return bits;
}

/** The inverse of `bitsOfMask`. */
export function maskOfBits(bits: Uint8Array, count: number): Uint8Array {
  const mask = new Uint8Array(count);
  for (let i = 0; i < count; i++) mask[i] = (bits[i >> 3] >> (i & 7)) & 1;
  return mask;
}
