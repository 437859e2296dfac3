import { expect, it } from 'vitest';
import { clusterVectors } from '../../../renderer/io/cluster-vectors.ts';

it('finds the groups that there are, and their middles', () => {
  const centres = [
    [0, 0],
    [10, 0],
    [0, 10],
  ];
  const vectors = Float32Array.from({ length: 60 }, (_, at) => {
    const row = at >> 1;
    return centres[row % 3][at % 2] + (row % 2 === 0 ? 0.1 : -0.1);
  });
  const { centroids, labels, count } = clusterVectors(vectors, 2, 3);
  expect(count).toBe(3);
  labels.forEach((label, row) => {
    const centre = [...centroids.subarray(2 * label, 2 * label + 2)];
    centre.forEach((value, k) => expect(value).toBeCloseTo(centres[row % 3][k], 5));
  });
});

it('gives each vector its own where there are enough, and makes no more than are different', () => {
  const vectors = Float32Array.from({ length: 300 }, (_, at) => Math.sin(at * at));
  const all = clusterVectors(vectors, 3, 100);
  vectors.forEach((value, at) => expect(all.centroids[3 * all.labels[Math.floor(at / 3)] + (at % 3)]).toBe(value));
  expect(clusterVectors(new Float32Array(300).fill(0.1), 3, 50).count).toBe(1);
  expect(clusterVectors(Float32Array.from([1, 1, 2]), 1, 8)).toMatchObject({ count: 2 });
});

it('errs little: a set a splat in eight halves what one for all errs, and more sets err less', () => {
  const vectors = Float32Array.from({ length: 9 * 2000 }, (_, at) => Math.sin(12.9898 * at) * Math.cos(at >> 4));
  const errors = [1, 16, 250].map((k) => {
    const { centroids, labels } = clusterVectors(vectors, 9, k);
    return vectors.reduce(
      (sum, value, at) => sum + (value - centroids[9 * labels[Math.floor(at / 9)] + (at % 9)]) ** 2,
      0,
    );
  });
  expect(errors[1]).toBeLessThan(errors[0]);
  expect(errors[2]).toBeLessThan(errors[0] / 2);
});
