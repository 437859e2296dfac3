import type { UpSample } from './up-sample.ts';
import { dot, norm, scale, vec3, type Vec3 } from './vector.ts';

/** What colours by direction tell of the cameras, which look down rather than up. */
export interface UpColours {
  /** Mean change of colour along a direction, in standard deviations. */
  readonly lean: number;
  /** Logarithm of how much more colours change along it than along all three on average. */
  readonly spread: number;
  /** Cosine between it and the direction from which splats were looked at; see `tradeOf`. */
  readonly trade: number;
  /** That, by the squared logarithm of how sure the direction is. */
  readonly tradeLog: number;
}

/** Cells of the grid within which splats are compared, along a radius. */
const CELLS = 12;
/** More cells than lie along a side of the sample. */
const SPAN = 128;

/** Answers for any direction; undefined for a scene without harmonics. */
export function upColours(sample: UpSample): ((direction: Vec3) => UpColours) | undefined {
  const { gradients, weights, count } = sample;
  if (gradients === undefined) return undefined;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = [0, 0, 0];
  const moments = new Float64Array(9);
  for (let i = 0; i < count; i++) {
    const gradient = vec3(
      (axis) => (gradients[9 * i + axis] + gradients[9 * i + 3 + axis] + gradients[9 * i + 6 + axis]) / 3,
    );
    for (let j = 0; j < 3; j++) {
      mean[j] += (weights[i] * gradient[j]) / total;
      for (let k = 0; k < 3; k++) moments[3 * j + k] += (weights[i] * gradient[j] * gradient[k]) / total;
    }
  }
  const deviation = Math.sqrt((moments[0] + moments[4] + moments[8]) / 3);
  if (!(deviation > 0)) return undefined;
  const trade = tradeOf(sample, gradients);
  const sureness = norm(trade);
  const direction: Vec3 = sureness > 0 ? scale(trade, 1 / sureness) : [0, 0, 0];
  return (up) => {
    const along = vec3((j) => dot([moments[3 * j], moments[3 * j + 1], moments[3 * j + 2]], up));
    return {
      lean: dot([mean[0], mean[1], mean[2]], up) / deviation,
      spread: Math.log(Math.sqrt(Math.max(dot(along, up), Number.MIN_VALUE)) / deviation),
      trade: dot(direction, up),
      tradeLog: dot(direction, up) * Math.log1p(sureness) ** 2,
    };
  };
}

/**
 * The direction from which splats were looked at, as the errors of a fit tell: photos settle a splat's colour as seen
 * from their side, so what its base colour has too much, its change along that side has too little. Those trades are a
 * regression of base colours on changes between splats of one place, so that neither shading nor texture counts.
 * @returns the direction, as long as it is sure: in standard errors
 */
function tradeOf(sample: UpSample, gradients: Float64Array): Vec3 {
  const { weights, count } = sample;
  const cells = cellsOf(sample);
  const colours = withinCells(sample.colours, 3, cells, weights);
  const changes = withinCells(gradients, 9, cells, weights);
  const matrix = new Float64Array(9);
  const vector: [number, number, number] = [0, 0, 0];
  const rest = { squares: 0, weight: 0 };
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const colour = colours[3 * i + channel];
      rest.squares += weights[i] * colour ** 2;
      rest.weight += weights[i];
      for (let j = 0; j < 3; j++) {
        const change = weights[i] * changes[9 * i + 3 * channel + j];
        vector[j] -= change * colour;
        for (let k = 0; k < 3; k++) matrix[3 * j + k] += change * changes[9 * i + 3 * channel + k];
      }
    }
  }
  const inverse = inverseOf(matrix);
  if (inverse === undefined) return [0, 0, 0];
  const slope = vec3((j) => dot([inverse[3 * j], inverse[3 * j + 1], inverse[3 * j + 2]], vector));
  const variance = Math.max(rest.squares - dot(slope, vector), 0) / rest.weight;
  const errors = vec3((j) => slope[j] / Math.sqrt(Math.max(inverse[4 * j] * variance, Number.MIN_VALUE)));
  const length = norm(slope);
  return length > 0 ? scale(slope, norm(errors) / length) : [0, 0, 0];
}

/** (count) numbers of the grid cells that splats lie in. */
function cellsOf({ count, positions }: UpSample): Uint32Array {
  const numbers = new Map<number, number>();
  return Uint32Array.from({ length: count }, (_, i) => {
    let place = 0;
    for (let axis = 0; axis < 3; axis++) place = place * SPAN + Math.floor(positions[3 * i + axis] * CELLS) + SPAN / 2;
    const number = numbers.get(place) ?? numbers.size;
    numbers.set(place, number);
    return number;
  });
}

/** (rows, width) values less the weighted mean of their cell. */
function withinCells(values: Float64Array, width: number, cells: Uint32Array, weights: Float64Array): Float64Array {
  const sums = new Float64Array(width * cells.length);
  const totals = new Float64Array(cells.length);
  cells.forEach((cell, i) => {
    totals[cell] += weights[i];
    for (let k = 0; k < width; k++) sums[width * cell + k] += weights[i] * values[width * i + k];
  });
  return values.map((value, at) => {
    const cell = cells[Math.floor(at / width)];
    return value - sums[width * cell + (at % width)] / totals[cell];
  });
}

/** The inverse of a symmetric matrix of three rows; undefined where it has none. */
function inverseOf(m: Float64Array): Float64Array | undefined {
  const cofactor = (i: number, j: number): number => {
    const [a, b] = [0, 1, 2].filter((row) => row !== i);
    const [c, d] = [0, 1, 2].filter((column) => column !== j);
    return (i + j) % 2 === 0
      ? m[3 * a + c] * m[3 * b + d] - m[3 * a + d] * m[3 * b + c]
      : m[3 * a + d] * m[3 * b + c] - m[3 * a + c] * m[3 * b + d];
  };
  const determinant = m[0] * cofactor(0, 0) + m[1] * cofactor(0, 1) + m[2] * cofactor(0, 2);
  if (!(Math.abs(determinant) > 0)) return undefined;
  return Float64Array.from({ length: 9 }, (_, at) => cofactor(at % 3, Math.floor(at / 3)) / determinant);
}
