import { describe, expect, it } from 'vitest';
import { frustumDepth, frustumSegments, pickFrustum } from '../../../renderer/judge/frusta.ts';
import { readInriaCameras } from '../../../renderer/judge/read-inria-cameras.ts';
import { inriaJson, project } from './capture.ts';

const CAMERAS = readInriaCameras('cameras.json', inriaJson()).cameras.map(({ parameters }) => parameters);

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
