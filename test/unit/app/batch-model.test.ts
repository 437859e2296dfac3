import { expect, test } from 'vitest';
import { BatchModel } from '../../../renderer/app/features/batch/model.ts';
import type { BatchRow, BatchStatus } from '../../../renderer/batch/view.ts';

const STATUS: BatchStatus = {
  run: 'running',
  isHeld: false,
  offersResume: false,
  settings: { outputFolder: 'in / refined', pattern: '{name}', format: 'spz', strength: 1, replace: false, modelName: 'm', usesShippedModel: true },
};
const row = (id: string, state: BatchRow['state']): BatchRow => ({ id, name: `${id}.ply`, folder: 'in', bytes: 10, state });

test('the page’s copy of the batch follows main’s messages in order', () => {
  const model = new BatchModel();
  const heard: string[] = [];
  model.watch({
    rows: (changed, removed) => heard.push(`rows ${changed.map(({ id }) => id).join(',')} -${removed.join(',')}`),
    status: ({ run }) => heard.push(`status ${run}`),
    progress: ({ id, fileFraction }) => heard.push(`progress ${id} ${fileFraction}`),
  });
  expect(model.status).toBeUndefined();
  model.take({ rows: [row('a', 'done'), row('b', 'running'), row('c', 'queued')], status: STATUS });
  model.change({ progress: { id: 'b', stage: 'Refining', fileFraction: 0.5, fraction: 0.4, bytesLeft: 15, elapsedMs: 3 } });
  expect(model.progress?.id).toBe('b');
  model.change({ rows: [row('b', 'failed'), row('d', 'queued')], removed: ['a'] });
  expect(heard).toEqual(['rows a,b,c -', 'status running', 'progress b 0.5', 'rows b,d -a']);
  expect(model.progress).toBeUndefined();
  expect([...model.rows].map(({ id }) => id)).toEqual(['b', 'c', 'd']);
  expect(model.idsOf('failed', 'queued')).toEqual(['b', 'c', 'd']);
  expect(model.counts).toMatchObject({ failed: 1, queued: 2, done: 0 });
  expect(model.row('a')).toBeUndefined();
});
