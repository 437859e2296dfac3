import { describe, expect, it } from 'vitest';
import { RowGatherer, countMask, keepRows } from '../../../renderer/core/keep-rows.ts';
import type { SplatValue } from '../../../renderer/edit/selection.ts';
import {
  combineMasks,
  fullMask,
  histogramOf,
  invertMask,
  keepMaskRows,
  rangeOf,
  selectByRange,
  selectByShape,
  splatValues,
} from '../../../renderer/edit/selection.ts';
import { axesOf, moveSide } from '../../../renderer/edit/shapes.ts';
import { tintScene } from '../../../renderer/edit/tint.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import { bitsOf, randomScene } from '../io/fixtures.ts';

const mask = (...flags: number[]): Uint8Array => Uint8Array.from(flags);

describe('masks', () => {
  const now = mask(1, 1, 0, 0);
  const found = mask(1, 0, 1, 0);
  it.each([
    ['replace', [1, 0, 1, 0]],
    ['add', [1, 1, 1, 0]],
    ['subtract', [0, 1, 0, 0]],
    ['intersect', [1, 0, 0, 0]],
  ] as const)('%s', (how, expected) => expect([...combineMasks(now, found, how)]).toEqual(expected));

  it('start from nothing, invert, fill and follow kept rows', () => {
    expect([...combineMasks(undefined, found, 'add')]).toEqual([...found]);
    expect(countMask(combineMasks(undefined, found, 'subtract'))).toBe(0);
    expect(countMask(combineMasks(undefined, found, 'intersect'))).toBe(0);
    expect([...invertMask(now)]).toEqual([0, 0, 1, 1]);
    expect(countMask(fullMask(3))).toBe(3);
    expect([...keepMaskRows(mask(1, 0, 1, 1), mask(0, 1, 1, 0))]).toEqual([0, 1]);
  });
});

describe('shapes', () => {
  const scene = randomScene(500, 1);
  scene.positions.set([NaN, 0, 0], 0);
  it('finds what lies in a box and in a sphere, as checked one by one', () => {
    const box = selectByShape(scene, { kind: 'box', centre: [1, 2, 3], halfSize: [4, 5, 6] });
    const sphere = selectByShape(scene, { kind: 'sphere', centre: [1, 2, 3], radius: 5 });
    for (let i = 0; i < scene.count; i++) {
      const [x, y, z] = scene.positions.subarray(3 * i, 3 * i + 3);
      expect(box[i], `box ${i}`).toBe(x >= -3 && x <= 5 && y >= -3 && y <= 7 && z >= -3 && z <= 9 ? 1 : 0);
      expect(sphere[i], `sphere ${i}`).toBe(Math.hypot(x - 1, y - 2, z - 3) <= 5 ? 1 : 0);
    }
    expect(countMask(box)).toBeGreaterThan(10);
    expect(countMask(sphere)).toBeGreaterThan(3);
    expect(box[0] + sphere[0]).toBe(0);
  });
});

it('finds what lies in a turned box, whose side goes along its own axis', () => {
  const scene = randomScene(3, 0);
  scene.positions.set([1, 1, 0, 1, -1, 0, 1.4, 0, 0]);
  const box = { kind: 'box', centre: [0, 0, 0], halfSize: [2, 0.1, 1], turnDegrees: [0, 0, 45] } as const;
  expect([...selectByShape(scene, box)]).toEqual([1, 0, 0]);
  const [x, y, z] = axesOf({ ...box, turnDegrees: [90, 90, 0] });
  [
    [x, [0, 0, -1]],
    [y, [1, 0, 0]],
    [z, [0, -1, 0]],
  ].forEach(([axis, wanted]) => axis.forEach((value, k) => expect(value).toBeCloseTo(wanted[k], 12)));
  const moved = moveSide(box, 'x+', 2);
  expect(moved).toMatchObject({ halfSize: [3, 0.1, 1] });
  expect(moved.centre[0]).toBeCloseTo(Math.SQRT1_2, 12);
  expect(moved.centre[1]).toBeCloseTo(Math.SQRT1_2, 12);
});

describe('values', () => {
  const scene = randomScene(2, 0);
  scene.positions.set([1, 2, 3, 1, 2, 8]);
  scene.logScales.set([0, Math.log(4), Math.log(0.5), 0, 0, 0]);
  scene.logitOpacities.set([0, Math.log(9)]);
  scene.shDc.set([0, 1, -1, 0.5, 0.5, 0.5]);
  const frame = { centre: [1, 2, 3], up: [0, 0, 1] } as const;
  const expected: Record<SplatValue, [number, number]> = {
    opacity: [0.5, 0.9],
    size: [4, 1],
    elongation: [8, 1],
    brightness: [0.2126 * 0.5 + 0.7152 * 0.782095 + 0.0722 * 0.217905, 0.641047],
    red: [0.5, 0.641047],
    green: [0.782095, 0.641047],
    blue: [0.217905, 0.641047],
    distance: [0, 5],
    height: [0, 5],
  };
  it.each(Object.entries(expected) as [SplatValue, [number, number]][])('%s', (value, [first, second]) => {
    const values = splatValues(scene, value, frame);
    expect(values[0]).toBeCloseTo(first, 5);
    expect(values[1]).toBeCloseTo(second, 5);
  });

  it('selects ranges, ends included and NaN never, and counts them in bins', () => {
    const values = Float32Array.of(0, 1, 2, 3, NaN, Infinity);
    expect([...selectByRange(values, 1, 2)]).toEqual([0, 1, 1, 0, 0, 0]);
    expect(rangeOf(values)).toEqual({ min: 0, max: 3 });
    expect(rangeOf(Float32Array.of(NaN))).toBeUndefined();
    expect([...histogramOf(values, { min: 0, max: 3 }, 3)]).toEqual([1, 1, 2]);
    expect([...histogramOf(values, { min: 1, max: 1 }, 2)]).toEqual([4, 0]);
  });
});

describe('keepRows and tint', () => {
  it('keeps rows bit for bit, in order, with bands and tag', () => {
    const scene = { ...randomScene(50, 3) };
    const tagged = { ...scene, meta: { ...scene.meta, antialiased: true } };
    const keep = Uint8Array.from({ length: 50 }, (_, i) => (i % 7 < 3 ? 1 : 0));
    const kept = keepRows(tagged, keep);
    expect(kept).toMatchObject({ count: countMask(keep), shDegree: 3, meta: { antialiased: true } });
    for (const name of SCENE_ARRAYS) {
      const width = scene[name].length / 50;
      const rows = [...keep.keys()].filter((row) => keep[row] === 1);
      const expected = Float32Array.from(
        rows.flatMap((row) => [...scene[name].subarray(row * width, (row + 1) * width)]),
      );
      expect(Buffer.compare(bitsOf(kept[name]), bitsOf(expected)), name).toBe(0);
    }
    expect(keepRows(scene, fullMask(50))).toBe(scene);
    expect(keepRows(scene, new Uint8Array(50)).count).toBe(0);
  });

  it('gathers the same in stretches of any size, of runs short and long, and leaves shared arrays shared', () => {
    const scene = randomScene(900, 1);
    const other = { ...randomScene(900, 1, 2), shDc: scene.shDc };
    const keep = Uint8Array.from({ length: 900 }, (_, i) => (i < 300 ? i % 2 : i < 600 ? 1 : Number(i % 5 !== 0)));
    const gatherer = new RowGatherer(keep);
    const [kept, keptOther] = [gatherer.addScene(scene), gatherer.addScene(other)];
    const fractions = [gatherer.fraction];
    for (let rows = 1; !gatherer.advance(rows); rows += 7) fractions.push(gatherer.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(gatherer.fraction).toBe(1);
    for (const name of SCENE_ARRAYS) {
      expect(Buffer.compare(bitsOf(kept[name]), bitsOf(keepRows(scene, keep)[name])), name).toBe(0);
      expect(Buffer.compare(bitsOf(keptOther[name]), bitsOf(keepRows(other, keep)[name])), name).toBe(0);
    }
    expect(keptOther.shDc).toBe(kept.shDc);
    expect(keptOther.positions).not.toBe(kept.positions);
    const rows = [...keep.keys()].filter((row) => keep[row] === 1);
    expect([...kept.logitOpacities]).toEqual(rows.map((row) => scene.logitOpacities[row]));
  });

  it('tints the marked splats alone and shares the rest', () => {
    const scene = randomScene(3, 1);
    const tinted = tintScene(scene, mask(0, 1, 0), [1, 0.5, 0], 1);
    expect(tinted.positions).toBe(scene.positions);
    expect([...tinted.shDc.subarray(3, 6)].map((v) => 0.5 + 0.28209479177387814 * v)).toEqual([
      expect.closeTo(1, 5),
      expect.closeTo(0.5, 5),
      expect.closeTo(0, 5),
    ]);
    expect(tinted.shDc.subarray(0, 3)).toEqual(scene.shDc.subarray(0, 3));
    expect(tinted.shRest).toBe(scene.shRest);
  });

  it('lets marked haze be seen, and leaves all other opacities as they are', () => {
    const scene = randomScene(4, 0);
    scene.logitOpacities.set([-5, -5, 3, NaN]);
    const { logitOpacities } = tintScene(scene, mask(0, 1, 1, 1), [1, 0, 0]);
    expect([...logitOpacities]).toEqual([-5, expect.closeTo(Math.log(0.2 / 0.8), 5), 3, NaN]);
    expect(scene.logitOpacities[1]).toBe(-5);
  });
});
