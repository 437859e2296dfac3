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

/**
 * Cuts rows into overlapping blocks of at most `maxRows`: a k-d split at the median of the longest axis until the cores
 * fit, then each core is filled up with the rows nearest to its bounding box. One block when everything fits.
 * @param positions (N, 3)
 */
export function cutBlocks(positions: Float32Array, maxRows: number): Block[] {
  const n = positions.length / 3;
  const all = Int32Array.from({ length: n }, (_, i) => i);
  if (n <= maxRows) return [{ rows: all, core: all }];
  const cores: Int32Array[] = [];
  split(positions, all, Math.max(1, Math.floor(maxRows * coreShare)), cores);
  return cores.map((core) => addHalo(positions, core, maxRows));
}

function bounds(positions: Float32Array, rows: Int32Array): { lo: number[]; hi: number[] } {
  const lo = [Infinity, Infinity, Infinity];
  const hi = [-Infinity, -Infinity, -Infinity];
  for (const row of rows) {
    for (let axis = 0; axis < 3; axis++) {
      lo[axis] = Math.min(lo[axis], positions[3 * row + axis]);
      hi[axis] = Math.max(hi[axis], positions[3 * row + axis]);
    }
  }
  return { lo, hi };
}

function split(positions: Float32Array, rows: Int32Array, largest: number, out: Int32Array[]): void {
  if (rows.length <= largest) {
    out.push(rows.slice().sort());
    return;
  }
  const { lo, hi } = bounds(positions, rows);
  const spans = lo.map((v, axis) => hi[axis] - v);
  const axis = spans.indexOf(Math.max(...spans));
  const sorted = rows.slice().sort((a, b) => positions[3 * a + axis] - positions[3 * b + axis] || a - b);
  // Cut so that the halves hold whole numbers of cores: no core comes out half empty.
  const parts = Math.ceil(rows.length / largest);
  const cut = Math.round((rows.length * Math.floor(parts / 2)) / parts);
  split(positions, sorted.subarray(0, cut), largest, out);
  split(positions, sorted.subarray(cut), largest, out);
}

function addHalo(positions: Float32Array, core: Int32Array, maxRows: number): Block {
  const n = positions.length / 3;
  const { lo, hi } = bounds(positions, core);
  const isCore = new Uint8Array(n);
  for (const row of core) isCore[row] = 1;
  const distances = new Float32Array(n - core.length);
  const others = new Int32Array(n - core.length);
  for (let row = 0, i = 0; row < n; row++) {
    if (isCore[row] === 1) continue;
    let squared = 0;
    for (let axis = 0; axis < 3; axis++) {
      const v = positions[3 * row + axis];
      const outside = Math.max(lo[axis] - v, v - hi[axis], 0);
      squared += outside * outside;
    }
    others[i] = row;
    distances[i++] = squared;
  }
  const wanted = Math.min(maxRows - core.length, others.length);
  const limit = distances.slice().sort()[wanted - 1] ?? -1;
  const halo: number[] = [];
  for (let i = 0; i < others.length; i++) if (distances[i] < limit) halo.push(others[i]);
  for (let i = 0; i < others.length && halo.length < wanted; i++) if (distances[i] === limit) halo.push(others[i]);
  const rows = joined(core, halo).sort();
  const kept = new Int32Array(core.length);
  for (let i = 0, k = 0; i < rows.length; i++) if (isCore[rows[i]] === 1) kept[k++] = i;
  return { rows, core: kept };
}

function joined(core: Int32Array, halo: readonly number[]): Int32Array {
  const rows = new Int32Array(core.length + halo.length);
  rows.set(core);
  rows.set(halo, core.length);
  return rows;
}
