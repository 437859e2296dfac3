import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { placePoint } from '../../../renderer/edit/place.ts';
import { dragPlaceHandle, drawPlaceHandle, keyPlaceHandle, PLACE_HANDLES } from '../../../renderer/edit/place-drag.ts';
import type { PlaceChange } from '../../../renderer/edit/place-drag.ts';
import { straightCamera as camera } from './straight-camera.ts';

const CENTRE: Vec3 = [0, 0, 0];
const apply = (change: PlaceChange, point: Vec3): Vec3 => placePoint({ about: CENTRE, ...change }, point);
const near = (point: Vec3, wanted: Vec3): void => point.forEach((value, k) => expect(value).toBeCloseTo(wanted[k], 4));

describe('what handles are drawn', () => {
  it('is an arrow, a ring and knobs of a size on screen, but no arrow that points at the eye', () => {
    expect(drawPlaceHandle('move-x', CENTRE, camera)).toEqual({
      line: [
        [200, 150],
        [304, 150],
      ],
      knob: [304, 150],
    });
    expect(drawPlaceHandle('move-z', CENTRE, camera)).toBeUndefined();
    const far = { ...camera, worldToView: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 50, 0, 0, 0, 1) };
    for (const seen of [camera, far])
      for (const [x, y] of drawPlaceHandle('turn-z', CENTRE, seen)?.line ?? [])
        expect(Math.hypot(x - 200, y - 150)).toBeCloseTo(78, 6);
  });

  it('is nothing behind the camera', () => {
    for (const handle of PLACE_HANDLES) expect(drawPlaceHandle(handle, [0, 0, -20], camera)).toBeUndefined();
  });
});

describe('a drag', () => {
  it('moves along an axis, or in the plane of the picture', () => {
    near(apply(dragPlaceHandle('move-x', CENTRE, camera, [304, 150], [334, 190]), CENTRE), [3, 0, 0]);
    near(apply(dragPlaceHandle('move', CENTRE, camera, [200, 150], [230, 170]), CENTRE), [3, 2, 0]);
  });

  it('turns with the pointer round the middle, and along the line of a ring seen from its side', () => {
    // A quarter down from the right is a quarter from x to y, as both go down the picture.
    near(apply(dragPlaceHandle('turn-z', CENTRE, camera, [278, 150], [200, 228]), [1, 0, 0]), [0, 1, 0]);
    const about = dragPlaceHandle('turn-y', CENTRE, camera, [200, 150], [200 + (78 * Math.PI) / 2, 150]);
    // The side towards the eye goes to the right.
    near(apply(about, [0, 0, -1]), [1, 0, 0]);
  });

  it('scales by how much farther out the pointer is', () => {
    expect(dragPlaceHandle('scale', CENTRE, camera, [300, 150], [400, 150]).scale).toBeCloseTo(2, 6);
  });

  it('is stepped by keys', () => {
    near(apply(keyPlaceHandle('move-z', CENTRE, camera, [0, 10]), CENTRE), [0, 0, 4]);
    near(apply(keyPlaceHandle('turn-z', CENTRE, camera, [90, 0]), [1, 0, 0]), [0, 1, 0]);
    expect(keyPlaceHandle('scale', CENTRE, camera, [0, -1]).scale).toBeCloseTo(1 / 1.01, 6);
  });
});
