import { expect, it } from 'vitest';
import { KernelMemory } from '../../../../renderer/refine/kernels/kernel-memory.ts';

it('hands out pieces that do not overlap, and keeps what they hold while it grows', () => {
  const memory = new KernelMemory();
  const kept = memory.keep(Float32Array.of(1, 2, 3));
  const unsigned = memory.keep(Uint32Array.of(7, 2 ** 32 - 1));
  expect(unsigned).toBeGreaterThanOrEqual(kept + 12);
  const large = memory.take(50_000_000);
  expect(large).toBeGreaterThanOrEqual(unsigned + 8);
  for (const start of [kept, unsigned, large, memory.free]) expect(start % 16).toBe(0);
  memory.floats(large, 12_500_000).fill(5);
  expect([...memory.floats(kept, 3)]).toEqual([1, 2, 3]);
  expect([...memory.unsigned(unsigned, 2)]).toEqual([7, 2 ** 32 - 1]);
  const [reached, pages] = [memory.free + 200_000_000, memory.kernels.memory.buffer.byteLength];
  memory.reach(reached);
  expect(memory.kernels.memory.buffer.byteLength).toBeGreaterThanOrEqual(reached);
  expect(memory.kernels.memory.buffer.byteLength).toBeGreaterThan(pages);
});

it('throws a RangeError where there is no more memory, and none of it is another’s', () => {
  const [memory, other] = [new KernelMemory(), new KernelMemory()];
  const mine = memory.keep(Float32Array.of(1));
  other.keep(Float32Array.of(2));
  expect(memory.floats(mine, 1)[0]).toBe(1);
  expect(() => memory.take(2 ** 33)).toThrow(RangeError);
});
