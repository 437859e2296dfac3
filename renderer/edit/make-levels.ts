import type { DetailLevels } from '../core/detail-levels.ts';
import { BLOCK_SPLATS, LEVEL_SLOTS, SLOT_NUMBERS, SLOT_SPLATS, SLOTS_A_BLOCK } from '../core/detail-levels.ts';
import { isDrawable } from '../core/drawable.ts';
import { throwIfAborted } from '../core/errors.ts';
import type { JobOptions } from '../core/progress.ts';
import type { ShDegree, SplatScene } from '../core/splat-scene.ts';
import { arrayWidth, createScene, SCENE_ARRAYS, shRestCount } from '../core/splat-scene.ts';
import { hilbertOrder } from './hilbert.ts';
import { SplatMerger } from './merge-splats.ts';

/** A scene whose splats are asked for as they are needed. */
export interface LevelsSource extends Pick<SplatScene, 'positions' | 'shDegree' | 'meta'> {
  /** The splats of these rows, in their order, as `levelRows` gives them. */
  rows(rows: Uint32Array): Promise<SplatScene>;
}

/** SH degree of merged splats: what higher degrees say belongs to single ones. */
function levelDegree(shDegree: ShDegree): ShDegree {
  return shDegree > 1 ? 1 : shDegree;
}

/** Rows of a scene with no more harmonics than levels have. */
export function levelRows(scene: SplatScene, rows: Uint32Array): SplatScene {
  const picked = createScene(rows.length, levelDegree(scene.shDegree), scene.meta);
  for (const name of SCENE_ARRAYS) {
    const [from, to] = [scene[name], picked[name]];
    const [fromWidth, width] = [arrayWidth(name, scene.shDegree), arrayWidth(name, picked.shDegree)];
    for (let row = 0; row < rows.length; row++)
      for (let k = 0, at = rows[row] * fromWidth; k < width; k++) to[row * width + k] = from[at + k];
  }
  return picked;
}

/**
 * Makes levels of detail: neighbours along a Hilbert curve become one, 4, 16 and 64 at a time. Besides the levels no
 * more of the scene is held than its places and a block. @throws SplatError `cancelled`
 */
export async function makeLevels(source: LevelsSource, { signal, onProgress }: JobOptions = {}): Promise<DetailLevels> {
  const order = hilbertOrder(source.positions);
  const blockCount = Math.ceil(order.length / BLOCK_SPLATS);
  const degree = levelDegree(source.shDegree);
  const scene = createScene(blockCount * SLOTS_A_BLOCK * SLOT_SPLATS, degree, source.meta);
  const slots = new Float32Array(blockCount * SLOTS_A_BLOCK * SLOT_NUMBERS);
  const merger = new SplatMerger(3 * shRestCount(degree));
  for (let block = 0; block < blockCount; block++) {
    const rows = await source.rows(order.slice(block * BLOCK_SPLATS, (block + 1) * BLOCK_SPLATS));
    throwIfAborted(signal, 'Making levels of detail');
    const firstOfBlock = block * SLOTS_A_BLOCK * SLOT_SPLATS;
    let finer: Run = { scene: rows, first: 0, count: rows.count };
    let slot = block * SLOTS_A_BLOCK;
    for (const slotCount of LEVEL_SLOTS) {
      const first = finer.scene === scene ? finer.first + finer.count : firstOfBlock;
      const run = { scene, first, count: slotCount * SLOT_SPLATS };
      const contrasts = mergeRun(finer, merger, run);
      const size = meanSize(run);
      const finest = (LEVEL_SLOTS[0] / slotCount) * SLOT_SPLATS;
      for (let i = 0; i < slotCount; i++, slot++) {
        const ball = ballAround({ scene, first: firstOfBlock + i * finest, count: finest });
        slots.set([...ball, size, Math.hypot(contrasts[i], LEAST_CONTRAST)], slot * SLOT_NUMBERS);
      }
      finer = run;
    }
    onProgress?.({ stage: 'Making levels of detail', fraction: (block + 1) / blockCount });
  }
  return { scene, slots, order };
}

/** Splats of a scene that follow each other. */
interface Run {
  readonly scene: SplatScene;
  readonly first: number;
  readonly count: number;
}

/** Splats of one colour lose their shape when they become one: as much as if their colours were so far apart. */
const LEAST_CONTRAST = 0.03;

/** Splats of which one is made for the next level. */
const MERGED = 4;

/** Of each slot, how far apart the colours are that became one (root mean square, 0 to 1). */
function mergeRun(from: Run, merger: SplatMerger, to: Run): number[] {
  const contrasts: number[] = [];
  for (let slot = 0; slot < to.count; slot += SLOT_SPLATS) {
    let [spread, coverage] = [0, 0];
    for (let at = slot; at < slot + SLOT_SPLATS; at++) {
      for (let i = at * MERGED; i < Math.min(from.count, (at + 1) * MERGED); i++)
        merger.add(from.scene, from.first + i);
      spread += merger.spread;
      coverage += merger.coverage;
      merger.put(to.scene, to.first + at);
    }
    contrasts.push(coverage > 0 ? Math.sqrt(spread / coverage) : 0);
  }
  return contrasts;
}

/** The mean of the splats' largest axes (standard deviations), of those that can be drawn. */
function meanSize({ scene, first, count }: Run): number {
  let [sum, drawn] = [0, 0];
  for (let row = first; row < first + count; row++) {
    if (!isDrawable(scene, row)) continue;
    sum += Math.exp(Math.max(...scene.logScales.subarray(3 * row, 3 * row + 3)));
    drawn++;
  }
  return drawn === 0 ? 0 : sum / drawn;
}

/** Standard deviations that a splat is seen over. */
const REACH = 3;

/** Centre and radius of a ball around splats; the radius is negative where there is nothing. */
function ballAround({ scene, first, count }: Run): number[] {
  const end = first + count;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const forEachDrawn = (use: (row: number) => void): void => {
    for (let row = first; row < end; row++) if (isDrawable(scene, row)) use(row);
  };
  forEachDrawn((row) => {
    for (let k = 0; k < 3; k++) {
      low[k] = Math.min(low[k], scene.positions[3 * row + k]);
      high[k] = Math.max(high[k], scene.positions[3 * row + k]);
    }
  });
  if (low[0] > high[0]) return [0, 0, 0, -Infinity];
  const centre = [0, 1, 2].map((k) => (low[k] + high[k]) / 2);
  let radius = 0;
  forEachDrawn((row) => {
    const away = Math.hypot(...centre.map((value, k) => scene.positions[3 * row + k] - value));
    const size = Math.exp(Math.max(...scene.logScales.subarray(3 * row, 3 * row + 3)));
    radius = Math.max(radius, away + REACH * size);
  });
  return [...centre, radius];
}
