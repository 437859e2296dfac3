import { expect, test } from 'vitest';
import { cameraCentre, type CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { isDrawable } from '../../../renderer/core/drawable.ts';
import { renderReference, shColour, slopeLimits } from '../../../renderer/core/reference-render.ts';
import { createScene, type SplatScene } from '../../../renderer/core/splat-scene.ts';
import { generateScene, lookAt } from '../../gpu/scenes.ts';

const IDENTITY = new Float64Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
const camera: CameraParameters = { worldToView: IDENTITY, fx: 100, fy: 100, cx: 10.5, cy: 8.5, width: 21, height: 17 };
const C0 = 0.28209479177387814;

/** Splats on the optical axis, isotropic, of plain colour. */
function axisScene(
  splats: { z: number; scale: number; opacity: number; rgb: [number, number, number] }[],
  antialiased = false,
): SplatScene {
  const scene = createScene(splats.length, 0, { antialiased, up: 'y', format: 'test', name: 'test' });
  splats.forEach(({ z, scale, opacity, rgb }, i) => {
    scene.positions[i * 3 + 2] = z;
    scene.logScales.fill(Math.log(scale), i * 3, i * 3 + 3);
    scene.quats[i * 4] = 2;
    scene.logitOpacities[i] = Math.log(opacity / (1 - opacity));
    rgb.forEach((c, k) => (scene.shDc[i * 3 + k] = (c - 0.5) / C0));
  });
  return scene;
}

function pixel(picture: Float32Array, x: number, y: number): number[] {
  return [...picture.subarray((y * 21 + x) * 3, (y * 21 + x) * 3 + 3)];
}

test('one splat falls off as the Gaussian of its projected variance and the low-pass', () => {
  const picture = renderReference(
    axisScene([{ z: 4, scale: 0.08, opacity: 0.7, rgb: [1, 0.5, 0] }]),
    camera,
    [0, 0, 1],
  );
  // Standard deviation 100 / 4 * 0.08 = 2 px, so variance 4.3 px².
  for (const d of [0, 1, 3]) {
    const alpha = 0.7 * Math.exp((-0.5 * d * d) / 4.3);
    const [r, g, b] = pixel(picture, 10 + d, 8);
    expect(r).toBeCloseTo(alpha, 5);
    expect(g).toBeCloseTo(alpha / 2, 5);
    expect(b).toBeCloseTo(1 - alpha, 5);
    expect(pixel(picture, 10, 8 - d)).toEqual(pixel(picture, 10 + d, 8));
  }
  // 0.7 exp(-d² / 8.6) falls below 1/255 between 6 and 7 px.
  expect(pixel(picture, 16, 8)[0]).toBeGreaterThan(1 / 255);
  expect(pixel(picture, 17, 8)).toEqual([0, 0, 1]);
});

test('alpha ends at 0.99 and nearer splats cover farther ones whatever their order in the file', () => {
  const near = { z: 2, scale: 0.2, opacity: 0.9999, rgb: [1, 0, 0] as [number, number, number] };
  const far = { z: 3, scale: 0.3, opacity: 0.5, rgb: [0, 1, 0] as [number, number, number] };
  const picture = renderReference(axisScene([far, near]), camera, [0, 0, 0]);
  const [r, g] = pixel(picture, 10, 8);
  expect(r).toBeCloseTo(0.99, 6);
  expect(g).toBeCloseTo(0.005, 4);
  expect(renderReference(axisScene([near, far]), camera, [0, 0, 0])).toEqual(picture);
});

test('the transmittance stop leaves out the splat that would pass it', () => {
  const opaque = { scale: 1, opacity: 0.99999, rgb: [1, 1, 1] as [number, number, number] };
  const scene = axisScene([
    { z: 2, ...opaque },
    { z: 3, ...opaque },
    { z: 4, ...opaque },
  ]);
  // 0.99 of the first; the second would leave 1e-4 of light, which rounding puts on either side; the third is past it.
  const [stopped] = pixel(renderReference(scene, camera, [0, 0, 0], { transmittanceStop: 2e-4 }), 10, 8);
  const [whole] = pixel(renderReference(scene, camera, [0, 0, 0], { transmittanceStop: 0 }), 10, 8);
  expect(stopped).toBeCloseTo(0.99, 6);
  expect(whole).toBeCloseTo(1 - 1e-6, 6);
});

test('the mip filter keeps the light of a splat smaller than a pixel', () => {
  const small = { z: 10, scale: 0.01, opacity: 0.9, rgb: [1, 1, 1] as [number, number, number] };
  const peak = pixel(renderReference(axisScene([small], true), camera, [0, 0, 0]), 10, 8)[0];
  // Variance before 0.01 px², after 0.31 px².
  expect(peak).toBeCloseTo((0.9 * 0.01) / 0.31, 4);
});

test('splats within the near distance (0.2 unless the camera names one) or with broken numbers are left out', () => {
  const ghost = { z: 0.19, scale: 0.1, opacity: 0.9, rgb: [1, 1, 1] as [number, number, number] };
  expect(new Set(renderReference(axisScene([ghost]), camera, [0, 0, 0]))).toEqual(new Set([0]));
  expect(pixel(renderReference(axisScene([ghost]), { ...camera, near: 0.18 }, [0, 0, 0]), 10, 8)[0]).toBeCloseTo(
    0.9,
    6,
  );
  const scene = generateScene({ count: 3, shDegree: 1, seed: 1 });
  scene.quats.fill(0, 4, 8);
  scene.shRest[20] = NaN;
  expect([0, 1, 2].map((i) => isDrawable(scene, i))).toEqual([true, false, false]);
});

test('spherical harmonics follow the signs of the format and are orthonormal', () => {
  const unit = (k: number): number[] => Array.from({ length: 48 }, (_, i) => (i === k * 3 ? 1 : 0));
  // Degree 1 is -y, z, -x.
  expect(shColour(3, unit(1), 0, 2, 0)[0]).toBeCloseTo(-0.4886025119, 9);
  expect(shColour(3, unit(2), 0, 0, 5)[0]).toBeCloseTo(0.4886025119, 9);
  expect(shColour(3, unit(3), 1, 0, 0)[0]).toBeCloseTo(-0.4886025119, 9);
  // Integrals of products over the sphere, by a midpoint rule in z and azimuth.
  const steps = 64;
  const gram = Array.from({ length: 16 }, () => new Float64Array(16));
  for (let a = 0; a < steps; a++) {
    const z = (2 * (a + 0.5)) / steps - 1;
    for (let b = 0; b < 32; b++) {
      const azimuth = (2 * Math.PI * (b + 0.5)) / 32;
      const r = Math.sqrt(1 - z * z);
      const values = Array.from(
        { length: 16 },
        (_, k) => shColour(3, unit(k), r * Math.cos(azimuth), r * Math.sin(azimuth), z)[0],
      );
      for (let i = 0; i < 16; i++)
        for (let j = 0; j < 16; j++) gram[i][j] += (values[i] * values[j] * 4 * Math.PI) / (steps * 32);
    }
  }
  for (let i = 0; i < 16; i++) for (let j = 0; j < 16; j++) expect(gram[i][j]).toBeCloseTo(i === j ? 1 : 0, 2);
});

test('the eye and the slope limits follow the camera', () => {
  const away = lookAt([3, -2, 5], [0.5, 0, 0], 40, 30);
  cameraCentre(away.worldToView).forEach((x, k) => expect(x).toBeCloseTo([3, -2, 5][k], 9));
  // Centred: 1.3 times the tangent of half the field of view, on both sides.
  const [low, high] = slopeLimits(40, 20, 25);
  expect(low).toBeCloseTo(-1.3 * 0.8, 12);
  expect(high).toBeCloseTo(1.3 * 0.8, 12);
});
