import { describe, expect, test } from 'vitest';
import {
  EMPTY_QUEUE,
  addItems,
  cancel,
  commit,
  countStates,
  fail,
  finish,
  nextQueued,
  queueSchema,
  recover,
  remove,
  retry,
  runningItem,
  setRun,
  start,
} from '../../../renderer/batch/queue.ts';
import type { BatchQueue, ItemResult } from '../../../renderer/batch/queue.ts';
import { rowOf } from '../../../renderer/batch/view.ts';

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const RESULT: ItemResult = {
  splats: 10,
  refined: 9,
  invalidPassedThrough: 1,
  outputSplats: 10,
  blocks: 1,
  backend: 'cpu',
  outputBytes: 900,
  meanChange: { means: 0.01 },
};
const ANSWER = { bytes: 900, sha256: 'a'.repeat(64), result: RESULT };

function queueOf(count: number): BatchQueue {
  return addItems(
    EMPTY_QUEUE,
    Array.from({ length: count }, (_, n) => ({
      id: idOf(n),
      input: `/in/${n}.ply`,
      stem: String(n),
      folder: 'in',
      bytes: 100,
    })),
  );
}
const states = (queue: BatchQueue): string => queue.items.map(({ state }) => state[0]).join('');

describe('the queue', () => {
  test('takes each scene once', () => {
    const queue = addItems(queueOf(2), [
      { id: idOf(7), input: '/in/1.ply', stem: '1', folder: 'in', bytes: 1 },
      { id: idOf(8), input: '/in/new.ply', stem: 'new', folder: 'in', bytes: 1 },
      { id: idOf(9), input: '/in/new.ply', stem: 'new', folder: 'in', bytes: 1 },
    ]);
    expect(queue.items.map(({ id }) => id)).toEqual([idOf(0), idOf(1), idOf(8)]);
  });

  test('goes from waiting to done by way of a commit, and keeps other items as they are', () => {
    const before = queueOf(2);
    let queue = start(before, idOf(0), '/out/0.ply');
    expect(runningItem(queue)?.output).toBe('/out/0.ply');
    expect(nextQueued(queue)?.id).toBe(idOf(1));
    queue = commit(queue, idOf(0), ANSWER);
    queue = finish(queue, idOf(0), RESULT, 1200);
    expect(queue.items[0]).toEqual({
      ...before.items[0],
      state: 'done',
      output: '/out/0.ply',
      result: RESULT,
      milliseconds: 1200,
    });
    expect(queue.items[1]).toBe(before.items[1]);
    expect(queueSchema.parse(JSON.parse(JSON.stringify(queue)))).toEqual(queue);
  });

  test('shows the name of a result once there is one', () => {
    const running = start(queueOf(1), idOf(0), '/out/0.ply');
    expect(rowOf(running.items[0]).outputName).toBeUndefined();
    const done = finish(commit(running, idOf(0), ANSWER), idOf(0), RESULT, 1200);
    expect(rowOf(done.items[0]).outputName).toBe('0.ply');
  });

  test('ignores what comes too late', () => {
    const cancelled = cancel(start(queueOf(1), idOf(0), '/out/0.ply'), new Set([idOf(0)]));
    for (const late of [
      finish(cancelled, idOf(0), RESULT, 1),
      fail(cancelled, idOf(0), { code: 'io', message: 'x' }, 1),
      commit(cancelled, idOf(0), ANSWER),
      start(cancelled, idOf(0), '/x'),
    ]) {
      expect(late).toEqual(cancelled);
    }
  });

  test('tells a skipped file from a failed one, and retries both and the cancelled, but nothing that is done', () => {
    let queue = queueOf(5);
    queue = fail(start(queue, idOf(0), '/o'), idOf(0), { code: 'exists', message: 'There.' }, 5);
    queue = fail(start(queue, idOf(1), '/o'), idOf(1), { code: 'io', message: 'Full.' }, 5);
    queue = finish(start(queue, idOf(2), '/o'), idOf(2), RESULT, 5);
    queue = cancel(queue, new Set([idOf(2), idOf(3)]));
    expect(states(queue)).toBe('sfdcq');
    expect(countStates(queue.items)).toEqual({ queued: 1, running: 0, done: 1, skipped: 1, failed: 1, cancelled: 1 });
    const again = retry(queue, new Set(queue.items.map(({ id }) => id)));
    expect(states(again)).toBe('qqdqq');
    expect(again.items[1]).toEqual(queueOf(2).items[1]);
  });

  test('removes rows but not a running one', () => {
    const queue = start(queueOf(3), idOf(1), '/o');
    expect(remove(queue, new Set([idOf(0), idOf(1)])).items.map(({ id }) => id)).toEqual([idOf(1), idOf(2)]);
  });

  test('after a crash, believes an answer that is on disk and does the rest again', () => {
    let queue = setRun(queueOf(3), 'running');
    queue = commit(start(queue, idOf(0), '/out/0.ply'), idOf(0), ANSWER);
    const asked: string[] = [];
    const kept = recover(queue, (output, { sha256 }) => {
      asked.push(`${output} ${sha256}`);
      return true;
    });
    expect(asked).toEqual([`/out/0.ply ${ANSWER.sha256}`]);
    expect(kept).toMatchObject({
      run: 'idle',
      items: [{ state: 'done', output: '/out/0.ply', result: RESULT }, { state: 'queued' }, { state: 'queued' }],
    });
    const again = recover(queue, () => false);
    expect(again.items[0]).toEqual(queueOf(1).items[0]);
    const early = recover(start(queueOf(1), idOf(0), '/out/0.ply'), () => {
      throw new Error('There is no answer to look for.');
    });
    expect(states(early)).toBe('q');
  });
});
