import { expect, test } from 'vitest';
import { rowsInSight, scrollToRow } from '../../../../../renderer/app/features/batch/rows-in-sight.ts';

const at = (scrollTop: number) => ({ scrollTop, height: 400, rowHeight: 40 });

test('of a long list the rows in sight and some around them are there, and the one of the keyboard', () => {
  expect(rowsInSight(20, at(0), 0)).toHaveLength(20);
  const middle = rowsInSight(20_000, at(40 * 10_000), 3);
  expect([middle[0], middle[1], middle.at(-1), middle.length]).toEqual([3, 9940, 10_069, 131]);
  expect(rowsInSight(20_000, at(0), 19_999).at(-1)).toBe(19_999);
  expect(rowsInSight(20_000, at(40 * 19_990), 19_995).at(-1)).toBe(19_999);
  expect(rowsInSight(0, at(0), -1)).toEqual([]);
});

test('a row is brought into sight by the shortest way', () => {
  expect(scrollToRow(5, at(0))).toBe(0);
  expect(scrollToRow(10, at(0))).toBe(40);
  expect(scrollToRow(2, at(400))).toBe(80);
});
