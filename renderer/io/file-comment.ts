/** Comments in files that others defined: of a zip archive, in a JSON description, at the end of a web page. */

const ZIP_END = [0x50, 0x4b, 0x05, 0x06];
const ZIP_END_BYTES = 22;
/** The end of a zip archive with the longest comment. */
export const ZIP_TAIL_BYTES = ZIP_END_BYTES + 65535;

/** A zip archive without a comment, or a JSON description, with one of printable ASCII; as it is without one. */
export function withComment(bytes: Uint8Array, comment: string | undefined): Uint8Array {
  if (comment === undefined) return bytes;
  return bytes[0] === ZIP_END[0] ? withZipComment(bytes, comment) : withJsonComment(bytes, comment);
}

function withZipComment(bytes: Uint8Array, comment: string): Uint8Array {
  const text = new TextEncoder().encode(comment);
  const all = new Uint8Array(bytes.length + text.length);
  all.set(bytes);
  all.set(text, bytes.length);
  new DataView(all.buffer).setUint16(bytes.length - 2, text.length, true);
  return all;
}

/** The comment of a zip archive that ends here, in its last bytes; undefined where it is not whole. */
export function zipComment(tail: Uint8Array): string | undefined {
  for (let at = tail.length - ZIP_END_BYTES; at >= 0; at--) {
    if (!ZIP_END.every((value, i) => tail[at + i] === value)) continue;
    const length = tail[at + 20] + 256 * tail[at + 21];
    if (at + ZIP_END_BYTES + length !== tail.length) continue;
    return new TextDecoder('latin1').decode(tail.subarray(at + ZIP_END_BYTES));
  }
  return undefined;
}

function withJsonComment(bytes: Uint8Array, comment: string): Uint8Array {
  const description = JSON.parse(new TextDecoder().decode(bytes)) as { readonly asset?: object };
  const asset = { ...description.asset, extras: { comment } };
  return new TextEncoder().encode(JSON.stringify({ ...description, asset }));
}

/** The comment in a JSON description, of SOG and of glTF alike. */
export function jsonComment(description: unknown): string | undefined {
  const { asset } = (description ?? {}) as { readonly asset?: { readonly extras?: { readonly comment?: unknown } } };
  const comment = asset?.extras?.comment;
  return typeof comment === 'string' ? comment : undefined;
}

const COMMENT_START = '<!-- ';
const COMMENT_END = ' -->\n';

/** The comment at the end of a page as `htmlCommentLine` wrote it; undefined where there is none. */
export function htmlComment(tail: string): string | undefined {
  const from = tail.lastIndexOf(COMMENT_START);
  if (from < 0 || !tail.endsWith(COMMENT_END)) return undefined;
  const text = tail.slice(from + COMMENT_START.length, -COMMENT_END.length);
  return text.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}

/** The last line of a page that holds a comment. */
export function htmlCommentLine(comment: string): string {
  return `${COMMENT_START}${htmlText(comment)}${COMMENT_END}`;
}

/** A text as HTML has it. */
export function htmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
