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
 * @param width members a row of a rung, at most
 * @param rungCount rungs to make; the last one must close every cluster (width ** rungCount members each)
 */
export function clusterRows(
  order: Int32Array,
  same: (a: number, b: number) => boolean,
  width: number,
  rungCount: number,
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
  for (let rung = 0; rung < rungCount; rung++) {
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
  if (ends[count] !== count) throw new RangeError(`A cluster has more than ${width ** rungCount} members.`);
  return { count, cluster, heads, rungs };
}
