import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { axesSegments, gridSegments, guidesFrame } from '../../../renderer/camera/guides.ts';

const bounds = { centre: [1, 2, 3], radius: 2, low: [0, 1, 2.5], high: [2, 3, 4], isSurrounded: false } as const;
const frame = guidesFrame(bounds, 'z');

test('the grid lies under the lowest splats, across the up axis, in the colours of the screen', () => {
  const { positions, colours } = gridSegments(frame);
  expect(positions.length).toBe(colours.length);
  for (let i = 2; i < positions.length; i += 3) expect(positions[i]).toBeCloseTo(2.5, 5);
  expect(colours[0]).toBeCloseTo(0x6d / 255, 3);
  const upsideDown = gridSegments(guidesFrame(bounds, '-z')).positions;
  for (let i = 2; i < upsideDown.length; i += 3) expect(upsideDown[i]).toBeCloseTo(4, 5);
});

test.each([
  [2, 0.5],
  [0.004, 0.001],
  [1, 0.2],
  [1500, 500],
])('the squares of the grid around a radius of %d are %d large, and reach beyond it', (radius, square) => {
  const frame = guidesFrame({ ...bounds, radius }, 'z');
  expect(frame.square).toBeCloseTo(square, 9);
  const { positions } = gridSegments(frame);
  const xs = [...positions.filter((_, i) => i % 3 === 0)].map((x) => (x - 1) / square);
  expect(Math.max(...xs) * square).toBeGreaterThanOrEqual(1.5 * radius * 0.9999);
  for (const x of xs) expect(x).toBeCloseTo(Math.round(x), 3);
});

test('the axes start in the middle and follow the file, not the up axis', () => {
  const { positions } = axesSegments(frame);
  const expected = [1, 2, 3, 2.5, 2, 3, 1, 2, 3, 1, 3.5, 3, 1, 2, 3, 1, 2, 4.5];
  expect(positions.length).toBe(expected.length);
  expected.forEach((value, index) => expect(positions[index]).toBeCloseTo(value, 5));
});

test('the axes have the colours of the view gizmo', () => {
  const theme = readFileSync(new URL('../../../renderer/app/ui/theme.css', import.meta.url), 'utf8');
  const { colours } = axesSegments(frame);
  for (const [i, axis] of ['x', 'y', 'z'].entries()) {
    const hex = [...colours.subarray(6 * i, 6 * i + 3)].map((c) =>
      Math.round(255 * c)
        .toString(16)
        .padStart(2, '0'),
    );
    expect(theme).toContain(`--axis-${axis}: #${hex.join('')};`);
  }
});
