import { describe, expect, it } from 'vitest';
import type { History } from '../../../renderer/edit/history.ts';
import {
  addStep,
  goToStep,
  historyBytes,
  presentState,
  redoLabel,
  startHistory,
  trimHistory,
  undoLabel,
} from '../../../renderer/edit/history.ts';

const grown = (...labels: string[]): History<string> =>
  labels.reduce((history, label) => addStep(history, { label, state: label }), startHistory('Open', 'Open'));

const undoStep = <T>(history: History<T>): History<T> => goToStep(history, history.index - 1);
const redoStep = <T>(history: History<T>): History<T> => goToStep(history, history.index + 1);

describe('history', () => {
  it('goes back and forth, naming the step either way', () => {
    const history = grown('Refine', 'Delete');
    expect([undoLabel(history), redoLabel(history)]).toEqual(['Delete', undefined]);
    const back = undoStep(history);
    expect([presentState(back), undoLabel(back), redoLabel(back)]).toEqual(['Refine', 'Refine', 'Delete']);
    const start = undoStep(undoStep(back));
    expect([presentState(start), undoLabel(start), redoLabel(start)]).toEqual(['Open', undefined, 'Refine']);
    expect(presentState(redoStep(redoStep(start)))).toBe('Delete');
    expect(redoStep(history)).toEqual(history);
    expect(goToStep(history, -3).index).toBe(0);
    expect(presentState(history)).toBe('Delete');
  });

  it('forgets what was undone once something else is done', () => {
    const history = addStep(undoStep(grown('Refine', 'Delete')), { label: 'Crop', state: 'Crop' });
    expect(history.steps.map(({ label }) => label)).toEqual(['Open', 'Refine', 'Crop']);
    expect(redoLabel(history)).toBeUndefined();
  });

  it('makes one step of steps in a row with the same key, and never swallows the first state', () => {
    let history = startHistory('Open', 0);
    for (const [key, state] of [
      ['a', 1],
      ['a', 2],
      ['b', 3],
      [undefined, 4],
      [undefined, 5],
      ['a', 6],
    ] as const)
      history = addStep(history, { label: 'Strength', state, key });
    expect(history.steps.map(({ state }) => state)).toEqual([0, 2, 3, 4, 5, 6]);
    expect(presentState(undoStep(history))).toBe(5);
  });

  it('lets the oldest steps go over the budget, counting shared buffers once', () => {
    const shared = new ArrayBuffer(100);
    let history = startHistory<ArrayBuffer[]>('Open', [shared]);
    for (let i = 0; i < 4; i++) history = addStep(history, { label: `${i}`, state: [shared, new ArrayBuffer(10)] });
    const buffersOf = (state: ArrayBuffer[]): ArrayBuffer[] => state;
    expect(historyBytes(history.steps, buffersOf)).toBe(140);
    expect(trimHistory(history, 140, buffersOf)).toBe(history);
    const trimmed = trimHistory(history, 130, buffersOf);
    expect([trimmed.steps.map(({ label }) => label), trimmed.index, trimmed.dropped]).toEqual([['1', '2', '3'], 2, 2]);
    // The last change stays undoable whatever it costs, what lies ahead of it goes next.
    const undone = undoStep(undoStep(trimHistory(history, 0, buffersOf)));
    expect(trimHistory(history, 0, buffersOf).steps).toHaveLength(2);
    expect(trimHistory(undone, 0, buffersOf).steps).toHaveLength(1);
    expect(presentState(trimHistory(undone, 0, buffersOf))).toBe(presentState(undone));
  });
});
