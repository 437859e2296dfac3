import { expect, it, vi } from 'vitest';
import { Sweep, sweepPosition } from '../../../../../renderer/app/features/compare/sweep.ts';

it('goes from before to after, gently at both ends', () => {
  expect([0, 0.5, 1].map((share) => sweepPosition(share))).toEqual([1, 0.5, 0]);
  expect([0, 0.5, 1].map((share) => sweepPosition(share, 0.5))).toEqual([1, 0.75, 0.5]);
  expect(1 - sweepPosition(0.1)).toBeLessThan(0.05);
  expect(sweepPosition(0.9)).toBeLessThan(0.05);
});

it('ends with the first key', () => {
  const listeners = new Map<string, () => void>();
  vi.stubGlobal('window', { addEventListener: (name: string, listener: () => void) => listeners.set(name, listener) });
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
  const positions: (number | undefined)[] = [];
  const sweep: Sweep = new Sweep(() => positions.push(sweep.position));
  sweep.start();
  frames.shift()?.();
  listeners.get('keydown')?.();
  frames.shift()?.();
  expect(positions).toEqual([1, expect.any(Number), undefined]);
  listeners.get('keydown')?.();
  expect(positions).toHaveLength(3);
  vi.unstubAllGlobals();
});
