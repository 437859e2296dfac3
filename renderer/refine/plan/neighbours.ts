/** Hash of a packed cell into `mask + 1` slots (Knuth's multiplicative constant, upper bits mixed down). */
function slotOf(key: number, mask: number): number {
  const h = Math.imul(key, 0x9e3779b1);
  return (h ^ (h >>> 15)) & mask;
}

/**
 * Open-addressing table from grid cell to row. Where several rows share a cell the lowest index owns it: the published
 * code leaves that choice to a race on the GPU, so some deterministic rule has to be picked.
 */
export class CellTable {
  private readonly mask: number;
  private readonly keys: Float64Array | Int32Array;
  private readonly rows: Int32Array;
  private readonly span: number;

  /** @param cells (N, 3) coordinates >= 0 */
  constructor(private readonly cells: Int32Array) {
    const n = cells.length / 3;
    let largest = 0;
    for (let i = 0; i < cells.length; i++) if (cells[i] > largest) largest = cells[i];
    // One empty layer all around, so that a neighbour's key never wraps into another cell's.
    this.span = largest + 3;
    const slots = 2 ** Math.max(4, Math.ceil(Math.log2(Math.max(1, n) * 2)));
    this.mask = slots - 1;
    this.keys = this.span ** 3 < 2 ** 31 ? new Int32Array(slots) : new Float64Array(slots);
    this.keys.fill(-1);
    this.rows = new Int32Array(slots);
    for (let i = 0; i < n; i++) {
      const key = this.key(cells[3 * i], cells[3 * i + 1], cells[3 * i + 2]);
      let slot = slotOf(key, this.mask);
      while (this.keys[slot] !== -1 && this.keys[slot] !== key) slot = (slot + 1) & this.mask;
      if (this.keys[slot] === key) continue;
      this.keys[slot] = key;
      this.rows[slot] = i;
    }
  }

  private key(x: number, y: number, z: number): number {
    return ((x + 1) * this.span + y + 1) * this.span + z + 1;
  }

  private find(key: number, missing: number): number {
    const { keys, mask } = this;
    let slot = slotOf(key, mask);
    for (let at = keys[slot]; at !== -1; at = keys[slot]) {
      if (at === key) return this.rows[slot];
      slot = (slot + 1) & mask;
    }
    return missing;
  }

  /**
   * The 3x3x3 neighbours of every row: three (N, 9) tables, one for each x offset -1, 0, 1; columns run over y then z
   * offsets.
   * N stands for an empty cell. The centre is the row itself, also where it shares its cell.
   */
  neighbours(): [Int32Array, Int32Array, Int32Array] {
    const n = this.cells.length / 3;
    const tables: [Int32Array, Int32Array, Int32Array] = [
      new Int32Array(n * 9),
      new Int32Array(n * 9),
      new Int32Array(n * 9),
    ];
    for (let i = 0; i < n; i++) {
      const centre = this.key(this.cells[3 * i], this.cells[3 * i + 1], this.cells[3 * i + 2]);
      for (let x = 0; x < 3; x++) {
        const table = tables[x];
        let column = i * 9;
        for (let y = -1; y <= 1; y++) {
          const row = centre + ((x - 1) * this.span + y) * this.span;
          table[column++] = this.find(row - 1, n);
          table[column++] = this.find(row, n);
          table[column++] = this.find(row + 1, n);
        }
      }
      tables[1][i * 9 + 4] = i;
    }
    return tables;
  }
}
