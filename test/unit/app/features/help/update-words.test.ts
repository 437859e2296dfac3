import { expect, it } from 'vitest';
import type { UpdateStep } from '../../../../../renderer/bridge/updates.ts';
import { newsOf, updateWords } from '../../../../../renderer/app/features/help/update-words.ts';

const wordsOf = (step: UpdateStep, atStart?: boolean): string =>
  updateWords({ version: '1.0.0', host: 'example.com', atStart, step }).join(' ');

it('the question says who sees what, and is put once', () => {
  expect(wordsOf({ kind: 'idle' })).toContain('sees your network address');
  expect(wordsOf({ kind: 'idle' }, false)).not.toContain('network address');
});

it('a new version is told with its day and size', () => {
  const step: UpdateStep = { kind: 'offered', version: '1.1.0', bytes: 163_000_000, released: '2026-11-30T12:00:00Z' };
  expect(wordsOf(step, true)).toContain('Version 1.1.0 of 30 November 2026');
  expect(newsOf(step)).toContain('Version 1.1.0');
});

it('a build without a feed says so, and there is no news of nothing', () => {
  expect(wordsOf({ kind: 'impossible', sentence: 'This build has no update feed.' })).toContain('has no update feed');
  for (const kind of ['idle', 'checking', 'newest'] as const) expect(newsOf({ kind })).toBeUndefined();
});
