/** The comment of a gzip header (RFC 1952): every decompressor passes over it. */

const FIXED_HEADER_BYTES = 10;
const FLAGS_AT = 3;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/**
 * The gzip file `bytes`, whose header has nothing optional (as CompressionStream writes it), with a comment of
 * printable ASCII.
 */
export function withGzipComment(bytes: Uint8Array, comment: string): Uint8Array {
  const text = new TextEncoder().encode(`${comment}\0`);
  const all = new Uint8Array(bytes.length + text.length);
  all.set(bytes.subarray(0, FIXED_HEADER_BYTES));
  all[FLAGS_AT] |= HAS_COMMENT;
  all.set(text, FIXED_HEADER_BYTES);
  all.set(bytes.subarray(FIXED_HEADER_BYTES), FIXED_HEADER_BYTES + text.length);
  return all;
}

/** The comment in the first bytes of a gzip file, or undefined without one. */
export function gzipComment(head: Uint8Array): string | undefined {
  const flags = head[FLAGS_AT] ?? 0;
  if (head[0] !== 0x1f || head[1] !== 0x8b || (flags & HAS_COMMENT) === 0) return undefined;
  let from = FIXED_HEADER_BYTES;
  if ((flags & HAS_EXTRA) !== 0) from += 2 + (head[from] ?? 0) + 256 * (head[from + 1] ?? 0);
  if ((flags & HAS_NAME) !== 0) {
    const nameEnd = head.indexOf(0, from);
    if (nameEnd < 0) return undefined;
    from = nameEnd + 1;
  }
  const end = head.indexOf(0, from);
  return end < 0 ? undefined : new TextDecoder('latin1').decode(head.subarray(from, end));
}
