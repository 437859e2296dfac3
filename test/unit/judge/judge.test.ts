import { describe, expect, it } from 'vitest';
import { lookAtWorldToView } from '../../../renderer/core/camera-file.ts';
import { matchPhotos } from '../../../renderer/judge/match-photos.ts';
import {
  cameraCentres,
  captureUp,
  elevationOf,
  noveltyByCameras,
  noveltyByElevation,
} from '../../../renderer/judge/novelty.ts';
import { frustumDepth, frustumSegments, pickFrustum } from '../../../renderer/judge/frusta.ts';
import { measuredCsv, metricsReport } from '../../../renderer/judge/report.ts';
import { readInriaCameras } from '../../../renderer/judge/read-inria-cameras.ts';
import { inriaJson, project } from './capture.ts';

const CAMERAS = readInriaCameras('cameras.json', inriaJson()).cameras.map(({ parameters }) => parameters);

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

  it('takes up from the photos, where they agree', () => {
    // Both known cameras hold the world's -y up.
    const distanceTo = (expected: readonly number[], cameras: typeof CAMERAS): number =>
      Math.hypot(...(captureUp(cameras) ?? [NaN, NaN, NaN]).map((value, axis) => value - expected[axis]));
    expect(distanceTo([0, -1, 0], CAMERAS)).toBeCloseTo(0, 9);
    // Level cameras at any height, on two sides only: up is z exactly.
    const from = (...position: [number, number, number]) => ({
      ...CAMERAS[0],
      worldToView: lookAtWorldToView({ position, target: [0, 0, 0.1], up: [0, 0, 1], rollDegrees: 0 }),
    });
    expect(distanceTo([0, 0, 1], [from(3, 0, 0.2), from(1, 0, 3), from(0, 2, 2), from(0, 3, -1)])).toBeCloseTo(0, 6);
    // From one side only, or held in every way, there is none.
    expect(captureUp([from(3, 0, 0.2), from(1, 0, 3)])).toBeUndefined();
    const sideways = { ...CAMERAS[0], worldToView: Float64Array.of(0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1) };
    expect(captureUp([CAMERAS[0], sideways])).toBeUndefined();
    expect(captureUp([])).toBeUndefined();
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

describe('frusta', () => {
  it('have their picture where the camera sees it', () => {
    const depth = 0.5;
    const { positions, colours } = frustumSegments(CAMERAS, depth, (index) => [index, 0.5, 0]);
    expect(positions.length).toBe(colours.length);
    const perCamera = positions.length / CAMERAS.length;
    CAMERAS.forEach((camera, index) => {
      const at = index * perCamera;
      const end = (i: number) => [...positions.subarray(at + i * 3, at + i * 3 + 3)] as [number, number, number];
      // The second ends of the first four edges are the picture's corners.
      const corners = [1, 3, 5, 7].map((i) => project(camera, end(i)));
      [
        [0, 0],
        [64, 0],
        [64, 48],
        [0, 48],
      ].forEach(([column, row], i) => {
        expect(corners[i][0]).toBeCloseTo(column, 3);
        expect(corners[i][1]).toBeCloseTo(row, 3);
        expect(corners[i][2]).toBeCloseTo(depth, 5);
      });
      expect([...colours.subarray(at, at + 3)]).toEqual([index, 0.5, 0]);
    });
  });

  it('are as long as a part of their distance', () => {
    expect(frustumDepth(CAMERAS, [0, 0, 0])).toBeCloseTo(0.09 * Math.hypot(0.5, 3), 9);
    expect(frustumDepth([CAMERAS[0]], [0.5, 0, -3])).toBe(1);
  });

  it('are picked where they are drawn, the nearest first', () => {
    const view = { ...CAMERAS[0], worldToView: Float64Array.from(CAMERAS[0].worldToView) };
    view.worldToView[11] += 4; // four units further back
    const [column, row] = project(view, [0.5, 0, -2.8]);
    expect(pickFrustum(CAMERAS, 0.4, view, column, row)).toBe(0);
    expect(pickFrustum(CAMERAS, 0.4, view, column + 30, row + 30)).toBeUndefined();
    // A copy of the camera in front of it hides it.
    const nearer = { ...CAMERAS[0], worldToView: Float64Array.from(CAMERAS[0].worldToView) };
    nearer.worldToView[11] += 1;
    expect(pickFrustum([...CAMERAS, nearer], 0.4, view, column, row)).toBe(2);
    // From inside a frustum nothing of it can be hit.
    expect(pickFrustum(CAMERAS, 0.4, CAMERAS[0], 32, 24)).toBeUndefined();
  });
});

describe('reports', () => {
  it('write null for the PSNR of equal pictures', () => {
    const report = metricsReport([
      { image: 'a.png', psnr: Infinity, ssim: 1 },
      { image: 'b.png', psnr: 30, ssim: 0.9 },
    ]);
    expect(JSON.parse(JSON.stringify(report))).toEqual({
      views: [
        { image: 'a.png', psnr: null, ssim: 1 },
        { image: 'b.png', psnr: 30, ssim: 0.9 },
      ],
      mean: { psnr: 30, ssim: 0.95 },
    });
  });

  it('write tables that spreadsheets read, and no formula', () => {
    const before = { psnr: 20, ssim: 0.5 };
    expect(measuredCsv([{ image: 'a, "b".png', elevationDegrees: 12, before }])).toBe(
      'image,elevation_degrees,psnr_before,ssim_before\r\n"a, ""b"".png",12.000,20.0000,0.500000\r\n',
    );
    const csv = measuredCsv([
      { image: '=SUM(A1)', before, after: { psnr: Infinity, ssim: 1 } },
      { image: 'b', before },
    ]);
    expect(csv.split('\r\n')).toEqual([
      'image,elevation_degrees,psnr_before,ssim_before,psnr_after,ssim_after,psnr_gain,ssim_gain',
      "'=SUM(A1),,20.0000,0.500000,inf,1.000000,inf,0.500000",
      'b,,20.0000,0.500000,,,,',
      '',
    ]);
  });
});
