import { describe, expect, it } from 'vitest';
import type { RefineManifest } from '../../../../renderer/refine/manifest.ts';
import { clusterRows } from '../../../../renderer/refine/plan/clusters.ts';
import { depthOfCells, hilbertCodes, zCodes } from '../../../../renderer/core/curve-codes.ts';
import type { CurveCodes } from '../../../../renderer/core/curve-codes.ts';
import { CellTable } from '../../../../renderer/refine/plan/neighbours.ts';
import { cutPatches } from '../../../../renderer/refine/plan/patches.ts';
import { occupiedTaps } from '../../../../renderer/refine/plan/taps.ts';
import { planPass } from '../../../../renderer/refine/plan/plan.ts';
import { argsort } from '../../../../renderer/core/argsort.ts';
import { tell } from '../../../parity/refine/tell.ts';

/** Straightforward reference rules with big integers, written from the specification. */
function referenceZ(x: number, y: number, z: number, depth: number): bigint {
  let code = 0n;
  for (let bit = 0; bit < depth; bit++)
    [x, y, z].forEach((v, axis) => (code |= BigInt((v >> bit) & 1) << BigInt(3 * bit + 2 - axis)));
  return code;
}

function referenceHilbert(x: number, y: number, z: number, depth: number): bigint {
  const v = [x, y, z];
  for (let bit = depth - 1; bit >= 0; bit--) {
    const q = 1 << bit;
    for (let axis = 0; axis < 3; axis++) {
      if (v[axis] & q) v[0] ^= q - 1;
      else {
        const t = (v[0] ^ v[axis]) & (q - 1);
        v[0] ^= t;
        v[axis] ^= t;
      }
    }
  }
  let gray = 0n;
  for (let bit = depth - 1; bit >= 0; bit--) for (const c of v) gray = (gray << 1n) | BigInt((c >> bit) & 1);
  let code = gray;
  for (let shift = gray >> 1n; shift > 0n; shift >>= 1n) code ^= shift;
  return code;
}

function randomCells(n: number, span: number, seed: number): Int32Array {
  let state = seed;
  return Int32Array.from({ length: 3 * n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * span);
  });
}

const whole = (codes: CurveCodes, i: number): bigint => (BigInt(codes.high[i]) << 30n) | BigInt(codes.low[i]);

const manifest = {
  encoderChannels: [8, 8, 8],
  encoderDepths: [2, 1, 5],
  decoderDepths: [3, 1],
  strides: [1, 2],
  patchSize: 64,
} as unknown as RefineManifest;

describe.each([9, 10, 11, 13])('curves at depth %i', (depth) => {
  const cells = randomCells(400, 2 ** depth, depth);
  cells[0] = 2 ** depth - 1;
  it('codes equal the reference, transposed ones too', () => {
    expect(depthOfCells(cells)).toBe(depth);
    const curves = [
      zCodes(cells, false),
      zCodes(cells, true),
      hilbertCodes(cells, depth, false),
      hilbertCodes(cells, depth, true),
    ];
    for (let i = 0; i < 400; i++) {
      const [x, y, z] = cells.subarray(3 * i, 3 * i + 3);
      expect(curves.map((codes) => whole(codes, i))).toEqual([
        referenceZ(x, y, z, depth),
        referenceZ(y, x, z, depth),
        referenceHilbert(x, y, z, depth),
        referenceHilbert(y, x, z, depth),
      ]);
    }
  });

  it('argsort is ascending and stable', () => {
    const twice = new Int32Array(cells.length * 2);
    twice.set(cells);
    twice.set(cells, cells.length);
    const codes = hilbertCodes(twice, depth, false);
    const expected = Array.from({ length: 800 }, (_, i) => i).sort((a, b) =>
      whole(codes, a) < whole(codes, b) ? -1 : whole(codes, a) > whole(codes, b) ? 1 : a - b,
    );
    expect([...argsort(codes)]).toEqual(expected);
  });
});

describe('neighbours', () => {
  it.each([4, 12, 1500])('equal a search over all rows on a grid of %i', (span) => {
    const n = 300;
    const cells = randomCells(n, span, span);
    const tables = new CellTable(cells).neighbours();
    const owner = new Map<string, number>();
    for (let i = n - 1; i >= 0; i--) owner.set(cells.subarray(3 * i, 3 * i + 3).join(), i);
    for (let i = 0; i < n; i++) {
      for (let tap = 0; tap < 27; tap++) {
        const d = [Math.floor(tap / 9) - 1, (Math.floor(tap / 3) % 3) - 1, (tap % 3) - 1];
        const expected = tap === 13 ? i : (owner.get(d.map((v, axis) => cells[3 * i + axis] + v).join()) ?? n);
        expect(tables[Math.floor(tap / 9)][9 * i + (tap % 9)]).toBe(expected);
      }
    }
  });
});

describe('occupied taps', () => {
  it('hold every neighbour of the tables but the row itself, rows in ascending order', () => {
    const n = 300;
    const tables = new CellTable(randomCells(n, 12, 5)).neighbours();
    const taps = occupiedTaps(tables, n);
    expect(taps.length).toBe(27);
    for (const [tap, { rows, neighbours }] of taps.entries()) {
      const expected = Array.from({ length: n }, (_, row) => [row, tables[Math.floor(tap / 9)][9 * row + (tap % 9)]]);
      const occupied = expected.filter(([, neighbour]) => tap !== 13 && neighbour < n);
      expect([...rows].map((row, at) => [row, neighbours[at]])).toEqual(occupied);
    }
    expect(taps[0].rows.length).toBeGreaterThan(0);
  });
});

describe('patches', () => {
  it.each([1, 63, 64, 65, 127, 128, 130])('%i rows in patches of 64', (n) => {
    const order = Int32Array.from({ length: n }, (_, i) => (i * 7919) % n);
    const map = cutPatches(order, 64);
    expect(map.patch).toBe(Math.min(64, n));
    expect(map.patches).toBe(Math.ceil(n / 64));
    for (let i = 0; i < n; i++) {
      expect(map.order[map.slot[order[i]]]).toBe(order[i]);
      expect(Math.floor(map.slot[order[i]] / map.patch)).toBe(Math.floor(i / 64));
    }
    expect([...map.order.subarray((map.patches - 1) * map.patch)]).toEqual([...order.subarray(n - map.patch)]);
  });
});

describe('clusters', () => {
  it('reach every member through the ladder, whatever the size', () => {
    const sizes = [1, 7, 8, 9, 64, 65, 700, 1];
    const owner = sizes.flatMap((size, c) => new Array<number>(size).fill(c));
    const order = Int32Array.from(owner, (_, i) => i);
    const clusters = clusterRows(order, (a, b) => owner[a] === owner[b], [2, 2, 8, 8, 8]);
    expect(clusters.count).toBe(sizes.length);
    // A maximum over the ladder must find each member's value.
    for (let peak = 0; peak < owner.length; peak++) {
      let values: number[] = owner.map((_, i) => (i === peak ? 1 : 0));
      for (const { members, width } of clusters.rungs)
        values = Array.from({ length: members.length / width }, (_, row) =>
          Math.max(...[...members.subarray(row * width, (row + 1) * width)].map((m) => values[m])),
        );
      expect(values).toEqual(sizes.map((_, c) => (c === owner[peak] ? 1 : 0)));
    }
    expect(() => clusterRows(order, (a, b) => owner[a] === owner[b], [8, 8])).toThrow(RangeError);
  });
});

describe('planPass', () => {
  it('groups by parent cell, keeps unique cells at later stages and sorts each by its shifted codes', () => {
    const cells = randomCells(500, 12, 5);
    const plan = planPass(cells, depthOfCells(cells), manifest);
    const parents = (shift: number) =>
      new Set(
        Array.from({ length: 500 }, (_, i) => [...cells.subarray(3 * i, 3 * i + 3)].map((v) => v >> shift).join()),
      ).size;
    expect(plan.stages.map((stage) => stage.count)).toEqual([500, parents(0), parents(1)]);
    expect(plan.stages.map((stage) => stage.curves.length)).toEqual([3, 1, 4]);
    const { clusters } = plan.stages[1];
    const seen = new Map<number, string>();
    for (let i = 0; i < 500; i++) {
      const cell = cells.subarray(3 * i, 3 * i + 3).join();
      const cluster = (clusters as NonNullable<typeof clusters>).cluster[i];
      expect(seen.get(cluster) ?? cell).toBe(cell);
      seen.set(cluster, cell);
    }
  });

  it('plans 100,000 splats in seconds', () => {
    const cells = randomCells(100_000, 384, 1);
    const from = performance.now();
    planPass(cells, 9, {
      ...manifest,
      encoderChannels: [8, 8, 8, 8, 8],
      encoderDepths: [2, 2, 2, 6, 2],
      decoderDepths: [2, 2, 2, 2],
      strides: [1, 2, 2, 2],
      patchSize: 1024,
    });
    const seconds = (performance.now() - from) / 1000;
    tell(`plan of 100,000 splats: ${seconds.toFixed(2)} s`);
    expect(seconds).toBeLessThan(20);
  });
});
