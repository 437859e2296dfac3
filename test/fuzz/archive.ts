import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

export interface Entry {
  name: string;
  bytes: Uint8Array;
  readonly isDeflated: boolean;
}

/** The entries of a sound zip; undefined for any other bytes. */
export function unzipped(bytes: Uint8Array): Entry[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return undefined;
  const entries: Entry[] = [];
  try {
    for (let at = view.getUint32(end + 16, true), k = 0; k < view.getUint16(end + 10, true); k++) {
      const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
      const isDeflated = view.getUint16(at + 10, true) === 8;
      const local = view.getUint32(at + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const packed = bytes.subarray(start, start + view.getUint32(at + 20, true));
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      entries.push({ name, bytes: isDeflated ? new Uint8Array(inflateRawSync(packed)) : packed, isDeflated });
      at += 46 + nameLength + extra + comment;
    }
  } catch {
    return undefined;
  }
  return entries.length > 0 ? entries : undefined;
}

/** What a zip says of its first entry, in the place of what is true. */
export interface Lie {
  readonly claimedBytes: number;
}

/** The zip of some entries, its sums right, so that what unpacks it goes on to what is inside. */
export function zipped(entries: readonly Entry[], lie?: Lie): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [index, { name, bytes, isDeflated }] of entries.entries()) {
    const encoded = new TextEncoder().encode(name).subarray(0, 65535);
    const packed = isDeflated ? new Uint8Array(deflateRawSync(bytes, { level: 1 })) : bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(isDeflated ? 8 : 0, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(index === 0 && lie !== undefined ? lie.claimedBytes : bytes.length, 18);
    common.writeUInt16LE(encoded.length, 22);
    const offset = Buffer.alloc(14);
    offset.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, offset, encoded);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, encoded, packed);
    at += 30 + encoded.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length & 0xffff, 8);
  end.writeUInt16LE(entries.length & 0xffff, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, list, end]));
}
