/**
 * One pass over part of a scene. Both lists hold indices of normalised rows, ascending, so that ties break as in the
 * whole scene.
 */
export interface Block {
  /** Rows that go through the network: the core and the nearest rows around it. */
  readonly rows: Int32Array;
  /** Positions within `rows` whose answers are kept. Every row of the scene is core in exactly one block. */
  readonly core: Int32Array;
}

/** Share of a block that its core may take; the rest is halo, the surroundings that the core's answer depends on. */
const coreShare = 0.6;
/** Rows of a bucket, which a search for a core's halo takes or leaves as a whole. */
const bucketRows = 1024;

/** Places `from` to `to` of the order that a k-d split made. */
interface Range {
  readonly from: number;
  readonly to: number;
}

interface Box {
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

/**
 * Cuts rows into overlapping blocks of at most `maxRows`: a k-d split at the median of the longest axis until the cores
 * fit, then each core is filled up with the rows nearest to its bounding box. One block when everything fits. Time
 * grows with N log N, as a halo is looked for among buckets of the same split.
 * @param positions (N, 3)
 */
export function cutBlocks(positions: Float32Array, maxRows: number): Block[] {
  const n = positions.length / 3;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  if (n <= maxRows) return [{ rows: order, core: order }];
  const sorted = { positions, order, keys: new Float32Array(n) };
  const cores = split(sorted, { from: 0, to: n }, Math.max(1, Math.floor(maxRows * coreShare)));
  const buckets = cores
    .flatMap((core) => split(sorted, core, bucketRows))
    .map((range) => ({ ...range, box: boxOf(positions, order, range) }));
  return cores.map((core) => addHalo({ positions, order, buckets }, core, maxRows));
}

function boxOf(positions: Float32Array, order: Int32Array, { from, to }: Range): Box {
  const lo = [Infinity, Infinity, Infinity];
  const hi = [-Infinity, -Infinity, -Infinity];
  for (let i = from; i < to; i++) {
    for (let axis = 0; axis < 3; axis++) {
      const v = positions[3 * order[i] + axis];
      lo[axis] = Math.min(lo[axis], v);
      hi[axis] = Math.max(hi[axis], v);
    }
  }
  return { lo, hi };
}

/** What a k-d split works on. */
interface Sorted {
  readonly positions: Float32Array;
  readonly order: Int32Array;
  /** Room for the coordinates of the rows of `order` along an axis. */
  readonly keys: Float32Array;
}

/** Orders a range so that it is one range of at most `largest` rows after the other, and returns those. */
function split(sorted: Sorted, range: Range, largest: number): Range[] {
  const { positions, order, keys } = sorted;
  const { from, to } = range;
  if (to - from <= largest) return [range];
  const { lo, hi } = boxOf(positions, order, range);
  const spans = lo.map((v, axis) => hi[axis] - v);
  const axis = spans.indexOf(Math.max(...spans));
  // Cut so that the halves hold whole numbers of cores: no core comes out half empty.
  const parts = Math.ceil((to - from) / largest);
  const cut = from + Math.round(((to - from) * Math.floor(parts / 2)) / parts);
  for (let i = from; i < to; i++) keys[i] = positions[3 * order[i] + axis];
  bringForward(sorted, range, cut);
  return [...split(sorted, { from, to: cut }, largest), ...split(sorted, { from: cut, to }, largest)];
}

/**
 * Brings the rows of the least keys of a range before place `cut`, in no order; of equal keys the first rows of the
 * scene (quickselect, Hoare 1961).
 */
function bringForward({ order, keys }: Sorted, { from, to }: Range, cut: number): void {
  let [low, high] = [from, to - 1];
  while (low < high) {
    const pivot = medianOfThree(keys, order, low, high);
    const [key, row] = [keys[pivot], order[pivot]];
    let [i, j] = [low, high];
    for (;;) {
      while (keys[i] < key || (keys[i] === key && order[i] < row)) i++;
      while (keys[j] > key || (keys[j] === key && order[j] > row)) j--;
      if (i > j) break;
      const [heldKey, heldRow] = [keys[i], order[i]];
      keys[i] = keys[j];
      order[i++] = order[j];
      keys[j] = heldKey;
      order[j--] = heldRow;
    }
    if (cut <= j) high = j;
    else if (cut >= i) low = i;
    else return;
  }
}

/** The place of the middle one of a range's first, middle and last rows. */
function medianOfThree(keys: Float32Array, order: Int32Array, first: number, last: number): number {
  const places = [first, (first + last) >> 1, last];
  return places.sort((a, b) => keys[a] - keys[b] || order[a] - order[b])[1];
}

/** What a halo is looked for in: rows in the order of the split, in buckets. */
interface Search {
  readonly positions: Float32Array;
  readonly order: Int32Array;
  readonly buckets: readonly (Range & { readonly box: Box })[];
}

function addHalo({ positions, order, buckets }: Search, core: Range, maxRows: number): Block {
  const box = boxOf(positions, order, core);
  const others = buckets.filter(({ from }) => from < core.from || from >= core.to);
  const least = Float32Array.from(others, (bucket) => squaredDistance(box, bucket.box.lo, bucket.box.hi, 0));
  const nearest = Int32Array.from(others, (_, i) => i).sort((a, b) => least[a] - least[b]);
  const wanted = Math.min(maxRows - (core.to - core.from), order.length - (core.to - core.from));
  const rows: number[] = [];
  const distances: number[] = [];
  // All rows as near as the farthest of the first so many, of which the nearest are taken.
  let limit = Infinity;
  for (const index of nearest) {
    if (rows.length >= wanted && limit === Infinity) limit = nth(distances, wanted);
    if (least[index] > limit) break;
    for (let i = others[index].from; i < others[index].to; i++) {
      const distance = Math.fround(squaredDistance(box, positions, positions, 3 * order[i]));
      if (distance > limit) continue;
      rows.push(order[i]);
      distances.push(distance);
    }
  }
  return joined(order.slice(core.from, core.to).sort(), nearestOf(rows, distances, wanted));
}

/** Squared distance of a box from another, whose corners are found at `at`; a point is its own corners. */
function squaredDistance({ lo, hi }: Box, otherLo: ArrayLike<number>, otherHi: ArrayLike<number>, at: number): number {
  let squared = 0;
  for (let axis = 0; axis < 3; axis++) {
    const outside = Math.max(lo[axis] - otherHi[at + axis], otherLo[at + axis] - hi[axis], 0);
    squared += outside * outside;
  }
  return squared;
}

/** The greatest of the least `count` values. */
function nth(values: readonly number[], count: number): number {
  return Float32Array.from(values).sort()[count - 1] ?? -1;
}

/** The `wanted` rows of the least distance, ascending; of those at one distance the first of the scene. */
function nearestOf(rows: readonly number[], distances: readonly number[], wanted: number): Int32Array {
  const limit = nth(distances, wanted);
  const nearer = rows.filter((_, i) => distances[i] < limit);
  const atLimit = Int32Array.from(rows.filter((_, i) => distances[i] === limit)).sort();
  return Int32Array.from([...nearer, ...atLimit.subarray(0, wanted - nearer.length)]).sort();
}

/** Merges a core and its halo, both ascending. */
function joined(core: Int32Array, halo: Int32Array): Block {
  const rows = new Int32Array(core.length + halo.length);
  const kept = new Int32Array(core.length);
  for (let i = 0, c = 0, h = 0; i < rows.length; i++) {
    if (h === halo.length || (c < core.length && core[c] < halo[h])) {
      kept[c] = i;
      rows[i] = core[c++];
    } else rows[i] = halo[h++];
  }
  return { rows, core: kept };
}
