import type { SplatScene } from '../core/splat-scene.ts';
import { SCENE_ARRAYS, arrayWidth } from '../core/splat-scene.ts';

/** Rows compared between two pauses. */
const BATCH_ROWS = 8192;

/**
 * The rows of `parent` that `child` is made of, as a mask: undefined where it is not those rows, in their order and bit
 * for bit. `pause` is awaited now and then.
 */
export async function keptRows(
  parent: SplatScene,
  child: SplatScene,
  pause: () => Promise<void>,
): Promise<Uint8Array | undefined> {
  if (child.count >= parent.count || child.count === 0 || parent.shDegree !== child.shDegree) return undefined;
  if (JSON.stringify(parent.meta) !== JSON.stringify(child.meta) || !hasSameColumns(parent, child)) return undefined;
  const pairs = arrayPairs(parent, child);
  const keep = new Uint8Array(parent.count);
  let found = 0;
  for (let row = 0; row < parent.count && found < child.count; row++) {
    if (row % BATCH_ROWS === 0) await pause();
    // Fewer rows are left than are wanted.
    if (parent.count - row < child.count - found) return undefined;
    if (!pairs.every((pair) => isSameRow(pair, row, found))) continue;
    keep[row] = 1;
    found++;
  }
  return found === child.count ? keep : undefined;
}

/** Arrays of both scenes as bytes, and the bytes of a row. */
interface Pair {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly rowBytes: number;
}

function arrayPairs(parent: SplatScene, child: SplatScene): Pair[] {
  const pair = (from: ArrayBufferView, to: ArrayBufferView, rowBytes: number): Pair => ({
    from: bytesOf(from),
    to: bytesOf(to),
    rowBytes,
  });
  const arrays = SCENE_ARRAYS.map((name) => pair(parent[name], child[name], 4 * arrayWidth(name, parent.shDegree)));
  const columns = (parent.extra ?? []).map(({ values }, i) =>
    pair(values, child.extra?.[i].values ?? values, values.BYTES_PER_ELEMENT),
  );
  return [...arrays, ...columns];
}

function isSameRow({ from, to, rowBytes }: Pair, fromRow: number, toRow: number): boolean {
  const [a, b] = [fromRow * rowBytes, toRow * rowBytes];
  for (let k = 0; k < rowBytes; k++) if (from[a + k] !== to[b + k]) return false;
  return true;
}

function hasSameColumns(parent: SplatScene, child: SplatScene): boolean {
  const names = ({ extra = [] }: SplatScene): string => JSON.stringify(extra.map(({ name, type }) => [name, type]));
  return names(parent) === names(child);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
