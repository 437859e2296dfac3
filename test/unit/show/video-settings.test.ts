import { describe, expect, test } from 'vitest';
import { assertVideoSettings, containerOf } from '../../../renderer/show/video-settings.ts';

describe('containerOf', () => {
  test.each([
    ['a.mp4', 'mp4'],
    ['A.B.WEBM', 'webm'],
  ])('%s', (name, container) => expect(containerOf(name)).toBe(container));

  test('refuses other names', () => expect(() => containerOf('mp4')).toThrow('names no kind of video'));
});

describe('assertVideoSettings', () => {
  test('takes even sizes and usual rates', () => {
    expect(() => assertVideoSettings({ width: 160, height: 2, framesPerSecond: 23.976 })).not.toThrow();
  });

  test.each([
    [161, 120, 30, '161 x 120'],
    [160, 0, 30, '160 x 0'],
    [160, 120, 0, '0 frames a second'],
    [160, 120, 121, '121 frames a second'],
    [160, 120, NaN, 'NaN frames a second'],
  ])('refuses %d x %d at %d', (width, height, framesPerSecond, message) =>
    expect(() => assertVideoSettings({ width, height, framesPerSecond })).toThrow(message),
  );
});
