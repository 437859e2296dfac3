import { pickColumnRows } from './extra-columns.ts';
import { makeSceneArrays, type SplatScene } from './splat-scene.ts';

/** Runs of fewer numbers than this are copied one by one: setting up a block copy for each takes many times longer. */
const SHORT_RUN = 128;

/** How many entries of a mask are 1. */
export function countMask(mask: Uint8Array): number {
  let count = 0;
  for (const flag of mask) count += flag;
  return count;
}

/** Copies the rows whose `keep` is 1 out of arrays, in order and bit for bit, a batch of rows at a time. */
export class RowGatherer {
  /** Rows that are kept. */
  readonly count: number;
  private readonly arrays = new Map<Float32Array, { readonly to: Float32Array; readonly width: number }>();
  private nextRow = 0;
  private nextKept = 0;

  constructor(private readonly keep: Uint8Array) {
    this.count = countMask(keep);
  }

  /**
   * The array that `advance` fills from `from`, which has `width` numbers a row; of an array that was added before, the
   * same.
   */
  add(from: Float32Array, width: number): Float32Array {
    const known = this.arrays.get(from);
    if (known !== undefined) return known.to;
    const to = new Float32Array(this.count * width);
    if (width > 0) this.arrays.set(from, { to, width });
    return to;
  }

  /** The scene that `advance` fills; arrays that scenes share stay shared. */
  addScene(scene: SplatScene): SplatScene {
    const { shDegree, meta } = scene;
    return {
      count: this.count,
      shDegree,
      meta,
      ...makeSceneArrays(shDegree, (name, width) => this.add(scene[name], width)),
      ...(scene.extra === undefined ? {} : { extra: pickColumnRows(scene.extra, this.keptRows()) }),
    };
  }

  private keptRows(): Int32Array {
    const rows = new Int32Array(this.count);
    let at = 0;
    for (let row = 0; row < this.keep.length; row++) if (this.keep[row] === 1) rows[at++] = row;
    return rows;
  }

  /** Share of the rows that are done, 0 to 1. */
  get fraction(): number {
    return this.keep.length === 0 ? 1 : this.nextRow / this.keep.length;
  }

  /** Works on the next `rows` rows; says whether all are done. */
  advance(rows: number): boolean {
    const end = Math.min(this.keep.length, this.nextRow + rows);
    let kept = 0;
    for (let row = this.nextRow; row < end; row++) kept += this.keep[row];
    for (const [from, { to, width }] of this.arrays)
      copyKept(from, to, width, this.keep, this.nextRow, end, this.nextKept * width);
    this.nextRow = end;
    this.nextKept += kept;
    return end === this.keep.length;
  }
}

/** The scene of the splats whose `keep` is 1, in order and bit for bit; the scene itself where that is all of them. */
export function keepRows(scene: SplatScene, keep: Uint8Array): SplatScene {
  const gatherer = new RowGatherer(keep);
  if (gatherer.count === scene.count) return scene;
  const kept = gatherer.addScene(scene);
  gatherer.advance(keep.length);
  return kept;
}

/** Copies the kept ones of rows [first, end) to place `at` and on. */
function copyKept(
  from: Float32Array,
  to: Float32Array,
  width: number,
  keep: Uint8Array,
  first: number,
  end: number,
  at: number,
): void {
  for (let row = first; row < end; row++) {
    if (keep[row] === 0) continue;
    let next = row + 1;
    while (next < end && keep[next] === 1) next++;
    const start = row * width;
    const stop = next * width;
    if (stop - start < SHORT_RUN) for (let i = start; i < stop; i++) to[at++] = from[i];
    else {
      to.set(from.subarray(start, stop), at);
      at += stop - start;
    }
    row = next;
  }
}
