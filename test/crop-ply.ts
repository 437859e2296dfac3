/** The bytes of a binary PLY with only the `count` rows of its vertices from row `first` on. */
export function cropPly(bytes: Uint8Array, count: number, first = 0): Uint8Array {
  const marker = 'end_header\n';
  const end = Buffer.from(bytes).indexOf(marker) + marker.length;
  const header = Buffer.from(bytes.subarray(0, end)).toString('latin1');
  const all = Number(/element vertex (\d+)/.exec(header)?.[1]);
  if (!(first + count <= all)) throw new Error(`Rows ${first} to ${first + count} of ${all} can't be taken.`);
  const stride = (bytes.length - end) / all;
  const cropped = Buffer.from(header.replace(`element vertex ${all}`, `element vertex ${count}`), 'latin1');
  // A plain array: a Buffer can be a view into another one.
  return Uint8Array.from(
    Buffer.concat([cropped, bytes.subarray(end + first * stride, end + (first + count) * stride)]),
  );
}
