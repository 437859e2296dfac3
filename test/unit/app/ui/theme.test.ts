import { expect, test } from 'vitest';
import { colourOf } from '../../../../renderer/app/ui/theme.ts';

test('the ground is read as numbers', () => {
  expect(colourOf(' #ff0080')).toEqual([1, 0, 128 / 255]);
});
