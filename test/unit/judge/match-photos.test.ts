import { describe, expect, it } from 'vitest';
import { undecodablePhoto, matchPhotos } from '../../../renderer/judge/match-photos.ts';

describe('matching photos', () => {
  const match = (image: string, photos: string[]) => photos[matchPhotos([image], photos)[0] ?? -1];

  it('goes by path, then by name, then by name without its ending', () => {
    expect(match('images/a.png', ['b.png', 'a.png'])).toBe('a.png');
    expect(match('./train/r_0', ['test/r_0.png', 'train/r_0.png'])).toBe('train/r_0.png');
    expect(match('A', ['a.JPG'])).toBe('a.JPG');
    expect(match('a.jpg', ['a.png', 'a.jpg'])).toBe('a.jpg');
    expect(match('a.jpg', ['a.png'])).toBe('a.png');
    expect(match('frame.0001', ['frame.0002.png', 'frame.0001.png'])).toBe('frame.0001.png');
    expect(match('cam1\\0.png', ['cam0/0.png', 'cam1/0.png'])).toBe('cam1/0.png');
  });

  it('finds none rather than a wrong one', () => {
    expect(match('a.png', ['b.png'])).toBeUndefined();
    expect(match('0.png', ['cam0/0.png', 'cam1/0.png'])).toBeUndefined();
    expect(matchPhotos(['a'], [])).toEqual([undefined]);
  });
});

it('names are the same whatever slashes, accents, case and ending they have', () => {
  const composed = 'caf\u00e9.jpg';
  const decomposed = 'cafe\u0301.JPG';
  expect(matchPhotos([composed, `images\\${decomposed}`], [`images/${decomposed}`])).toEqual([0, 0]);
  expect(matchPhotos([decomposed], [`images/${composed}`])).toEqual([0]);
  expect(matchPhotos(['IMG_1.HEIC'], ['img_1.jpeg'])).toEqual([0]);
});

it('a photo of another kind than its name says is named for what it is', () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  expect(undecodablePhoto('IMG_1.jpg', bytes('\0\0\0\x18ftypheic')).message).toBe(
    'IMG_1.jpg is no picture that can be decoded, but a video or a HEIC picture.',
  );
  expect(undecodablePhoto('IMG_1.jpg', bytes('\xff\xd8\xff\xe0')).message).toMatch(/decoded, or it is damaged/);
});
