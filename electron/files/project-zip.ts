import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { Zip, ZipPassThrough } from 'fflate';
import { SplatError } from '../../renderer/core/errors.ts';
import { memberInWords, readStoredZip } from '../../renderer/core/stored-zip.ts';
import type { StoredEntry } from '../../renderer/core/stored-zip.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { openToRead } from '../../renderer/io/node-source.ts';

/** The member that says what a project is; its arrays are in the others. */
const DESCRIPTION = 'project.json';
const PART_NAME = /^parts\/([a-z0-9-]{1,64})\.bin$/;
/** Longest description that is read: thousands of steps have a hundredth of it. */
const MAX_DESCRIPTION_BYTES = 64 << 20;
const CHECKED_AT_ONCE = 1 << 22;

/**
 * Writes a project as a zip archive, part by part: any program can list it and take things out. Nothing is compressed,
 * as arrays of floats hardly shrink, so that each part can be read in its place.
 */
export class ProjectZip {
  private readonly made: Uint8Array[] = [];
  private readonly zip = new Zip((error, bytes) => {
    if (error !== null) throw error;
    this.made.push(bytes);
  });
  private part: { readonly id: string; readonly file: ZipPassThrough } | undefined;

  /** The bytes that the file goes on with, where a part goes on or is over. */
  add(id: string, bytes: Uint8Array, isLast: boolean): Uint8Array[] {
    if (this.part?.id !== id) this.part = { id, file: this.member(`parts/${id}.bin`) };
    this.part.file.push(bytes, isLast);
    if (isLast) this.part = undefined;
    return this.made.splice(0);
  }

  /** The bytes that the file ends with. */
  end(description: string): Uint8Array[] {
    this.member(DESCRIPTION).push(new TextEncoder().encode(description), true);
    this.zip.end();
    return this.made.splice(0);
  }

  private member(name: string): ZipPassThrough {
    const file = new ZipPassThrough(name);
    this.zip.add(file);
    return file;
  }
}

/** A project file's description, and where its parts lie in it. */
export interface ReadProject {
  readonly description: string;
  readonly parts: readonly (StoredEntry & { readonly id: string })[];
}

/**
 * Reads a project file and checks every byte of it against its checksum, so that damage is found before anything is
 * made of it.
 * @throws SplatError `io`, `invalid-file`, `truncated-file`
 */
export function readProjectZip(path: string): Promise<ReadProject> {
  return withProjectFile(path, readProjectBytes);
}

/** A project file's description alone; its parts are not looked at. Throws as `readProjectZip`. */
export function readProjectDescription(path: string): Promise<string> {
  return withProjectFile(path, async (read, size, name) => {
    const described = descriptionIn(await entriesOf(read, size, name), name);
    await checkEntry(read, described, name);
    return new TextDecoder().decode(await read(described.offset, described.size));
  });
}

type UseProject<T> = (read: ReadAt, size: number, name: string) => Promise<T>;

async function withProjectFile<T>(path: string, use: UseProject<T>): Promise<T> {
  const name = basename(path);
  let file: FileHandle;
  try {
    file = await openToRead(path);
  } catch (error) {
    throw error instanceof SplatError ? error : fileError(error, 'opened', name);
  }
  try {
    const { size } = await file.stat();
    return await use((offset, length) => readAt(file, offset, length), size, name);
  } catch (error) {
    throw error instanceof SplatError ? error : fileError(error, 'read', name);
  } finally {
    await file.close();
  }
}

/** Reads bytes of a file from an offset; fewer at its end. */
type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

/** `readProjectZip` of a file that is open. */
export async function readProjectBytes(read: ReadAt, size: number, name: string): Promise<ReadProject> {
  const entries = await entriesOf(read, size, name);
  const described = descriptionIn(entries, name);
  for (const entry of entries) await checkEntry(read, entry, name);
  return {
    description: new TextDecoder().decode(await read(described.offset, described.size)),
    parts: entries.flatMap((entry) => {
      const id = PART_NAME.exec(entry.name)?.[1];
      return id === undefined ? [] : [{ ...entry, id }];
    }),
  };
}

function entriesOf(read: ReadAt, size: number, name: string): Promise<readonly StoredEntry[]> {
  return readStoredZip(read, size, (reason, isCutShort) => notOpened(name, reason, isCutShort));
}

function descriptionIn(entries: readonly StoredEntry[], name: string): StoredEntry {
  const described = entries.find((entry) => entry.name === DESCRIPTION);
  if (described === undefined || described.size > MAX_DESCRIPTION_BYTES) throw damaged(name, 'it lacks a description');
  return described;
}

/** The bytes of a part of a project file. @throws SplatError `invalid-file` where it is not there */
export async function readProjectPart(path: string, { parts }: ReadProject, id: string): Promise<ArrayBuffer> {
  const part = parts.find((one) => one.id === id);
  if (part === undefined) throw damaged(basename(path), `its part ${id} is missing`);
  const file = await openToRead(path);
  try {
    return (await readAt(file, part.offset, part.size)).buffer;
  } finally {
    await file.close();
  }
}

async function checkEntry(read: ReadAt, entry: StoredEntry, name: string): Promise<void> {
  let sum = 0;
  for (let done = 0; done < entry.size; done += CHECKED_AT_ONCE)
    sum = crc32(await read(entry.offset + done, Math.min(CHECKED_AT_ONCE, entry.size - done)), sum);
  if (sum !== entry.crc32) throw damaged(name, `${memberInWords(entry.name)} does not have its checksum`);
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function notOpened(name: string, reason: string, isCutShort: boolean): SplatError {
  return new SplatError(
    isCutShort ? 'truncated-file' : 'invalid-file',
    `${name} is not a project that can be opened: ${reason}.`,
    'Copy or download the file again.',
  );
}

function damaged(name: string, reason: string): SplatError {
  return new SplatError('invalid-file', `${name} is damaged: ${reason}.`, 'Copy it again, or open an earlier copy.');
}
