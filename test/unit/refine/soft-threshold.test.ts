import { expect, it } from 'vitest';
import type { RefineManifest } from '../../../renderer/refine/manifest.ts';
import { parseSidecar, publishedSidecar } from '../../../renderer/refine/manifest.ts';
import { softThreshold } from '../../../renderer/refine/soft-threshold.ts';
import { observationWeights } from '../../../renderer/refine/visibility.ts';

const values = () => ({
  means: Float32Array.of(3, 0, 4, 0.3, 0, 0.4),
  scales: Float32Array.of(1, 2, 3, NaN, 0, 0),
  opacities: Float32Array.of(-2, 0),
  quats: new Float32Array(8).fill(1),
  features_dc: Float32Array.of(0, -1, 0, 0, 0.5, 0),
  features_rest: new Float32Array(18).fill(0.01),
});
const floored = (noiseFloor: RefineManifest['noiseFloor'], held: Float32Array | null = null) => {
  const out = values();
  softThreshold(out, { noiseFloor, shDegree: 1, copies: 1 }, held);
  return out;
};

it('leaves short residuals out and shortens long ones by the floor, an attribute and a splat at a time', () => {
  const out = floored({ means: 1, scales: 1, opacities: 0.5, quats: 0, features_dc: 0.5, features_rest: 1 });
  expect([...out.means]).toEqual([3, 0, 4, 0, 0, 0].map((x) => Math.fround(x * 0.8)));
  expect(Math.hypot(...out.scales.subarray(0, 3))).toBeCloseTo(Math.hypot(1, 2, 3) - 1, 5);
  expect(out.scales[3]).toBeNaN();
  expect([...out.opacities]).toEqual([-1.5, 0]);
  expect(out.quats).toEqual(values().quats);
  expect([...out.features_dc]).toEqual([0, -0.5, 0, 0, 0, 0]);
  expect(out.features_rest.every((x) => x === 0)).toBe(true);
});

it('lowers the floor of splats that the capture does not hold', () => {
  const out = floored(
    { means: 1, scales: 0, opacities: 1, quats: 0, features_dc: 0, features_rest: 0 },
    Float32Array.of(1, 0.25),
  );
  expect([...out.means.subarray(0, 3)]).toEqual([3, 0, 4].map((x) => Math.fround(x * 0.8)));
  expect(Math.hypot(...out.means.subarray(3))).toBeCloseTo(0.25, 5);
  expect([...out.opacities]).toEqual([-1, 0]);
  expect([
    ...observationWeights(Float32Array.from({ length: 42 }, (_, i) => (i === 0 ? 1.5 : i === 14 ? 6 : 0))),
  ]).toEqual([0.5, 1, 0]);
});

it('does nothing to models without a floor', () => {
  expect(floored(null)).toEqual(values());
});

it('is read from the description file, attributes that are not named without one', () => {
  const sidecar = { ...publishedSidecar('splatformer', 1), gridResolution: 64 };
  expect(parseSidecar({ ...sidecar, noiseFloor: { opacities: 0.7 } }).noiseFloor).toEqual({
    means: 0,
    scales: 0,
    opacities: 0.7,
    quats: 0,
    features_dc: 0,
    features_rest: 0,
  });
  expect(() => parseSidecar({ ...sidecar, noiseFloor: { opacities: -1 } })).toThrow(/noiseFloor\.opacities/);
  expect(() => parseSidecar({ ...sidecar, noiseFloor: { opacity: 1 } })).toThrow(/noiseFloor/);
});
