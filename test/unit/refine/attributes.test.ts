import { expect, it } from 'vitest';
import { attributesOf, column, splatWidth } from '../../../renderer/refine/attributes.ts';

it.each([
  [0, 14],
  [1, 23],
  [2, 38],
  [3, 59],
])('columns of degree %i follow each other without a gap', (shDegree, width) => {
  let next = 0;
  for (const attribute of attributesOf(shDegree)) {
    expect(attribute.column).toBe(next);
    expect(column[attribute.name]).toBe(next);
    next += attribute.width;
  }
  expect(next).toBe(width);
  expect(splatWidth(shDegree)).toBe(width);
});
