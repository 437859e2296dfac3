import type { ColourMapName } from '../core/colour-map.ts';
import { opacityOfLogit } from '../core/drawable.ts';
import { SH_C0, type SplatScene } from '../core/splat-scene.ts';
import { minus, shortNumber } from './heat.ts';
import type { Tick } from './ticks.ts';

/** What a refinement may do to a splat. */
export type ChangeKind = 'moved' | 'grown' | 'recoloured' | 'opacity';

export interface ChangeInfo {
  readonly label: string;
  /** One sentence on what the numbers mean. */
  readonly meaning: string;
  /** Values run from -largest to largest rather than from 0. */
  readonly isSigned: boolean;
  readonly map: ColourMapName;
  /** A value in words. */
  readonly format: (value: number) => string;
  /** Everything up to a magnitude in words. */
  readonly upTo: (magnitude: number) => string;
}

const percent = (value: number): string => `${shortNumber(value * 100)} %`;
const times = (logarithm: number): string => `×${factor(Math.exp(logarithm))}`;

export const CHANGES: Readonly<Record<ChangeKind, ChangeInfo>> = {
  moved: {
    label: 'Moved',
    meaning: 'Distance that the splat moved, in percent of the scene’s radius.',
    isSigned: false,
    map: 'viridis',
    format: percent,
    upTo: percent,
  },
  grown: {
    label: 'Grown',
    meaning: 'How many times larger the splat became: the geometric mean of its three axes.',
    isSigned: true,
    map: 'coolwarm',
    format: times,
    upTo: (magnitude) => `${times(-magnitude)} to ${times(magnitude)}`,
  },
  recoloured: {
    label: 'Recoloured',
    meaning: 'Distance between the splat’s base colours on screen, in percent of that from black to white.',
    isSigned: false,
    map: 'viridis',
    format: percent,
    upTo: percent,
  },
  opacity: {
    label: 'Opacity',
    meaning: 'How much more opaque the splat became, in percentage points.',
    isSigned: true,
    map: 'coolwarm',
    format: (value) => (value > 0 ? `+${percent(value)}` : minus(value, percent(Math.abs(value)))),
    upTo: (magnitude) => `±${percent(magnitude)}`,
  },
};

export const CHANGE_KINDS = Object.keys(CHANGES) as readonly ChangeKind[];

/**
 * How much each splat of `after` changed. Splat i of `after` comes from splat i modulo N of `before`: models make whole
 * copies of all N splats. Where some were left out or added, nothing tells which belong together.
 * @param sceneRadius world units, for `moved`
 * @returns (after.count) values in the unit of the kind: moved / radius, mean difference of log-scales, colour distance
 *   0..1, difference of opacity -1..1; NaN where a number is not finite in either scene, and for all splats of scenes
 * that do not match
 */
export function measureChange(
  before: SplatScene,
  after: SplatScene,
  kind: ChangeKind,
  sceneRadius: number,
): Float32Array {
  const values = new Float32Array(after.count);
  if (before.count === 0 || after.count % before.count !== 0) return values.fill(NaN);
  const measure = MEASURES[kind];
  for (let i = 0; i < after.count; i++) {
    const value = measure(before, after, i % before.count, i);
    values[i] = Number.isFinite(value) ? value : NaN;
  }
  if (kind === 'moved') for (let i = 0; i < values.length; i++) values[i] /= sceneRadius;
  return values;
}

type Measure = (before: SplatScene, after: SplatScene, from: number, to: number) => number;

const MEASURES: Readonly<Record<ChangeKind, Measure>> = {
  moved: ({ positions: a }, { positions: b }, from, to) =>
    distance(b[to * 3] - a[from * 3], b[to * 3 + 1] - a[from * 3 + 1], b[to * 3 + 2] - a[from * 3 + 2]),
  grown: ({ logScales: a }, { logScales: b }, from, to) => {
    let sum = 0;
    // An axis of no extent at all has no finite logarithm: it counts as it is drawn, vanishingly small.
    for (let k = 0; k < 3; k++)
      sum += Math.max(SMALLEST_LOG_SCALE, b[to * 3 + k]) - Math.max(SMALLEST_LOG_SCALE, a[from * 3 + k]);
    return sum / 3;
  },
  recoloured: ({ shDc: a }, { shDc: b }, from, to) =>
    distance(
      shown(b[to * 3]) - shown(a[from * 3]),
      shown(b[to * 3 + 1]) - shown(a[from * 3 + 1]),
      shown(b[to * 3 + 2]) - shown(a[from * 3 + 2]),
    ) / Math.sqrt(3),
  opacity: ({ logitOpacities: a }, { logitOpacities: b }, from, to) => opacityOfLogit(b[to]) - opacityOfLogit(a[from]),
};

const SMALLEST_LOG_SCALE = -100;

function distance(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z);
}

/** Base colour of one channel as the screen shows it, 0..1. */
function shown(coefficient: number): number {
  return Math.min(1, Math.max(0, 0.5 + SH_C0 * coefficient));
}

/** Where the values lie on their colour map, for a map that ends at `largest`. @param out (N), may be `values` */
export function changePlaces(
  values: Float32Array,
  isSigned: boolean,
  largest: number,
  out: Float32Array,
): Float32Array {
  const [offset, scale] = isSigned ? [0.5, 0.5 / largest] : [0, 1 / largest];
  for (let i = 0; i < values.length; i++) out[i] = offset + values[i] * scale;
  return out;
}

/** What the legend says for a map that ends at `largest`. */
export function changeTicks({ isSigned, format }: ChangeInfo, largest: number): Tick[] {
  const shares = isSigned ? [-1, -0.5, 0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1];
  return shares.map((share) => ({ position: isSigned ? 0.5 + 0.5 * share : share, label: format(share * largest) }));
}

function factor(value: number): string {
  return value >= 0.1 && value < 10 ? value.toFixed(2) : shortNumber(value);
}
