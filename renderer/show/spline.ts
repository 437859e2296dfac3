/** Cubic Hermite splines over knots: the value and its slope are given at each knot, so pieces join smoothly. */

/**
 * Slopes of a Catmull-Rom spline on uneven knots (Barry and Goldman): smooth through every value, free to swing past.
 * With knots spaced by the square root of the distance (centripetal) it neither loops nor forms cusps.
 * @param knots (K) increasing
 * @param values (K)
 * @returns (K) slopes, value per knot unit
 */
export function catmullRomSlopes(knots: Float64Array, values: Float64Array): Float64Array {
  return slopesOf(knots, values, ({ left, right, before, after }) => {
    const across = (left * before + right * after) / (before + after);
    return left - across + right;
  });
}

/**
 * Slopes of a monotone spline (Fritsch and Butland): between two knots it never leaves their values.
 * @param knots (K) increasing
 * @param values (K)
 * @returns (K) slopes, value per knot unit; equal values keep a flat piece between them
 */
export function monotoneSlopes(knots: Float64Array, values: Float64Array): Float64Array {
  return slopesOf(knots, values, ({ left, right, before, after }) => {
    if (left * right <= 0) return 0;
    const [leftWeight, rightWeight] = [2 * after + before, after + 2 * before];
    return (leftWeight + rightWeight) / (leftWeight / left + rightWeight / right);
  });
}

/** Value of the spline's piece from knot `piece` to the next, `fraction` 0..1 of the way along. Both ends are exact. */
export function hermite(
  knots: Float64Array,
  values: Float64Array,
  slopes: Float64Array,
  piece: number,
  fraction: number,
): number {
  const [from, to] = [at(values, piece), at(values, piece + 1)];
  if (fraction <= 0) return from;
  if (fraction >= 1) return to;
  const width = at(knots, piece + 1) - at(knots, piece);
  const [t, t2, t3] = [fraction, fraction * fraction, fraction * fraction * fraction];
  return (
    (2 * t3 - 3 * t2 + 1) * from +
    (t3 - 2 * t2 + t) * width * at(slopes, piece) +
    (3 * t2 - 2 * t3) * to +
    (t3 - t2) * width * at(slopes, piece + 1)
  );
}

/** The piece that holds `value`, and how far along it lies; values outside fall on the first or last end. */
export function locate(knots: Float64Array, value: number): { readonly piece: number; readonly fraction: number } {
  const last = knots.length - 2;
  let [low, high] = [0, last];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(knots, middle) <= value) low = middle;
    else high = middle - 1;
  }
  const [from, to] = [at(knots, low), at(knots, low + 1)];
  return { piece: low, fraction: to > from ? Math.min(1, Math.max(0, (value - from) / (to - from))) : 1 };
}

/** What an inner knot's slope is made of: the secants on both sides, and how wide those pieces are. */
interface Neighbourhood {
  readonly left: number;
  readonly right: number;
  readonly before: number;
  readonly after: number;
}

/** Slopes at all knots: `inner` tells those between two pieces, the ends take the secant of their only one. */
function slopesOf(knots: Float64Array, values: Float64Array, inner: (around: Neighbourhood) => number): Float64Array {
  const width = (piece: number): number => at(knots, piece + 1) - at(knots, piece);
  const secant = (piece: number): number => (at(values, piece + 1) - at(values, piece)) / width(piece);
  const last = values.length - 1;
  return Float64Array.from(values, (_, i) => {
    if (i === 0) return secant(0);
    if (i === last) return secant(last - 1);
    return inner({ left: secant(i - 1), right: secant(i), before: width(i - 1), after: width(i) });
  });
}

function at(array: Float64Array, index: number): number {
  return array[index];
}
