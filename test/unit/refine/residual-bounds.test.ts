import { expect, it } from 'vitest';
import { boundResiduals, residualBounds } from '../../../renderer/refine/residual-bounds.ts';

it('cuts residuals off at what training scenes know, and leaves the others as they are', () => {
  const values = {
    means: Float32Array.of(0.05, -7, 0),
    scales: Float32Array.of(-14, 1.5, NaN),
    opacities: Float32Array.of(-50),
    quats: Float32Array.of(0.2, -3, 0, 0),
    features_dc: Float32Array.of(1345, -1345, 0.3),
    features_rest: new Float32Array(9).fill(-0.1),
  };
  boundResiduals(values, 1);
  const { means, scales, opacities, features_dc: dc } = residualBounds;
  expect([...values.means]).toEqual([0.05, -means, 0].map(Math.fround));
  expect([...values.scales]).toEqual([-scales, 1.5, NaN].map(Math.fround));
  expect([...values.opacities]).toEqual([Math.fround(-opacities)]);
  expect([...values.quats]).toEqual([0.2, -1, 0, 0].map(Math.fround));
  expect([...values.features_dc]).toEqual([dc, -dc, 0.3].map(Math.fround));
  expect(values.features_rest).toEqual(new Float32Array(9).fill(-0.1));
});
