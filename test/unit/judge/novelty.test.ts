import { describe, expect, it } from 'vitest';
import { cameraCentres, elevationOf, noveltyByCameras, noveltyByElevation } from '../../../renderer/judge/novelty.ts';
import { readInriaCameras } from '../../../renderer/judge/read-inria-cameras.ts';
import { inriaJson } from './capture.ts';

const CAMERAS = readInriaCameras('cameras.json', inriaJson()).cameras.map(({ parameters }) => parameters);

describe('novelty', () => {
  const places = Float64Array.of(3, 0, 0, 0, 3, 0);

  it('is the angle about the centre to the nearest camera', () => {
    const at = (degrees: number, distance = 3) =>
      noveltyByCameras(
        [distance * Math.cos((degrees * Math.PI) / 180) + 1, 0, distance * Math.sin((degrees * Math.PI) / 180)],
        places.map((value, i) => (i % 3 === 0 ? value + 1 : value)),
        [1, 0, 0],
      );
    expect(at(0)).toMatchObject({ nearest: 0, distanceRatio: 1, level: 'inside' });
    expect(at(5).angleDegrees).toBeCloseTo(5, 9);
    expect(at(5).level).toBe('inside');
    expect(at(25)).toMatchObject({ nearest: 0, level: 'edge' });
    expect(at(70).angleDegrees).toBeCloseTo(70, 9);
    expect(at(70).level).toBe('outside');
  });

  it('takes the places of cameras in a row', () => {
    [0.5, 0, -3, -2, 1, 0].forEach((value, i) => expect(cameraCentres(CAMERAS)[i]).toBeCloseTo(value, 9));
  });

  it('counts coming much nearer or going much farther', () => {
    const at = (distance: number) => noveltyByCameras([0, distance, 0], places, [0, 0, 0]);
    expect(at(4)).toMatchObject({ nearest: 1, level: 'inside' });
    expect(at(1.5)).toMatchObject({ distanceRatio: 0.5, level: 'edge' });
    expect(at(12)).toMatchObject({ distanceRatio: 4, level: 'outside' });
    expect(at(0)).toMatchObject({ angleDegrees: 0, level: 'outside' });
  });

  it('goes by the height alone without cameras', () => {
    expect(noveltyByElevation(15)).toEqual({
      angleDegrees: 0,
      distanceRatio: undefined,
      nearest: undefined,
      level: 'inside',
    });
    expect(noveltyByElevation(-45)).toMatchObject({ angleDegrees: 25, level: 'edge' });
    expect(noveltyByElevation(89)).toMatchObject({ angleDegrees: 69, level: 'outside' });
  });

  it("takes a camera's elevation about the centre", () => {
    // The second camera stands at (-2, 1, 0).
    expect(elevationOf(CAMERAS[1], [0, 0, 0], [0, 1, 0])).toBeCloseTo((Math.atan2(1, 2) * 180) / Math.PI, 9);
    expect(elevationOf(CAMERAS[1], [-2, 0, 0], [0, 1, 0])).toBeCloseTo(90, 9);
  });
});
