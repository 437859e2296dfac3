import { basename } from 'node:path';
import { z } from 'zod';
import type { DownloadFiles, PartWriter } from './download-files.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';

const noteSchema = z.object({
  url: z.string(),
  sha256: z.string(),
  /** The server's strong validator of the file that the part was taken from; without one a part can't be continued. */
  etag: z.string().nullable(),
  /** Bytes of the whole file, null where the server did not say. */
  totalBytes: z.int().min(0).nullable(),
});
type PartNote = z.infer<typeof noteSchema>;

/** The unfinished file of a download, FILE.part, and what is known of it, FILE.part.json. */
export class PartFile {
  private note: PartNote | undefined;
  private received = 0;

  private constructor(
    /** The finished file's place. */
    private readonly file: string,
    private readonly source: { readonly url: string; readonly sha256: string },
    private readonly files: DownloadFiles,
  ) {}

  /** Takes up what lies there. A part of another address or file, or one that nothing is known of, counts as none. */
  static async open(
    file: string,
    source: { readonly url: string; readonly sha256: string },
    files: DownloadFiles,
  ): Promise<PartFile> {
    const part = new PartFile(file, source, files);
    await part.reload();
    return part;
  }

  get path(): string {
    return `${this.file}.part`;
  }

  get receivedBytes(): number {
    return this.received;
  }

  get totalBytes(): number | null {
    return this.note?.totalBytes ?? null;
  }

  /** Validator to continue with, undefined where the download must start over. */
  get etag(): string | undefined {
    return this.received > 0 ? (this.note?.etag ?? undefined) : undefined;
  }

  get isComplete(): boolean {
    return this.received > 0 && this.received === this.totalBytes;
  }

  async reload(): Promise<void> {
    const [text, size] = await Promise.all([
      this.onDisk(() => this.files.readText(this.notePath), 'read'),
      this.onDisk(() => this.files.size(this.path), 'read'),
    ]);
    const note = parseNote(text);
    const fits =
      note !== undefined &&
      note.url === this.source.url &&
      note.sha256 === this.source.sha256 &&
      (size ?? 0) <= (note.totalBytes ?? Infinity);
    this.note = fits ? note : undefined;
    this.received = fits ? (size ?? 0) : 0;
  }

  /** Starts over with the file that the server offers now. */
  async begin(etag: string | null, totalBytes: number | null): Promise<PartWriter> {
    // Emptied before its note changes: a crash in between leaves an empty part, never old bytes under a new note.
    const writer = await this.onDisk(() => this.files.openAt(this.path, 0), 'written');
    this.received = 0;
    this.note = { ...this.source, etag, totalBytes };
    await this.onDisk(() => this.files.writeText(this.notePath, JSON.stringify(this.note)), 'written');
    return writer;
  }

  /** Goes on after the last byte. */
  continue(): Promise<PartWriter> {
    return this.onDisk(() => this.files.openAt(this.path, this.received), 'written');
  }

  async write(writer: PartWriter, bytes: Uint8Array): Promise<void> {
    await this.onDisk(() => writer.write(bytes), 'written');
    this.received += bytes.length;
  }

  async finish(writer: PartWriter): Promise<void> {
    await this.onDisk(() => writer.finish(), 'written');
  }

  /** Bytes that are free on its disk. */
  freeBytes(): Promise<number> {
    return this.onDisk(() => this.files.freeBytes(this.path), 'written');
  }

  /** The finished part takes its place. */
  async install(): Promise<void> {
    await this.onDisk(() => this.files.moveIntoPlace(this.path, this.file), 'written');
    await this.files.remove(this.notePath);
  }

  async discard(): Promise<void> {
    await this.onDisk(() => this.files.remove(this.path), 'removed');
    await this.onDisk(() => this.files.remove(this.notePath), 'removed');
    this.note = undefined;
    this.received = 0;
  }

  private get notePath(): string {
    return `${this.path}.json`;
  }

  private async onDisk<T>(body: () => Promise<T>, action: string): Promise<T> {
    try {
      return await body();
    } catch (error) {
      throw fileError(error, action, basename(this.file));
    }
  }
}

function parseNote(text: string | undefined): PartNote | undefined {
  if (text === undefined) return undefined;
  try {
    return noteSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // A damaged note means that nothing is known of the part.
    return undefined;
  }
}
