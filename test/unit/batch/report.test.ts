import { describe, expect, test } from 'vitest';
import { batchProgress } from '../../../renderer/batch/progress.ts';
import { EMPTY_QUEUE, addItems, fail, finish, start } from '../../../renderer/batch/queue.ts';
import { reportPage } from '../../../renderer/batch/report-page.ts';
import { makeReport, reportSchema } from '../../../renderer/batch/report.ts';
import { countsText } from '../../../renderer/batch/words.ts';
import { formatBytes, formatDuration, formatRemaining } from '../../../renderer/core/units.ts';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const FACTS = {
  app: 'SplatFormer Desktop 1',
  created: new Date('2026-01-02T03:04:05Z'),
  outputFolder: '/out',
  modelName: 'm',
};

function finished() {
  let queue = addItems(EMPTY_QUEUE, [
    { id: A, input: '/in/<b>&"a.ply', stem: 'a', folder: 'in', bytes: 300 },
    { id: B, input: 'C:\\in\\b.ply', stem: 'b', folder: 'in', bytes: 100 },
  ]);
  queue = finish(
    start(queue, A, '/out/a-refined.ply'),
    A,
    {
      splats: 1234,
      refined: 1230,
      invalidPassedThrough: 4,
      outputSplats: 1234,
      blocks: 1,
      backend: 'cpu',
      outputBytes: 5_000_000,
      meanChange: { means: 0.00123 },
      notes: ['2 <b>strays</b> were left out.'],
    },
    65_000,
  );
  return fail(
    start(queue, B, '/out/b-refined.ply'),
    B,
    { code: 'truncated-file', message: 'b.ply ends too early.', advice: 'Copy it again.' },
    10,
  );
}

describe('the report', () => {
  test('holds every file and adds them up', () => {
    const report = reportSchema.parse(JSON.parse(JSON.stringify(makeReport(finished(), FACTS))));
    expect(report.summary).toEqual({
      files: 2,
      states: { queued: 0, running: 0, done: 1, skipped: 0, failed: 1, cancelled: 0 },
      splats: 1234,
      outputBytes: 5_000_000,
      milliseconds: 65_010,
    });
    expect(report.files[1]).toMatchObject({
      input: 'C:\\in\\b.ply',
      state: 'failed',
      error: { code: 'truncated-file' },
    });
  });

  test('as a page says the same, escaped, with nothing to fetch or run', () => {
    const page = reportPage(makeReport(finished(), FACTS));
    expect(page).toContain('&lt;b&gt;&amp;&quot;a.ply');
    for (const words of [
      '1 done, 1 failed',
      '1,234',
      '1 min 05 s',
      '0.0012',
      'a-refined.ply (5 MB, 4 invalid splats left as they were)<br>2 &lt;b&gt;strays&lt;/b&gt; were left out.',
      'b.ply ends too early. Copy it again.',
      '>b.ply<',
      '2026-01-02 03:04 UTC',
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/<script|<b>|https?:|src=/);
  });
});

describe('progress', () => {
  test('weighs files by their size', () => {
    expect(
      batchProgress(
        [
          { state: 'done', bytes: 300 },
          { state: 'running', bytes: 100 },
          { state: 'queued', bytes: 0 },
        ],
        0.5,
      ),
    ).toEqual({ fraction: 1 - 51 / 401, bytesLeft: 51 });
    expect(batchProgress([], 0)).toEqual({ fraction: 0, bytesLeft: 0 });
  });
});

describe('words', () => {
  test('say sizes, times and counts', () => {
    expect([999, 1000, 99_940, 1_500_000, 999_600_000].map(formatBytes)).toEqual([
      '999 bytes',
      '1 kB',
      '99.9 kB',
      '1.5 MB',
      '1 GB',
    ]);
    expect([1, 12_100, 125_000, 3_599_000].map(formatRemaining)).toEqual(['1 s', '13 s', '2 min 10 s', '1 h 00 min']);
    expect([0, 9_940, 9_960, 59_600, 3_600_000].map(formatDuration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '1 min 00 s',
      '1 h 00 min',
    ]);
    expect(countsText({ queued: 2, running: 0, done: 1000, skipped: 0, failed: 1, cancelled: 0 })).toBe(
      '1,000 done, 1 failed, 2 waiting',
    );
    const underWay = { queued: 2, running: 1, done: 0, skipped: 0, failed: 0, cancelled: 0 };
    expect([countsText(underWay), countsText(underWay, true)]).toEqual(['1 running, 2 waiting', '1 paused, 2 waiting']);
  });
});
