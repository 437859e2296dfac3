import type { SplatError } from './errors.ts';

/** A member of a zip archive that is stored without compression. */
export interface StoredEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly crc32: number;
  /** Where its bytes begin in the file. */
  readonly offset: number;
}

/**
 * Makes the error for an archive that can't be read, in the words of whoever has archives.
 * @param reason a clause about the file as "it"
 * @param isCutShort whether the end of the file is missing
 */
export type RefuseZip = (reason: string, isCutShort: boolean) => SplatError;

const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
/** What stands in 32 bits where a zip64 field has the number. */
const IN_ZIP64 = 0xffffffff;
const ZIP64_FIELD = 1;
/** A hundred bytes a member: of a list beyond this no program wrote the archive for this app. */
const MOST_DIRECTORY_BYTES = 64 << 20;
const SIGNATURES = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
} as const;

/** Whether a file begins as a zip archive with something in it does. */
export function isZipHead(head: Uint8Array): boolean {
  return head.length >= 4 && viewOf(head).getUint32(0, true) === SIGNATURES.local;
}

/** Lists a stored zip archive that is in memory, as `readStoredZip` does. */
export function listStoredZip(bytes: Uint8Array, refuse: RefuseZip): readonly StoredEntry[] {
  const steps = directoryOf(bytes.length, refuse);
  for (let step = steps.next(); ;) {
    if (step.done === true) return step.value;
    const [offset, length] = step.value;
    step = steps.next(bytes.subarray(offset, offset + length));
  }
}

/**
 * Lists a zip archive whose members are stored, as projects and PyTorch's checkpoints are written, by reading its
 * directory alone, zip64 included (PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3).
 * @param read bytes from an offset; fewer at the end of the file
 * @param size of the file in bytes
 * @returns members that lie before the list, and together are no larger than the file
 * @throws SplatError what `refuse` makes
 */
export async function readStoredZip(
  read: (offset: number, length: number) => Promise<Uint8Array>,
  size: number,
  refuse: RefuseZip,
): Promise<readonly StoredEntry[]> {
  const steps = directoryOf(size, refuse);
  for (let step = steps.next(); ;) {
    if (step.done === true) return step.value;
    step = steps.next(await read(...step.value));
  }
}

/** A member for messages: a damaged directory names anything, at any length. */
export function memberInWords(name: string): string {
  return /^[\w./-]{1,80}$/.test(name) ? `${name} in it` : 'a file in it';
}

/** Yields the places that it wants to read, is given their bytes, and returns the members. */
type Reading<T> = Generator<readonly [offset: number, length: number], T, Uint8Array>;

function* directoryOf(size: number, refuse: RefuseZip): Reading<readonly StoredEntry[]> {
  try {
    const { count, offset, length } = yield* placeOfDirectory(size, refuse);
    if (length > MOST_DIRECTORY_BYTES) throw refuse(`its list of contents takes ${length} bytes`, false);
    if (offset + length > size) throw refuse('its list of contents points outside the file', false);
    const members = centralMembers(viewOf(yield [offset, length]), count, refuse);
    if (members.reduce((sum, member) => sum + member.size, 0) > size)
      throw refuse('the files in it claim to be larger than it is', false);
    const entries: StoredEntry[] = [];
    for (const { local, ...member } of members) {
      const header = viewOf(yield [local, LOCAL_BYTES]);
      if (header.getUint32(0, true) !== SIGNATURES.local)
        throw refuse(`${memberInWords(member.name)} is not where it should be`, false);
      const start = local + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
      if (start + member.size > offset) throw refuse(`${memberInWords(member.name)} ends beyond its place`, false);
      entries.push({ ...member, offset: start });
    }
    return entries;
  } catch (error) {
    if (error instanceof RangeError) throw refuse('its list of contents is damaged', false);
    throw error;
  }
}

function* placeOfDirectory(
  size: number,
  refuse: RefuseZip,
): Reading<{ readonly count: number; readonly offset: number; readonly length: number }> {
  const head = viewOf(yield [0, 4]);
  if (head.byteLength < 4 || ![SIGNATURES.local, SIGNATURES.end].some((known) => known === head.getUint32(0, true)))
    throw refuse('it is no zip archive', false);
  const tailAt = Math.max(0, size - END_BYTES - LONGEST_COMMENT);
  const tail = viewOf(yield [tailAt, END_BYTES + LONGEST_COMMENT]);
  const end = findEnd(tail);
  if (end === undefined) throw refuse('it is cut short (the list of its contents is missing)', true);
  const locatorAt = tailAt + end - LOCATOR_BYTES;
  const locator = locatorAt < 0 ? undefined : viewOf(yield [locatorAt, LOCATOR_BYTES]);
  if (locator?.getUint32(0, true) !== SIGNATURES.zip64Locator)
    return {
      count: tail.getUint16(end + 10, true),
      length: tail.getUint32(end + 12, true),
      offset: tail.getUint32(end + 16, true),
    };
  const record = viewOf(yield [uint64(locator, 8, refuse), ZIP64_END_BYTES]);
  if (record.getUint32(0, true) !== SIGNATURES.zip64End) throw refuse('its zip64 record is damaged', false);
  return {
    count: uint64(record, 32, refuse),
    length: uint64(record, 40, refuse),
    offset: uint64(record, 48, refuse),
  };
}

function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) if (tail.getUint32(at, true) === SIGNATURES.end) return at;
  return undefined;
}

type Member = Omit<StoredEntry, 'offset'> & { readonly local: number };

function centralMembers(view: DataView, count: number, refuse: RefuseZip): Member[] {
  const text = new TextDecoder();
  const members: Member[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    if (view.getUint32(at, true) !== SIGNATURES.central) throw refuse('its list of contents is damaged', false);
    const nameEnd = at + CENTRAL_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const name = text.decode(
      new Uint8Array(view.buffer, view.byteOffset + at + CENTRAL_BYTES, nameEnd - at - CENTRAL_BYTES),
    );
    if (view.getUint16(at + 10, true) !== 0)
      throw refuse(`${memberInWords(name)} is compressed, which it should not be`, false);
    members.push({ name, crc32: view.getUint32(at + 16, true), ...placeOfMember(view, at, nameEnd, extraEnd, refuse) });
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return members;
}

/** Size and place of the member whose record begins at `at`; the zip64 field has only those that 32 bits can't. */
function placeOfMember(
  view: DataView,
  at: number,
  extraAt: number,
  extraEnd: number,
  refuse: RefuseZip,
): Pick<Member, 'size' | 'local'> {
  const [packed, size, local] = [20, 24, 42].map((field) => view.getUint32(at + field, true));
  for (let extra = extraAt; extra + 4 <= extraEnd; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) !== ZIP64_FIELD) continue;
    let field = extra + 4;
    const next = (short: number): number => {
      if (short !== IN_ZIP64) return short;
      field += 8;
      return uint64(view, field - 8, refuse);
    };
    const long = next(size);
    next(packed);
    return { size: long, local: next(local) };
  }
  return { size, local };
}

function uint64(view: DataView, at: number, refuse: RefuseZip): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw refuse('a size in it is impossible', false);
  return Number(value);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
