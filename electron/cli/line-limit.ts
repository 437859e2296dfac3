import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/** A request names a few files: its line is a thousandth of this. */
export const LONGEST_LINE_BYTES = 1 << 20;
const NEWLINE = 10;

/** Passes on lines, of each no more than a megabyte: one that never ends would fill the memory of who waits for it. */
export class LineLimit extends Transform {
  private passed = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let from = 0; from < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline < 0 ? chunk.length : newline;
      const room = Math.min(end - from, LONGEST_LINE_BYTES - this.passed);
      if (room > 0) this.push(chunk.subarray(from, from + room));
      this.passed += room;
      if (newline >= 0) {
        this.push('\n');
        this.passed = 0;
      }
      from = end + 1;
    }
    done();
  }
}
