import { describe, expect, test } from 'vitest';
import { FrameScale } from '../../../../renderer/app/view/frame-scale.ts';

/** Draws frames on an adapter whose whole frames take `wholeMs` and others a third of that; returns their scales. */
function draw(scale: FrameScale, isMoving: boolean, frames: number, wholeMs = 150): number[] {
  return Array.from({ length: frames }, () => {
    const drawn = scale.next(isMoving);
    scale.finished(drawn === 1 ? wholeMs : wholeMs / 3);
    return drawn;
  });
}

describe('FrameScale', () => {
  test('a slow adapter keeps to fewer pixels for the whole movement, though those are drawn fast', () => {
    const scale = new FrameScale();
    draw(scale, false, 2);
    expect(draw(scale, true, 5)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  test('at rest the whole picture is drawn, and was missing until then', () => {
    const scale = new FrameScale();
    draw(scale, false, 2);
    scale.next(true);
    // Also while the frame is under way: the view may come to rest before it is done.
    expect(scale.isCoarse).toBe(true);
    expect(draw(scale, false, 1)).toEqual([1]);
    expect(scale.isCoarse).toBe(false);
    expect(draw(scale, true, 2)).toEqual([0.5, 0.5]);
  });

  test('a fast adapter draws whole frames always, also after one that uploaded a scene', () => {
    const scale = new FrameScale();
    draw(scale, false, 1, 900);
    expect(draw(scale, true, 4, 12)).toEqual([1, 1, 1, 1]);
    draw(scale, true, 1, 900);
    expect(draw(scale, true, 2, 12)).toEqual([1, 1]);
  });

  test('a draft has fewer pixels from its first frame on, at rest too', () => {
    const scale = new FrameScale();
    expect([scale.next(true, true), scale.next(false, true)]).toEqual([0.5, 0.5]);
    expect(draw(scale, false, 1)).toEqual([1]);
  });

  test('a scene that grows slow on the way, or fast while at rest, is noticed', () => {
    const scale = new FrameScale();
    draw(scale, true, 3, 20);
    expect(draw(scale, true, 5, 200)).toEqual([1, 1, 0.5, 0.5, 0.5]);
    draw(scale, false, 1, 20);
    expect(draw(scale, true, 2, 20)).toEqual([1, 1]);
  });
});
