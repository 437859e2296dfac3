import { expect, it } from 'vitest';
import { withoutExif } from '../../../renderer/judge/exif.ts';

const bytes = (...values: (number | string)[]): ArrayBuffer =>
  Uint8Array.from(
    values.flatMap((value) => (typeof value === 'string' ? [...value].map((letter) => letter.charCodeAt(0)) : [value])),
  ).buffer;

it('hides EXIF in its own segment and touches nothing else', () => {
  const jpeg = (name: string | number) =>
    bytes(
      0xff,
      0xd8,
      0xff,
      0xe0,
      0,
      6,
      'JFIF',
      0xff,
      0xe1,
      0,
      8,
      ...(typeof name === 'string' ? [name] : [name, 'xif']),
      0,
      0,
      0xff,
      0xda,
      0,
      2,
      0xff,
      0xe1,
      0,
      8,
      'Exif',
      0,
      0,
    );
  const file = jpeg('Exif');
  const before = new Uint8Array(file.slice(0));
  expect(new Uint8Array(withoutExif(file))).toEqual(new Uint8Array(jpeg(0)));
  expect(new Uint8Array(file)).toEqual(before);
});

it('gives back what is no JPEG, has none, or is cut short', () => {
  for (const file of [
    bytes(),
    bytes(0xff),
    bytes(0x89, 'PNG', 1, 2, 3, 4, 5, 6),
    bytes(0xff, 0xd8, 0xff, 0xe1, 0, 8, 'http'),
    bytes(0xff, 0xd8, 0xff, 0xe1, 0),
  ]) {
    expect(withoutExif(file)).toBe(file);
  }
});
