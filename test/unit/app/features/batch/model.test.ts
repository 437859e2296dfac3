import { afterEach, expect, test, vi } from 'vitest';
import { BatchInbox, GAP_MS } from '../../../../../renderer/app/features/batch/inbox.ts';
import { BatchModel } from '../../../../../renderer/app/features/batch/model.ts';
import type { BatchChange, BatchProgressView, BatchRow, BatchStatus } from '../../../../../renderer/batch/view.ts';

const STATUS: BatchStatus = {
  run: 'running',
  isHeld: false,
  offersResume: false,
  settings: {
    outputFolder: 'in / refined',
    pattern: '{name}',
    format: 'spz',
    strength: 1,
    up: 'file',
    replace: false,
    modelName: 'm',
    usesShippedModel: true,
  },
};
const row = (id: string, state: BatchRow['state']): BatchRow => ({
  id,
  name: `${id}.ply`,
  folder: 'in',
  bytes: 10,
  state,
});

test('the page’s copy of the batch follows main’s messages in order', () => {
  const model = new BatchModel();
  const heard: string[] = [];
  model.watch({
    rows: (changed, removed) => heard.push(`rows ${changed.map(({ id }) => id).join(',')} -${removed.join(',')}`),
    status: ({ run }) => heard.push(`status ${run}`),
    progress: ({ id, fileFraction }) => heard.push(`progress ${id} ${fileFraction}`),
  });
  expect(model.status).toBeUndefined();
  model.change({ rows: [row('a', 'done'), row('b', 'running'), row('c', 'queued')], status: STATUS });
  model.change({
    progress: { id: 'b', stage: 'Refining', fileFraction: 0.5, fraction: 0.4, bytesLeft: 15, elapsedMs: 3 },
  });
  expect(model.progress?.id).toBe('b');
  model.change({ rows: [row('b', 'failed'), row('d', 'queued')], removed: ['a'] });
  expect(heard).toEqual(['rows a,b,c -', 'status running', 'progress b 0.5', 'rows b,d -a']);
  expect(model.progress).toBeUndefined();
  expect([...model.rows].map(({ id }) => id)).toEqual(['b', 'c', 'd']);
  expect(model.idsOf('failed', 'queued')).toEqual(['b', 'c', 'd']);
  expect(model.counts).toMatchObject({ failed: 1, queued: 2, done: 0 });
  expect(model.row('a')).toBeUndefined();
});

afterEach(() => {
  vi.useRealTimers();
});

/** An inbox on fake time, and what it passed on. */
function inbox(): { readonly add: (change: BatchChange) => void; readonly heard: BatchChange[] } {
  vi.useFakeTimers();
  const heard: BatchChange[] = [];
  const box = new BatchInbox((change) => heard.push(change));
  return { add: (change) => box.add(change), heard };
}
const progress = (id: string, fileFraction: number): BatchProgressView => ({
  id,
  stage: 'Refining',
  fileFraction,
  fraction: 0,
  bytesLeft: 1,
  elapsedMs: 1,
});

test('a thousand quick files are told in as many messages as there are gaps, each row in its last state', () => {
  const { add, heard } = inbox();
  for (let file = 0; file < 1000; file++) {
    add({ rows: [row(`f${file}`, 'running')] });
    add({ progress: progress(`f${file}`, 0.5) });
    add({ rows: [row(`f${file}`, 'done')] });
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(GAP_MS);
  expect(heard.length).toBeLessThanOrEqual(1 + Math.ceil((1000 + GAP_MS) / GAP_MS));
  const last = new Map(heard.flatMap(({ rows = [] }) => rows).map(({ id, state }) => [id, state]));
  expect(last.size).toBe(1000);
  expect(new Set(last.values())).toEqual(new Set(['done']));
  // What was said of a file's progress must not reach its row after its end.
  expect(heard.filter((change) => change.progress !== undefined)).toEqual([]);
});

test('the first message and every turn of the run are passed on at once, the rest when the gap is over', () => {
  const { add, heard } = inbox();
  add({ rows: [row('a', 'queued'), row('b', 'queued')], status: { ...STATUS, run: 'idle' } });
  expect(heard).toHaveLength(1);
  add({ status: STATUS });
  expect(heard[1]).toEqual({ status: STATUS });
  add({ rows: [row('a', 'running')] });
  add({ progress: progress('a', 0.2) });
  add({ progress: progress('a', 0.7) });
  add({ removed: ['b'] });
  expect(heard).toHaveLength(2);
  vi.advanceTimersByTime(GAP_MS);
  expect(heard[2]).toEqual({ rows: [row('a', 'running')], removed: ['b'], progress: progress('a', 0.7) });
  add({ rows: [row('a', 'done')] });
  add({ status: { ...STATUS, run: 'idle' } });
  expect(heard[3]).toEqual({ rows: [row('a', 'done')], status: { ...STATUS, run: 'idle' } });
  vi.advanceTimersByTime(3 * GAP_MS);
  expect(heard).toHaveLength(4);
  add({ removed: ['a'] });
  expect(heard).toHaveLength(5);
});
