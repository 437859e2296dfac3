import type { Vec3 } from '../core/vector.ts';

/** Splats that hang together, and apart from all others. */
export interface Cluster {
  /** Numbers of the places. */
  readonly members: readonly number[];
  /** Whether it hangs together with what was given as main. */
  readonly touchesMain: boolean;
}

/**
 * Finds what hangs together among places: those whose cells of a grid touch, be it at a corner.
 * @param link side of a cell
 * @param main places that are known to belong together
 */
export function clusters(places: readonly Vec3[], link: number, main: readonly Vec3[] = []): Cluster[] {
  const cellOf = (place: Vec3): Vec3 => [
    Math.floor(place[0] / link),
    Math.floor(place[1] / link),
    Math.floor(place[2] / link),
  ];
  const mainCells = new Set(main.map((place) => String(cellOf(place))));
  const left = new Map<string, { readonly cell: Vec3; readonly members: number[] }>();
  places.forEach((place, i) => {
    const cell = cellOf(place);
    const known = left.get(String(cell));
    if (known === undefined) left.set(String(cell), { cell, members: [i] });
    else known.members.push(i);
  });
  const found: Cluster[] = [];
  for (const first of left.keys()) {
    const members: number[] = [];
    let touchesMain = false;
    const open = [first];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const here = left.get(key);
      if (here === undefined) continue;
      left.delete(key);
      members.push(...here.members);
      for (const beside of cellsBeside(here.cell)) {
        touchesMain ||= mainCells.has(beside);
        if (left.has(beside)) open.push(beside);
      }
    }
    found.push({ members, touchesMain });
  }
  return found;
}

/** A cell and the 26 around it. */
function cellsBeside([x, y, z]: Vec3): string[] {
  return Array.from({ length: 27 }, (_, i) =>
    String([x + (i % 3) - 1, y + (Math.floor(i / 3) % 3) - 1, z + Math.floor(i / 9) - 1]),
  );
}
