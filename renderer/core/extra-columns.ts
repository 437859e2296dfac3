/** Number types that a column may have, by PLY's names. */
export type ColumnType = 'char' | 'uchar' | 'short' | 'ushort' | 'int' | 'uint' | 'float' | 'double';

/** The array of each type. */
export const ARRAY_TYPES = {
  char: Int8Array,
  uchar: Uint8Array,
  short: Int16Array,
  ushort: Uint16Array,
  int: Int32Array,
  uint: Uint32Array,
  float: Float32Array,
  double: Float64Array,
} as const;

export type ColumnValues = InstanceType<(typeof ARRAY_TYPES)[ColumnType]>;

/**
 * A column of the file's own, such as labels, confidences or normals: nothing here reads it, it is kept for whoever
 * does.
 */
export interface ExtraColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** (N) */
  readonly values: ColumnValues;
}

/** Whether a column says anything: normals of zero do not, and every writer makes them anew. */
export function saysSomething({ name, values }: ExtraColumn): boolean {
  return !/^n[xyz]$/.test(name) || values.some((value) => value !== 0);
}

/** A column of zeros. */
export function createColumn(name: string, type: ColumnType, count: number): ExtraColumn {
  return { name, type, values: new ARRAY_TYPES[type](count) };
}

/** The rows of columns at these indices, in their order. */
export function pickColumnRows(columns: readonly ExtraColumn[], rows: Int32Array): ExtraColumn[] {
  return columns.map(({ name, type, values }) => {
    const picked = createColumn(name, type, rows.length);
    rows.forEach((row, i) => (picked.values[i] = values[row]));
    return picked;
  });
}
