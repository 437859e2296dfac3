/** Rows of a fine stage grouped by parent cell. Clusters are numbered along the curve whose order was given. */
export interface Clusters {
  readonly count: number;
  /** (N) cluster of each fine row. */
  readonly cluster: Int32Array;
  /** (M) one fine row of each cluster: the first along the curve. */
  readonly heads: Int32Array;
  /**
   * Rungs of the ladder of maxima, finest first: (rows, width) indices into the rung before; short groups repeat their
   * first member.
   */
  readonly rungs: readonly { readonly width: number; readonly members: Int32Array }[];
}

/**
 * Groups rows by `parent` code, which is ascending along `order`.
 * @param order (N) fine rows along the curve
 * @param same whether the parents of two rows are the same cell
 * @param widths members of a row on each rung, at most; their product is the most members that a cluster may have
 */
export function clusterRows(
  order: Int32Array,
  same: (a: number, b: number) => boolean,
  widths: readonly number[],
): Clusters {
  const n = order.length;
  const cluster = new Int32Array(n);
  const starts: number[] = [];
  for (let i = 0; i < n; i++) {
    if (i === 0 || !same(order[i - 1], order[i])) starts.push(i);
    cluster[order[i]] = starts.length - 1;
  }
  const count = starts.length;
  const heads = Int32Array.from(starts, (start) => order[start]);
  starts.push(n);

  const rungs: { width: number; members: Int32Array }[] = [];
  // `ends` delimits each cluster's rows in the current rung; `source` maps them to indices of the rung before.
  let ends = Int32Array.from(starts);
  let source = order;
  for (const width of widths) {
    let longest = 1;
    for (let c = 0; c < count; c++) longest = Math.max(longest, ends[c + 1] - ends[c]);
    const used = Math.min(width, longest);
    const next = new Int32Array(count + 1);
    for (let c = 0; c < count; c++) next[c + 1] = next[c] + Math.ceil((ends[c + 1] - ends[c]) / used);
    const members = new Int32Array(next[count] * used);
    for (let c = 0; c < count; c++) {
      for (let row = next[c]; row < next[c + 1]; row++) {
        const first = ends[c] + (row - next[c]) * used;
        for (let k = 0; k < used; k++) members[row * used + k] = source[first + k < ends[c + 1] ? first + k : first];
      }
    }
    rungs.push({ width: used, members });
    source = Int32Array.from({ length: next[count] }, (_, i) => i);
    ends = next;
  }
  if (ends[count] !== count)
    throw new RangeError(`A cluster has more than ${widths.reduce((a, b) => a * b, 1)} members.`);
  return { count, cluster, heads, rungs };
}
