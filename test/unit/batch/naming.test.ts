import { describe, expect, test } from 'vitest';
import { assertPattern, outputName } from '../../../renderer/batch/naming.ts';
import type { BatchSettings } from '../../../renderer/batch/queue.ts';

function name(
  pattern: string,
  changes: { stem?: string; folder?: string; format?: BatchSettings['format']; taken?: string[] } = {},
): string {
  const settings = { pattern, format: changes.format ?? 'inria-ply', strength: 0.75 };
  return outputName(
    {
      item: { stem: changes.stem ?? 'plant', folder: changes.folder ?? 'garden/day 1' },
      number: 7,
      modelName: 'splatformer-desktop',
      settings,
    },
    (lower) => changes.taken?.includes(lower) === true,
  );
}

describe('names of answers', () => {
  test('fill in every placeholder', () => {
    expect(name('{name}-refined')).toBe('plant-refined.ply');
    expect(name('{number}_{folder}_{name}_{model}_{strength}', { format: 'spz' })).toBe(
      '007_garden-day 1_plant_splatformer-desktop_75.spz',
    );
    expect(name('{name}', { format: 'compressed-ply' })).toBe('plant.compressed.ply');
    expect(name('{name}{name}', { stem: '{model}' })).toBe('{model}{model}.ply');
  });

  test('differ, also where a file system takes capitals for the same', () => {
    expect(name('{name}', { stem: 'Plant', taken: ['plant.ply', 'plant-2.ply'] })).toBe('Plant-3.ply');
  });

  test('are good on every system', () => {
    expect(name('{name}', { stem: 'a:b*c?"d\u0007' })).toBe('a_b_c__d_.ply');
    expect(name('{name}', { stem: '../../etc/passwd' })).toBe('_.._etc_passwd.ply');
    expect(name('{name}', { stem: 'CON' })).toBe('_CON.ply');
    expect(name('{name}', { stem: ' . ' })).toBe('refined.ply');
    const long = name('{name}', { stem: '花'.repeat(200) });
    expect(Buffer.byteLength(long)).toBeLessThan(200);
    expect(long).toBe(`${'花'.repeat(60)}.ply`);
  });

  test('come from patterns that make sense', () => {
    for (const good of ['{name}', 'a {number}', 'x']) expect(() => assertPattern(good)).not.toThrow();
    for (const [bad, message] of [
      ['', /empty/],
      ['a/b', /can’t hold \//],
      ['{nme}', /stands for nothing/],
      ['{name', /other half/],
      ['{{name}}', /stands for nothing|other half/],
      ['a\u0001', /control/],
      ['x'.repeat(121), /longer/],
    ] as const) {
      expect(() => assertPattern(bad), bad).toThrow(message);
    }
  });
});
