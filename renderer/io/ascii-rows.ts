import type { SceneSource } from './source.ts';
import { invalid, truncated } from './source.ts';

const CHUNK_BYTES = 1 << 20;
/** Longest believable row; a file without line ends is not collected whole. */
const MAX_ROW_CHARACTERS = 1 << 20;

/** The rows of numbers in the text body of an ASCII PLY, one a line, read from front to back in pieces. */
export class AsciiRows {
  private text = '';
  private at = 0;
  private row = 0;

  /** @param offset first byte of the body */
  constructor(
    private readonly source: SceneSource,
    private offset: number,
  ) {}

  /** Passes over rows of whatever content. @throws SplatError `truncated-file`, `invalid-file` */
  async skip(rows: number): Promise<void> {
    for (let i = 0; i < rows; i++) await this.next();
  }

  /** @returns (rows, columns). @throws SplatError `truncated-file`, `invalid-file` */
  async read(rows: number, columns: number): Promise<Float64Array> {
    const values = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++) {
      const words = (await this.next()).split(/\s+/);
      if (words.length !== columns)
        throw this.isAtEnd
          ? truncated(this.source.name, 'its last row is cut off')
          : invalid(this.source.name, `row ${this.row} holds ${words.length} numbers where ${columns} are declared`);
      for (let k = 0; k < columns; k++) values[i * columns + k] = this.parse(words[k]);
    }
    return values;
  }

  /** @throws SplatError `invalid-file` where there are rows left: a count that is too low is not believed. */
  async assertEnd(): Promise<void> {
    const counted = this.row;
    if ((await this.line()) !== undefined)
      throw invalid(this.source.name, `it holds more rows than the ${counted} that its header accounts for`);
  }

  private get isAtEnd(): boolean {
    return this.offset >= this.source.size && this.at >= this.text.length;
  }

  private async next(): Promise<string> {
    const line = await this.line();
    if (line === undefined) throw truncated(this.source.name, `it ends after ${this.row} rows`);
    this.row++;
    return line;
  }

  /** The next line that is not blank, trimmed; undefined at the end. */
  private async line(): Promise<string | undefined> {
    while (!this.isAtEnd) {
      const end = this.text.indexOf('\n', this.at);
      if (end < 0 && this.offset < this.source.size) {
        await this.load();
        continue;
      }
      const line = this.text.slice(this.at, end < 0 ? undefined : end).trim();
      this.at = end < 0 ? this.text.length : end + 1;
      if (line !== '') return line;
    }
    return undefined;
  }

  private async load(): Promise<void> {
    if (this.text.length - this.at > MAX_ROW_CHARACTERS)
      throw invalid(this.source.name, `row ${this.row + 1} has no end`);
    const bytes = await this.source.read(this.offset, Math.min(CHUNK_BYTES, this.source.size - this.offset));
    if (bytes.byteLength === 0) throw truncated(this.source.name, 'it became shorter while it was read');
    this.offset += bytes.byteLength;
    this.text = this.text.slice(this.at) + new TextDecoder('latin1').decode(bytes);
    this.at = 0;
  }

  private parse(word: string): number {
    const value = Number(word);
    if (!Number.isNaN(value)) return value;
    // As C's printf writes what has no digits.
    if (/^[-+]?nan(\(.*\))?$/i.test(word)) return NaN;
    if (/^[-+]?inf(inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
    throw invalid(this.source.name, `row ${this.row} holds "${word.slice(0, 20)}", which is no number`);
  }
}
