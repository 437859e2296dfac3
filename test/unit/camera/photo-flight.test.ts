import { describe, expect, it } from 'vitest';
import { between, photoLens, PhotoFlight, photoRectangle } from '../../../renderer/camera/photo-flight.ts';
import { cameraCentre } from '../../../renderer/core/camera-parameters.ts';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';

/** Looks along z from `x`, turned about its own y axis. */
function camera(x: number, degrees: number, lens: Partial<CameraParameters> = {}): CameraParameters {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return {
    worldToView: Float64Array.of(c, 0, -s, -c * x, 0, 1, 0, 0, s, 0, c, -s * x, 0, 0, 0, 1),
    fx: 50,
    fy: 60,
    cx: 30,
    cy: 35,
    width: 80,
    height: 60,
    ...lens,
  };
}

describe('a photo on the canvas', () => {
  it('is shown whole, in the middle', () => {
    expect(photoRectangle(camera(0, 0), 400, 150)).toEqual({ x: 100, y: 0, width: 200, height: 150 });
    expect(photoRectangle(camera(0, 0), 160, 400)).toEqual({ x: 0, y: 140, width: 160, height: 120 });
  });

  it('lines up with the picture of the whole canvas', () => {
    const photo = camera(0, 0);
    const lens = photoLens(photo, 400, 150);
    const rectangle = photoRectangle(photo, 400, 150);
    // A point that the photo shows at column 10, row 50 lies at the same share of the rectangle.
    const [x, y] = [(10 - photo.cx) / photo.fx, (50 - photo.cy) / photo.fy];
    expect(x * lens.fx + lens.cx).toBeCloseTo(rectangle.x + (10 / 80) * rectangle.width, 9);
    expect(y * lens.fy + lens.cy).toBeCloseTo(rectangle.y + (50 / 60) * rectangle.height, 9);
  });
});

describe('the flight', () => {
  it('goes half way by half a turn and half the way', () => {
    const middle = between(camera(2, 0), camera(6, 40, { fx: 70 }), 0.5);
    expect(cameraCentre(middle.worldToView)[0]).toBeCloseTo(4, 9);
    [...camera(4, 20).worldToView].forEach((value, i) => expect(middle.worldToView[i]).toBeCloseTo(value, 9));
    expect(middle.fx).toBe(60);
  });

  it('starts with its first frame, however long the pause before, and arrives exactly', () => {
    const photo = camera(6, 40);
    const flight = new PhotoFlight(photo, () => camera(2, 0), 0.3);
    expect(flight.advance(100)).toBe(true);
    expect(cameraCentre(flight.parameters(80, 60).worldToView)[0]).toBeCloseTo(2, 9);
    expect(flight.advance(0.15)).toBe(true);
    expect(cameraCentre(flight.parameters(80, 60).worldToView)[0]).toBeCloseTo(4, 9);
    expect(flight.hasArrived).toBe(false);
    expect(flight.advance(0.15)).toBe(false);
    expect(flight.hasArrived).toBe(true);
    expect(flight.parameters(80, 60)).toEqual(photo);
    expect(flight.advance(1)).toBe(false);
  });

  it('is there at once where motion is unwanted', () => {
    const flight = new PhotoFlight(camera(6, 40), () => camera(2, 0), 0);
    expect(flight.hasArrived).toBe(true);
    expect(flight.parameters(80, 60)).toEqual(camera(6, 40));
  });
});
