/**
 * How convolutions are computed. `all`: every row's 27 taps are gathered, zeros where a cell is empty, for three large
 * products. `occupied`: a product for each tap over its occupied pairs alone, added to the rows of the answer; half the
 * processor time where two fifths are occupied, but many small steps for a graphics card.
 */
export type Taps = 'all' | 'occupied';

const tapCount = 27;
/** The tap of the row itself. */
export const centreTap = 13;
/** All others. */
export const neighbourTaps: readonly number[] = Array.from({ length: tapCount }, (_, tap) => tap).filter(
  (tap) => tap !== centreTap,
);

/** The rows that have a neighbour at one tap, in ascending order, and those neighbours. */
export interface TapPairs {
  readonly rows: Int32Array;
  readonly neighbours: Int32Array;
}

/**
 * The occupied pairs of each of the 27 taps, x slowest; none at the centre, which is the row itself.
 * @param near the three (count, 9) tables of `CellTable.neighbours`
 */
export function occupiedTaps(near: readonly Int32Array[], count: number): TapPairs[] {
  return Array.from({ length: tapCount }, (_, tap) => {
    const table = near[Math.floor(tap / 9)];
    const column = tap % 9;
    let length = 0;
    if (tap !== centreTap) for (let row = 0; row < count; row++) if (table[9 * row + column] < count) length++;
    const pairs = { rows: new Int32Array(length), neighbours: new Int32Array(length) };
    for (let row = 0, at = 0; at < length; row++) {
      const neighbour = table[9 * row + column];
      if (neighbour === count) continue;
      pairs.rows[at] = row;
      pairs.neighbours[at++] = neighbour;
    }
    return pairs;
  });
}
