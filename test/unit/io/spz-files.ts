/** A zstd frame that holds bytes as they are. */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: number[] = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...new Uint8Array(Uint32Array.of(bytes.length).buffer)];
  for (let at = 0; at < bytes.length; at += 131_072) {
    const block = bytes.subarray(at, at + 131_072);
    const head = (at + 131_072 >= bytes.length ? 1 : 0) | (block.length << 3);
    parts.push(head & 255, (head >> 8) & 255, head >> 16);
    for (const byte of block) parts.push(byte);
  }
  return Uint8Array.from(parts);
}

/** An SPZ of version 4 without harmonics with some of degree 4, 72 bytes a splat. */
export function withDegree4(base: Uint8Array, harmonics: Uint8Array): Uint8Array {
  const table = new DataView(base.buffer, base.byteOffset).getUint32(16, true);
  const stream = stored(harmonics);
  const row = new BigUint64Array([BigInt(stream.length), BigInt(harmonics.length)]);
  const file = Uint8Array.from([
    ...base.subarray(0, table + 5 * 16),
    ...new Uint8Array(row.buffer),
    ...base.subarray(table + 5 * 16),
    ...stream,
  ]);
  file[12] = 4;
  file[15] = 6;
  return file;
}
