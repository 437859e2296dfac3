import { opacityOfLogit } from '../core/drawable.ts';
import { countMask } from '../core/keep-rows.ts';
import { SH_C0, type SplatScene } from '../core/splat-scene.ts';
import type { Vec3 } from '../core/vector.ts';
import { axesOf } from './shapes.ts';
import type { Box, Shape, Sphere } from './shapes.ts';

/** (N) 1 where a splat is selected, else 0. Immutable by convention, as scenes are. */
export type SplatMask = Uint8Array;

/** How what was found changes what is selected. */
export type Combination = 'replace' | 'add' | 'subtract' | 'intersect';

/** What splats can be chosen by, besides their place. */
export type SplatValue =
  'opacity' | 'size' | 'elongation' | 'brightness' | 'red' | 'green' | 'blue' | 'distance' | 'height';

/** What distance and height are measured against: world units. */
export interface ValueFrame {
  readonly centre: Vec3;
  /** Unit vector. */
  readonly up: Vec3;
}

/** @returns a new mask; `current` undefined is nothing selected */
export function combineMasks(current: SplatMask | undefined, found: SplatMask, how: Combination): SplatMask {
  if (how === 'replace' || current === undefined) {
    return how === 'replace' || how === 'add' ? found : new Uint8Array(found.length);
  }
  const out = new Uint8Array(found.length);
  for (let i = 0; i < out.length; i++) {
    if (how === 'add') out[i] = current[i] | found[i];
    else if (how === 'subtract') out[i] = current[i] & (found[i] ^ 1);
    else out[i] = current[i] & found[i];
  }
  return out;
}

export function invertMask(mask: SplatMask): SplatMask {
  return mask.map((flag) => flag ^ 1);
}

export function fullMask(count: number): SplatMask {
  return new Uint8Array(count).fill(1);
}

/** The part of a mask that belongs to the splats kept (see `keepRows`). */
export function keepMaskRows(mask: SplatMask, keep: Uint8Array): SplatMask {
  const out = new Uint8Array(countMask(keep));
  for (let row = 0, at = 0; row < mask.length; row++) if (keep[row] === 1) out[at++] = mask[row];
  return out;
}

/** Splats whose centre lies in the shape, its surface included. */
export function selectByShape(scene: SplatScene, shape: Shape): SplatMask {
  return shape.kind === 'box' ? selectByBox(scene, shape) : selectBySphere(scene, shape);
}

function selectByBox({ count, positions }: SplatScene, box: Box): SplatMask {
  const mask = new Uint8Array(count);
  const { centre, halfSize } = box;
  const axes = axesOf(box);
  for (let i = 0; i < count; i++) {
    const x = positions[3 * i] - centre[0];
    const y = positions[3 * i + 1] - centre[1];
    const z = positions[3 * i + 2] - centre[2];
    // A NaN compares false, so a splat without a place is never inside.
    const isInside = axes.every((axis, k) => Math.abs(axis[0] * x + axis[1] * y + axis[2] * z) <= halfSize[k]);
    if (isInside) mask[i] = 1;
  }
  return mask;
}

function selectBySphere({ count, positions }: SplatScene, { centre, radius }: Sphere): SplatMask {
  const mask = new Uint8Array(count);
  const [cx, cy, cz] = centre;
  for (let i = 0; i < count; i++) {
    const x = positions[3 * i] - cx;
    const y = positions[3 * i + 1] - cy;
    const z = positions[3 * i + 2] - cz;
    if (x * x + y * y + z * z <= radius * radius) mask[i] = 1;
  }
  return mask;
}

/** Splats whose value lies in [min, max]; one that is NaN never does. */
export function selectByRange(values: Float32Array, min: number, max: number): SplatMask {
  const mask = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (values[i] >= min && values[i] <= max) mask[i] = 1;
  return mask;
}

/**
 * One number a splat: opacity 0..1; size, the longest axis scale in world units; elongation, longest axis over
 * shortest; brightness, red, green and blue, of the colour that all directions share, 0..1 for what a screen can show;
 * distance from `frame.centre` and height above it, world units.
 */
export function splatValues(scene: SplatScene, value: SplatValue, frame: ValueFrame): Float32Array {
  const { positions: p, logScales: s, shDc, logitOpacities } = scene;
  const colour = (i: number, k: number): number => 0.5 + SH_C0 * shDc[3 * i + k];
  const [cx, cy, cz] = frame.centre;
  const [ux, uy, uz] = frame.up;
  const rules: Record<SplatValue, (i: number) => number> = {
    opacity: (i) => opacityOfLogit(logitOpacities[i]),
    size: (i) => Math.exp(Math.max(s[3 * i], s[3 * i + 1], s[3 * i + 2])),
    elongation: (i) =>
      Math.exp(Math.max(s[3 * i], s[3 * i + 1], s[3 * i + 2]) - Math.min(s[3 * i], s[3 * i + 1], s[3 * i + 2])),
    // Rec. 709 weights, on the screen's own colour values.
    brightness: (i) => 0.2126 * colour(i, 0) + 0.7152 * colour(i, 1) + 0.0722 * colour(i, 2),
    red: (i) => colour(i, 0),
    green: (i) => colour(i, 1),
    blue: (i) => colour(i, 2),
    distance: (i) => Math.hypot(p[3 * i] - cx, p[3 * i + 1] - cy, p[3 * i + 2] - cz),
    height: (i) => (p[3 * i] - cx) * ux + (p[3 * i + 1] - cy) * uy + (p[3 * i + 2] - cz) * uz,
  };
  const rule = rules[value];
  const out = new Float32Array(scene.count);
  for (let i = 0; i < out.length; i++) out[i] = rule(i);
  return out;
}

export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Smallest and largest finite value; undefined where there is none. */
export function rangeOf(values: Float32Array): ValueRange | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? undefined : { min, max };
}

/**
 * How many finite values fall into each of `bins` equal parts of the range; those beyond its ends count in the last
 * bins.
 */
export function histogramOf(values: Float32Array, { min, max }: ValueRange, bins: number): Uint32Array {
  const counts = new Uint32Array(bins);
  const scale = max > min ? bins / (max - min) : 0;
  for (const value of values) {
    if (Number.isFinite(value)) counts[Math.max(0, Math.min(bins - 1, Math.floor((value - min) * scale)))]++;
  }
  return counts;
}
