import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { LONGEST_LINE_BYTES, LineLimit } from '../../../../electron/cli/line-limit.ts';

async function linesOf(pieces: readonly string[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: Readable.from(pieces.map(Buffer.from)).pipe(new LineLimit()) }))
    lines.push(line);
  return lines;
}

it('passes lines on as they are, however they are cut', async () => {
  expect(await linesOf(['{"a":', '1}\n\n{"b"', ':2}\r\nlast'])).toEqual(['{"a":1}', '', '{"b":2}', 'last']);
});

it('cuts a line that does not end, and goes on with the next', async () => {
  const megabyte = 'x'.repeat(1 << 20);
  const [long, next] = await linesOf([...Array<string>(50).fill(megabyte), 'rest\nnext\n']);
  expect(long).toHaveLength(LONGEST_LINE_BYTES);
  expect(next).toBe('next');
});
