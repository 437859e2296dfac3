import { expect, it } from 'vitest';
import { mergeReports, parseReport } from '../../../../../electron/cli/refine/merge-reports.ts';
import type { RunReport } from '../../../../../electron/cli/refine/merge-reports.ts';

const outcome = (input: string, ok = true) => ({
  input,
  output: `out/${input}`,
  ok,
  ...(ok ? {} : { error: { code: 'truncated-file', message: 'It is cut short.' } }),
});

function part(shard: string, names: readonly string[], change: Partial<RunReport> = {}): RunReport {
  return {
    finished: '2026-01-01T00:00:00.000Z',
    settings: { outDir: 'out', strength: 1, resume: true, shard },
    model: { name: 'm', sha256: 'abc' },
    summary: { files: names.length, refined: names.length, skipped: 0, failed: 0, left: 0, seconds: 1.5 },
    results: names.map((name) => outcome(name)),
    ...change,
  };
}

it('sums the parts, puts the results into the order of the inputs and names missing parts', () => {
  const failed = part('3/4', ['c.ply'], {
    results: [outcome('c.ply', false)],
    summary: { files: 1, refined: 0, skipped: 0, failed: 1, left: 0, seconds: 0.25 },
  });
  const merged = mergeReports(
    new Map([
      ['3.json', failed],
      ['1.json', part('1/4', ['a.ply', 'e.ply'])],
    ]),
  );
  expect(merged.summary).toEqual({ files: 3, refined: 2, skipped: 0, failed: 1, left: 0, seconds: 1.75 });
  expect(merged.results.map(({ input }) => input)).toEqual(['a.ply', 'c.ply', 'e.ply']);
  expect(merged.shards).toEqual({ count: 4, missing: [2, 4] });
  expect(merged.settings).toEqual({ outDir: 'out', strength: 1, resume: true });
});

it('of two reports of one part takes the later', () => {
  const later = part('1/1', ['a.ply'], { finished: '2026-01-02T00:00:00.000Z' });
  const merged = mergeReports(
    new Map([
      ['new.json', later],
      ['old.json', part('1/1', ['a.ply', 'b.ply'])],
    ]),
  );
  expect(merged.summary.files).toBe(1);
  expect(merged.finished).toBe(later.finished);
});

it('refuses parts of other runs, and what is no report', () => {
  const two = (other: RunReport) =>
    mergeReports(
      new Map([
        ['1.json', part('1/2', ['a.ply'])],
        ['2.json', other],
      ]),
    );
  expect(() => two(part('2/2', [], { model: { sha256: 'other' } }))).toThrow('different models');
  expect(() => two(part('2/2', [], { settings: { shard: '2/2', outDir: 'out', strength: 0.5 } }))).toThrow('settings');
  expect(() => two(part('2/3', []))).toThrow('one has 2 parts, the other 3');
  expect(() => parseReport('x.json', '{"results":[]}')).toThrow('x.json is not a report of refine that can be used');
  expect(() => parseReport('x.json', '{')).toThrow('x.json is damaged');
});
