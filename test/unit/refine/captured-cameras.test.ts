import { expect, test } from 'vitest';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { rigidWorldToView } from '../../../renderer/core/camera-parameters.ts';
import { normalise, cross, vec3 } from '../../../renderer/core/vector.ts';
import type { Vec3 } from '../../../renderer/core/vector.ts';
import { toCanonical } from '../../../renderer/refine/canonical-frame.ts';
import { camerasShowing, canonicalCameras } from '../../../renderer/refine/captured-cameras.ts';
import { viewFrom } from '../../../renderer/refine/captured-views.ts';
import { FragmentRasteriser } from '../../../renderer/refine/fragment-rasteriser.ts';
import { drawnScene } from '../../../renderer/refine/region.ts';
import { madeScene, onSphere } from './made-scenes.ts';

const forward = normalise([-1, 0.4, 0.2]);
const right = normalise(cross(forward, [0, 0, 1]));
const camera: CameraParameters = {
  worldToView: rigidWorldToView([right, cross(forward, right), forward], [3, -1, 0.5]),
  fx: 300,
  fy: 310,
  cx: 150,
  cy: 90,
  width: 320,
  height: 200,
};

function pixelOf({ worldToView: m, fx, fy, cx, cy }: CameraParameters, [x, y, z]: Vec3): [number, number] {
  const view = vec3((row) => m[4 * row] * x + m[4 * row + 1] * y + m[4 * row + 2] * z + m[4 * row + 3]);
  return [(fx * view[0]) / view[2] + cx, (fy * view[1]) / view[2] + cy];
}

test.each(['z', 'y', '-y'] as const)('a camera sees the same in the network’s units, with %s up', (up) => {
  const normalization = { scale: 0.37, shift: [0.5, 0.2, -0.1], logScale: Math.log(0.37) } as const;
  const [moved] = canonicalCameras([camera], up, normalization, 0.2);
  const point: Vec3 = [0.3, -0.2, 0.7];
  const canonical = toCanonical(point, up);
  const seen = pixelOf(
    moved,
    vec3((k) => canonical[k] * normalization.scale + normalization.shift[k]),
  );
  const wanted = pixelOf(camera, point);
  expect(moved).toMatchObject({ width: 128, height: 80 });
  expect(seen[0]).toBeCloseTo(wanted[0] * 0.4, 6);
  expect(seen[1]).toBeCloseTo(wanted[1] * 0.4, 6);
});

test('comes as near as its own world does, whatever the network’s units are', () => {
  // A leaf 0.3 before the camera, of a world in which nothing nearer than 0.2 is drawn, and a wall behind it.
  const before = (distance: number) => vec3((k) => [3, -1, 0.5][k] + distance * forward[k]);
  const seen = madeScene([
    { count: 1, place: () => before(0.3), size: 0.05 },
    { count: 1, place: () => before(3), size: 1 },
  ]);
  seen.shDc.set([2, -2, -2, -2, -2, 2]);
  const rows = Int32Array.of(0, 1);
  const normalization = { scale: 0.05, shift: [0.5, 0.5, 0.5], logScale: Math.log(0.05) } as const;
  const look = { quaternions: 'unit', colour: 'sh', shDegree: 1 } as const;
  const { features, stride } = drawnScene(seen, rows, normalization, look);
  const middle = (near: number): Vec3 => {
    const [view] = canonicalCameras([{ ...camera, cx: 160, cy: 100 }], 'z', normalization, near);
    const { colour } = new FragmentRasteriser(features, stride).render(view);
    const pixel = 3 * (40 * view.width + 64);
    return vec3((k) => colour[pixel + k]);
  };
  const [red, , blue] = middle(0.2);
  expect(red).toBeGreaterThan(2 * blue);
  const [redBehind, , blueBehind] = middle(0.4);
  expect(blueBehind).toBeGreaterThan(2 * redBehind);
});

test('thins many cameras out evenly', () => {
  const many = Array.from({ length: 100 }, (_, i) => ({ ...camera, cx: i }));
  const kept = canonicalCameras(many, 'z', { scale: 1, shift: [0, 0, 0], logScale: 0 }, 0.2);
  expect(kept.length).toBe(16);
  expect(kept.map(({ cx }) => Math.round(cx / 0.4))).toEqual(
    Array.from({ length: 16 }, (_, i) => Math.floor((i * 100) / 16)),
  );
});

const centre: Vec3 = [3, 0, 0];
const scene = madeScene([{ count: 3000, place: onSphere(centre, 0.5), size: 0.02 }]);
const rows = Int32Array.from({ length: scene.count }, (_, row) => row);
const at = viewFrom({ centre, radius: 0.5 }, [1, 0, 0]);

test.each([
  ['look at them from outside', at, true],
  ['stand among them', viewFrom({ centre: [2.9, 0, 0], radius: 0.04 }, [-1, 0, 0]), true],
  ['look away', viewFrom({ centre: [9, 0, 0], radius: 1 }, [-1, 0, 0]), false],
  ['belong to another scene', viewFrom({ centre: [500, 0, 0], radius: 0.5 }, [0, 1, 0]), false],
  ['see them as a speck', viewFrom({ centre, radius: 40 }, [0, 1, 0]), false],
  ['have no numbers', { ...at, worldToView: new Float64Array(16).fill(NaN) }, false],
])('cameras that %s', (_name, camera, isShown) => {
  expect(camerasShowing([camera], scene.positions, rows)).toEqual(isShown ? [camera] : []);
});
