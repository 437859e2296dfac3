import { truncated } from '../io/source.ts';

/** Reads little-endian numbers one after the other; throws `truncated-file` at the end of the bytes. */
export class ByteReader {
  private readonly view: DataView;
  private offset = 0;

  constructor(
    private readonly name: string,
    private readonly bytes: Uint8Array,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.offset === this.bytes.byteLength;
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** A count of 64 bits; larger ones than a double can hold are as good as infinite. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  float64s(count: number): number[] {
    return Array.from({ length: count }, () => this.view.getFloat64(this.take(8), true));
  }

  /** UTF-8 up to a zero byte, which is passed over. */
  zeroTerminated(): string {
    const end = this.bytes.indexOf(0, this.offset);
    if (end < 0) throw this.tooShort(1);
    const start = this.take(end + 1 - this.offset);
    return new TextDecoder().decode(this.bytes.subarray(start, end));
  }

  skip(length: number): void {
    this.take(length);
  }

  private take(length: number): number {
    const start = this.offset;
    if (!(length <= this.bytes.byteLength - start)) throw this.tooShort(length);
    this.offset += length;
    return start;
  }

  private tooShort(length: number) {
    return truncated(
      this.name,
      `${length} bytes are needed at offset ${this.offset}, ${this.bytes.byteLength - this.offset} are there`,
    );
  }
}
