import { expect, it } from 'vitest';
import { cellsOf, gridResolutionFor, normalizationOf, normalizedPositions } from '../../../renderer/refine/features.ts';

// The same numbers as models/training/tests/test_plan.py.
it.each([
  [1, 1],
  [3_999, 32],
  [4_000, 64],
  [15_999, 64],
  [16_000, 128],
  [1_000_000, 512],
  [10 ** 9, 4096],
])('the grid doubles with four times the splats: %i splats, %i cells a side', (splats, expected) => {
  expect(
    gridResolutionFor(splats, { gridRule: { kind: 'count', grid: 64, splats: 4_000 }, gridResolution: null }),
  ).toBe(expected);
});

it('a fixed grid is the same for every scene', () => {
  expect(gridResolutionFor(7, { gridRule: null, gridResolution: 384 })).toBe(384);
});

/** Splats of which some lie on the faces of their box, and the cells a side of 384 that numpy finds in float32. */
const onFaces = [
  {
    // By the sum from double precision, the fourth would be in cell 383 of y.
    positions: [
      [-1.6850563287734985, 2.5451767444610596, 1.5781166553497314],
      [-2.541304588317871, 1.074328899383545, -1.7901544570922852],
      [-4.055137634277344, 2.133755922317505, -2.5672454833984375],
      [-2.3094756603240967, 6.457204818725586, -3.5447800159454346],
      [-2.8854854106903076, 1.2462809085845947, -0.8977975249290466],
      [-5.876739025115967, 0.0354963056743145, -2.645841121673584],
    ],
    cells: [317, 150, 345, 266, 62, 143, 175, 125, 97, 279, 384, 38, 245, 72, 197, 66, 0, 92],
  },
  {
    // The second lies at -1.2e-7 of x, so in cell 0 and not in -1; by the sum from double the fifth is in 384 of x.
    positions: [
      [-4.879362106323242, -4.082286834716797, -0.8762710690498352],
      [-6.105877876281738, -0.9091331958770752, 2.274956464767456],
      [-3.226147174835205, -0.6902907490730286, 0.7031359076499939],
      [-0.9012335538864136, -4.602493762969971, 3.4248037338256836],
      [-0.6572733521461487, -4.303246974945068, 1.3112341165542603],
      [-1.1290820837020874, -4.588066101074219, 1.1521483659744263],
    ],
    cells: [86, 90, 40, 0, 314, 262, 202, 329, 151, 366, 54, 343, 383, 75, 194, 350, 55, 183],
  },
];

it.each(onFaces)("the authors' models see every splat in the authors' cell, on the box's faces too", (scene) => {
  expect(cellsIn(scene.positions, 'raw')).toEqual(scene.cells);
});

it('the own models, which were trained with the shift from double precision, see it so', () => {
  const [first, second] = onFaces.map(({ positions }) => cellsIn(positions, 'unit'));
  expect(first).toEqual(onFaces[0].cells.with(10, 383));
  expect(second).toEqual(onFaces[1].cells.with(12, 384));
});

function cellsIn(positions: readonly (readonly number[])[], quaternions: 'raw' | 'unit'): number[] {
  const flat = Float32Array.from(positions.flat());
  const rows = Int32Array.from(positions, (_, row) => row);
  const normalization = normalizationOf(flat, rows, { normalization: 'boundingBox', quaternions });
  return [...cellsOf(normalizedPositions(flat, rows, normalization), 384)];
}
