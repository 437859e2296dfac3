import type { ExtraColumn } from '../core/extra-columns.ts';
import { createColumn } from '../core/extra-columns.ts';
import { keepRows } from '../core/keep-rows.ts';
import type { SceneArray, ShDegree, SplatScene } from '../core/splat-scene.ts';
import { arrayWidth, makeSceneArrays, SCENE_ARRAYS, shRestCount } from '../core/splat-scene.ts';
import { addBelow, addLimited, addToSigmoid } from './add-residual-rows.ts';
import type { RowPairs } from './add-residual-rows.ts';
import { writeUnitQuaternion } from './features.ts';
import type { AttributeSwitches, RefineResiduals } from './residuals.ts';

export interface BlendSettings {
  /** Factor on every residual; 0 gives the scene back. */
  readonly strength: number;
  /** All on by default. */
  readonly switches?: AttributeSwitches | undefined;
  /** (N) 1 where a splat may change; every splat by default. */
  readonly mask?: Uint8Array | undefined;
}

/**
 * Adds residuals to a scene, a batch of rows at a time and into buffers that are used again: what a slider needs.
 * `start`, then `advance` until it says true, then `result` (whole, but the next `start` writes over it) or `take` (for
 * keeps).
 *
 * Rows that did not go through the network or that the mask leaves out are copied bit for bit; arrays that nothing
 * changes are the scene's own.
 * Bands above the model's degree are kept; a scene of lower degree than the model comes out at the model's degree. With
 * K copies the order is:
 * every row's copy 0, then every refined row's copy 1, and so on.
 */
export class ResidualBlend {
  private settings: BlendSettings = { strength: 0 };
  private readonly buffers: Partial<Record<SceneArray, Float32Array>> = {};
  private target: SplatScene;
  /** Refined rows that the mask lets change. */
  private changing = 0;
  private nextRow = 0;
  /** Index into residuals.rows, and how many of them were changed before it. */
  private nextResidual = 0;
  private changed = 0;

  constructor(
    private readonly scene: SplatScene,
    private readonly residuals: RefineResiduals,
  ) {
    this.target = scene;
    this.nextRow = scene.count;
  }

  /** Begins a pass; a result that was not taken is written over. */
  start(settings: BlendSettings): void {
    const { scene, residuals } = this;
    this.settings = settings;
    this.nextResidual = 0;
    this.changed = 0;
    if (settings.strength === 0) {
      this.target = scene;
      this.nextRow = scene.count;
      return;
    }
    this.nextRow = 0;
    this.changing = settings.mask === undefined ? residuals.rows.length : countRows(residuals.rows, settings.mask);
    this.target = this.layOut();
  }

  /** Works on the next `rows` splats; says whether the pass is at its end. */
  advance(rows: number): boolean {
    const { scene, residuals } = this;
    const end = Math.min(scene.count, this.nextRow + rows);
    if (this.nextRow < end) {
      this.copy(this.nextRow, end);
      let to = this.nextResidual;
      while (to < residuals.rows.length && residuals.rows[to] < end) to++;
      this.add(this.nextResidual, to);
      this.nextResidual = to;
      this.nextRow = end;
    }
    return this.nextRow === scene.count;
  }

  /** The scene as blended so far, its buffers still in use here. Splats that came out NaN or infinite are in it. */
  get result(): SplatScene {
    return this.target;
  }

  /**
   * Hands the result over for good, without the splats that came out NaN or infinite where the model's rule is to drop
   * them.
   */
  take(): SplatScene {
    const { target, residuals, scene } = this;
    for (const name of Object.keys(this.buffers) as SceneArray[])
      if (target[name].buffer === this.buffers[name]?.buffer) delete this.buffers[name];
    return residuals.dropNonFinite && target !== scene
      ? dropBroken(target, residuals, scene.count, this.settings.mask)
      : target;
  }

  /** A scene of the right shape: buffers for what changes, the input's arrays for what does not. */
  private layOut(): SplatScene {
    const { scene, residuals } = this;
    const on = switchesOf(this.settings.switches);
    const shDegree = Math.max(scene.shDegree, residuals.shDegree) as ShDegree;
    const count = scene.count + (residuals.copies - 1) * this.changing;
    const grows = count !== scene.count;
    const changes: Record<SceneArray, boolean> = {
      positions: on.means,
      logScales: on.scales,
      quats: on.quats,
      logitOpacities: on.opacities,
      shDc: on.colours,
      shRest: on.colours && residuals.shDegree > 0,
    };
    const array = (name: SceneArray, width: number): Float32Array => {
      const length = count * width;
      if (!changes[name] && !grows && scene[name].length === length) return scene[name];
      const kept = this.buffers[name];
      // A view of its own each time: what holds the last result can tell by identity which arrays this one may have
      // changed.
      if (kept?.length === length) return kept.subarray();
      const made = new Float32Array(length);
      this.buffers[name] = made;
      return made.subarray();
    };
    return {
      count,
      shDegree,
      meta: scene.meta,
      ...makeSceneArrays(shDegree, array),
      ...(scene.extra === undefined ? {} : { extra: grows ? grownColumns(scene.extra, count) : scene.extra }),
    };
  }

  /** Copies rows [from, end) as they are; coefficients above the scene's own degree become zero. */
  private copy(from: number, end: number): void {
    const { scene, target } = this;
    for (const name of SCENE_ARRAYS) {
      const [source, into] = [scene[name], target[name]];
      const narrow = arrayWidth(name, scene.shDegree);
      const wide = arrayWidth(name, target.shDegree);
      if (into === source) continue;
      if (narrow === wide) into.set(source.subarray(from * wide, end * wide), from * wide);
      else for (let row = from; row < end; row++) copyWidened(source, row * narrow, narrow, into, row * wide, wide);
    }
  }

  /** Adds the residuals [from, to), and makes their further copies. */
  private add(from: number, to: number): void {
    const { residuals, target } = this;
    const { strength } = this.settings;
    const on = switchesOf(this.settings.switches);
    const { values, clamps } = residuals;
    const pairs = this.pair(from, to);
    const shLimit = clamps.sh ?? Infinity;
    if (on.means) addLimited(pairs, target.positions, 3, values.means, 3, strength, Infinity);
    if (on.scales) {
      const highest = clamps.normalizedLogScale === null ? Infinity : clamps.normalizedLogScale - residuals.logScale;
      addBelow(pairs, target.logScales, values.scales, strength, highest);
    }
    if (on.quats) {
      if (residuals.quaternions === 'unit')
        for (const at of pairs.targets) writeUnitQuaternion(target.quats, at, target.quats, 4 * at);
      addLimited(pairs, target.quats, 4, values.quats, 4, strength, Infinity);
    }
    if (on.opacities)
      addLimited(pairs, target.logitOpacities, 1, values.opacities, 1, strength, clamps.logitOpacity ?? Infinity);
    if (!on.colours) return;
    if (residuals.colour === 'sigmoid') addToSigmoid(pairs, target.shDc, values.features_dc, strength, shLimit);
    else addLimited(pairs, target.shDc, 3, values.features_dc, 3, strength, shLimit);
    if (residuals.shDegree > 0)
      addLimited(
        pairs,
        target.shRest,
        3 * shRestCount(target.shDegree),
        values.features_rest,
        3 * shRestCount(residuals.shDegree),
        strength,
        shLimit,
      );
  }

  /**
   * Rows of the target that the residuals [from, to) go to, and each one's index in the values; writes the further
   * copies' rows.
   */
  private pair(from: number, to: number): RowPairs {
    const { scene, residuals, target, changing } = this;
    const { mask } = this.settings;
    const { copies, rows } = residuals;
    const targets = new Int32Array((to - from) * copies);
    const sources = new Int32Array((to - from) * copies);
    let count = 0;
    for (let i = from; i < to; i++) {
      const row = rows[i];
      if (mask !== undefined && mask[row] === 0) continue;
      for (let copy = 0; copy < copies; copy++) {
        const at = copy === 0 ? row : scene.count + (copy - 1) * changing + this.changed;
        if (copy > 0) copyRow(scene, row, target, at);
        targets[count] = at;
        sources[count++] = i * copies + copy;
      }
      this.changed++;
    }
    return { targets: targets.subarray(0, count), sources: sources.subarray(0, count) };
  }
}

/**
 * Adds `strength` times the residuals to `scene` and returns a new scene that shares whatever did not change; strength
 * 0 gives the scene itself.
 * Only splats whose `mask` is 1 change; without a mask all do. See `ResidualBlend` for what comes out.
 */
export function applyResiduals(
  scene: SplatScene,
  residuals: RefineResiduals,
  strength = 1,
  switches: AttributeSwitches = {},
  mask?: Uint8Array,
): SplatScene {
  const blend = new ResidualBlend(scene, residuals);
  blend.start({ strength, switches, mask });
  blend.advance(scene.count);
  return blend.take();
}

/** Every switch with its value. */
export function switchesOf(switches: AttributeSwitches = {}): Required<AttributeSwitches> {
  return { means: true, scales: true, opacities: true, quats: true, colours: true, ...switches };
}

function countRows(rows: Int32Array, mask: Uint8Array): number {
  let count = 0;
  for (const row of rows) count += mask[row];
  return count;
}

/** The file's own columns with room for further copies of splats. */
function grownColumns(columns: readonly ExtraColumn[], count: number): ExtraColumn[] {
  return columns.map(({ name, type, values }) => {
    const grown = createColumn(name, type, count);
    grown.values.set(values);
    return grown;
  });
}

function copyRow(scene: SplatScene, row: number, out: SplatScene, at: number): void {
  for (let k = 0; k < 3; k++) {
    out.positions[3 * at + k] = scene.positions[3 * row + k];
    out.logScales[3 * at + k] = scene.logScales[3 * row + k];
    out.shDc[3 * at + k] = scene.shDc[3 * row + k];
  }
  for (let k = 0; k < 4; k++) out.quats[4 * at + k] = scene.quats[4 * row + k];
  out.extra?.forEach(({ values }, i) => (values[at] = scene.extra?.[i].values[row] ?? 0));
  out.logitOpacities[at] = scene.logitOpacities[row];
  const narrow = 3 * shRestCount(scene.shDegree);
  const wide = 3 * shRestCount(out.shDegree);
  copyWidened(scene.shRest, row * narrow, narrow, out.shRest, at * wide, wide);
}

function copyWidened(
  from: Float32Array,
  fromAt: number,
  narrow: number,
  to: Float32Array,
  toAt: number,
  wide: number,
): void {
  for (let k = 0; k < wide; k++) to[toAt + k] = k < narrow ? from[fromAt + k] : 0;
}

/** Takes out changed splats that came out NaN or infinite; splats that were left alone stay, broken as they were. */
function dropBroken(
  scene: SplatScene,
  residuals: RefineResiduals,
  originals: number,
  mask: Uint8Array | undefined,
): SplatScene {
  const untouched = new Uint8Array(scene.count);
  untouched.fill(1, 0, originals);
  for (const row of residuals.rows) if (mask === undefined || mask[row] === 1) untouched[row] = 0;
  const width = 3 * shRestCount(scene.shDegree);
  const finite = (values: Float32Array, row: number, n: number): boolean => {
    for (let k = row * n; k < row * n + n; k++) if (!Number.isFinite(values[k])) return false;
    return true;
  };
  const keep = new Uint8Array(scene.count);
  for (let i = 0; i < scene.count; i++) {
    const fine =
      finite(scene.positions, i, 3) &&
      finite(scene.logScales, i, 3) &&
      finite(scene.quats, i, 4) &&
      finite(scene.logitOpacities, i, 1) &&
      finite(scene.shDc, i, 3) &&
      finite(scene.shRest, i, width);
    if (!fine && untouched[i] === 0) continue;
    keep[i] = 1;
  }
  return keepRows(scene, keep);
}
