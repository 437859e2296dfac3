import { expect, it } from 'vitest';
import { fileFraction, stageLabel } from '../../../renderer/core/stages.ts';

it('never runs backwards over the stages of a file in one block', () => {
  const stages = [
    ['Reading splats', 0],
    ['Reading splats', 1],
    ['region', 0],
    ['region', 1],
    ['sight', 0],
    ['sight', 1],
    ['plan', 0],
    ['network', 0],
    ['check', 0],
    ['check', 1],
    ['reconcile', 0],
    ['reconcile', 1],
    ['finish', 0],
    ['finish', 1],
    ['Writing splats', 1],
    ['Saving', 0],
    ['Saving', 1],
  ] as const;
  const fractions = stages.map(([stage, fraction]) => fileFraction({ stage, fraction }));
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
  expect(stageLabel('network')).toBe('Network');
  expect(stageLabel('New stage')).toBe('New stage');
});
