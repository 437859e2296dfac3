import { SplatError } from '../core/errors.ts';

/** A member of a zip archive that is stored without compression. */
export interface StoredEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly crc32: number;
  /** Where its bytes begin in the file. */
  readonly offset: number;
}

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const SIGNATURES = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 } as const;

/**
 * Lists a zip archive without zip64 whose members are stored, as projects are written (PKWARE APPNOTE 4.3.7, 4.3.12 and
 * 4.3.16), by reading its directory alone.
 * @param read bytes from an offset; fewer at the end of the file
 * @throws SplatError `invalid-file`, `truncated-file`
 */
export async function readStoredZip(
  read: (offset: number, length: number) => Promise<Uint8Array>,
  size: number,
  name: string,
): Promise<readonly StoredEntry[]> {
  const head = viewOf(await read(0, 4));
  if (head.byteLength < 4 || ![SIGNATURES.local, SIGNATURES.end].some((known) => known === head.getUint32(0, true)))
    throw damaged(name, 'it is no zip archive, which a project is');
  const tail = viewOf(await read(Math.max(0, size - END_BYTES - LONGEST_COMMENT), END_BYTES + LONGEST_COMMENT));
  const end = findEnd(tail);
  if (end === undefined)
    throw new SplatError('truncated-file', `${name} ends too early: the list of its contents is missing.`, COPY_AGAIN);
  const count = tail.getUint16(end + 10, true);
  const length = tail.getUint32(end + 12, true);
  const offset = tail.getUint32(end + 16, true);
  if (offset + length > size) throw damaged(name, 'its list of contents points outside the file');
  const directory = await read(offset, length);
  try {
    const entries = centralEntries(directory, count, name);
    return await Promise.all(
      entries.map(async ({ local, ...entry }) => {
        const header = viewOf(await read(local, LOCAL_BYTES));
        if (header.getUint32(0, true) !== SIGNATURES.local)
          throw damaged(name, `${memberInWords(entry.name)} is not where it should be`);
        const start = local + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
        if (start + entry.size > offset) throw damaged(name, `${memberInWords(entry.name)} ends beyond its place`);
        return { ...entry, offset: start };
      }),
    );
  } catch (error) {
    if (error instanceof RangeError) throw damaged(name, 'its list of contents is damaged');
    throw error;
  }
}

/** A member for messages: a damaged directory names anything, at any length. */
export function memberInWords(name: string): string {
  return /^[\w./-]{1,80}$/.test(name) ? `${name} in it` : 'a file in it';
}

function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) if (tail.getUint32(at, true) === SIGNATURES.end) return at;
  return undefined;
}

function centralEntries(directory: Uint8Array, count: number, name: string) {
  const view = viewOf(directory);
  const text = new TextDecoder();
  const entries: (Omit<StoredEntry, 'offset'> & { readonly local: number })[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (view.getUint32(at, true) !== SIGNATURES.central) throw damaged(name, 'its list of contents is damaged');
    const nameEnd = at + CENTRAL_BYTES + view.getUint16(at + 28, true);
    const entryName = text.decode(directory.subarray(at + CENTRAL_BYTES, nameEnd));
    if (view.getUint16(at + 10, true) !== 0)
      throw damaged(name, `${memberInWords(entryName)} is packed, and parts of a project are not`);
    entries.push({
      name: entryName,
      size: view.getUint32(at + 24, true),
      crc32: view.getUint32(at + 16, true),
      local: view.getUint32(at + 42, true),
    });
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

const COPY_AGAIN = 'Copy or download the file again.';

function damaged(name: string, reason: string): SplatError {
  return new SplatError('invalid-file', `${name} is not a project that can be opened: ${reason}.`, COPY_AGAIN);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
