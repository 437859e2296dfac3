import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import type { History } from '../edit/history.ts';
import type { HistoryRecord, ResidualsRecord, SceneRecord, SettingsRecord, StepRecord } from './history-record.ts';
import { keptRows } from './kept-rows.ts';
import type { Part, PartNames } from './parts.ts';
import type { Refinement, RefineSettings, SceneVersion } from './scene-version.ts';

/** A history as a record, and the arrays that it names. */
export interface PackedHistory {
  readonly record: HistoryRecord;
  readonly parts: ReadonlyMap<string, Part>;
  /** Steps that found no room. */
  readonly leftOut: number;
  /** The index of a scene in the record; undefined where it is none of it. */
  readonly indexOf: (scene: SplatScene | undefined) => number | undefined;
}

export interface PackOptions {
  /** Most bytes that the parts may have together; the oldest steps go first, then the furthest undone ones. */
  readonly budgetBytes?: number;
  /** Awaited now and then, so that whoever has the thread can go on. */
  readonly pause?: () => Promise<void>;
}

/** That a scene is rows of another one. Weak, so that it keeps no scene in memory. */
interface Origin {
  readonly parent: WeakRef<SplatScene>;
  /** Undefined: it is not. */
  readonly keep: Uint8Array | undefined;
}

/**
 * Packs histories. Nothing is computed anew that follows from other things bit for bit: the opened file is not
 * repeated, a deletion is the mask of what it kept, a refined scene its residuals and settings; only what else an edit
 * made is kept as arrays.
 */
export class HistoryPacker {
  private readonly origins = new WeakMap<SplatScene, Origin>();

  constructor(private readonly names: PartNames) {}

  /**
   * @param source the scene as its file has it, where it is still known
   * @returns undefined where not even the present step has room
   */
  async pack(
    history: History<SceneVersion>,
    source: SplatScene | undefined,
    { budgetBytes = Infinity, pause = () => Promise.resolve() }: PackOptions = {},
  ): Promise<PackedHistory | undefined> {
    await this.findOrigins(history, source, pause);
    let [first, end] = [0, history.steps.length];
    for (;;) {
      const { record, parts, indexOf } = this.encode(history, first, end, source);
      let bytes = 0;
      for (const { byteLength } of parts.values()) bytes += byteLength;
      const leftOut = history.steps.length - (end - first);
      if (bytes <= budgetBytes) return { record, parts, leftOut, indexOf };
      if (history.index - first > 1) first++;
      else if (end - 1 > history.index) end--;
      else if (first < history.index) first++;
      else return undefined;
    }
  }

  private encode(history: History<SceneVersion>, first: number, end: number, source: SplatScene | undefined) {
    const encoder = new Encoder(this.names, history, source, (scene) => this.originOf(scene));
    return encoder.encode(first, end);
  }

  private originOf(scene: SplatScene): { readonly parent: SplatScene; readonly keep: Uint8Array } | undefined {
    const origin = this.origins.get(scene);
    const parent = origin?.parent.deref();
    return origin?.keep === undefined || parent === undefined ? undefined : { parent, keep: origin.keep };
  }

  /** Finds out which scenes are rows of the one before. */
  private async findOrigins(
    { steps }: History<SceneVersion>,
    source: SplatScene | undefined,
    pause: () => Promise<void>,
  ): Promise<void> {
    let parent = source;
    for (const { state } of steps) {
      const child = state.original;
      if (parent !== undefined && child !== parent && this.origins.get(child)?.parent.deref() !== parent)
        this.origins.set(child, { parent: new WeakRef(parent), keep: await keptRows(parent, child, pause) });
      parent = child;
    }
  }
}

type ArraysRecord = Extract<SceneRecord, { readonly kind: 'arrays' }>;
type OriginOf = (scene: SplatScene) => { readonly parent: SplatScene; readonly keep: Uint8Array } | undefined;

/** Makes the record of some of a history's steps. */
class Encoder {
  private readonly scenes: SceneRecord[] = [];
  private readonly residuals: ResidualsRecord[] = [];
  private readonly indices = new Map<object, number>();
  private readonly parts = new Map<string, Part>();
  /** Refined scenes, and what they were made of. */
  private readonly blends = new Map<SplatScene, { readonly of: SplatScene; readonly refined: Refinement }>();
  /** The first scene that has an array: what a scene is made of comes before it. */
  private readonly owners = new Map<Float32Array, SplatScene>();

  constructor(
    private readonly names: PartNames,
    private readonly history: History<SceneVersion>,
    private readonly source: SplatScene | undefined,
    private readonly originOf: OriginOf,
  ) {
    for (const { original, refined } of history.steps.map(({ state }) => state))
      if (refined !== undefined && refined.scene !== original && !this.blends.has(refined.scene))
        this.blends.set(refined.scene, { of: original, refined });
    this.findOwners();
  }

  encode(first: number, end: number): Omit<PackedHistory, 'leftOut'> {
    const { history, scenes, residuals, parts } = this;
    const steps = history.steps.slice(first, end).map(({ label, key, state }) => this.step(label, key, state));
    const dropped = history.dropped + history.steps.length - steps.length;
    const indexOf = (scene: SplatScene | undefined): number | undefined =>
      scene === undefined ? undefined : this.indices.get(scene);
    return { record: { scenes, residuals, steps, index: history.index - first, dropped }, parts, indexOf };
  }

  private findOwners(): void {
    const scenes = this.history.steps.flatMap(({ state }) => [state.original, state.refined?.scene]);
    for (const scene of [this.source, ...scenes]) {
      if (scene === undefined) continue;
      for (const array of arraysOf(scene)) if (!this.owners.has(array)) this.owners.set(array, scene);
    }
  }

  private isArrays(scene: SplatScene): boolean {
    return scene !== this.source && !this.blends.has(scene) && this.originOf(scene) === undefined;
  }

  private step(label: string, key: string | undefined, { original, refined, selection, region }: SceneVersion) {
    const record: StepRecord = {
      label,
      ...(key === undefined ? {} : { key }),
      original: this.scene(original),
      ...(refined === undefined ? {} : { refined: this.refined(refined) }),
      ...(selection === undefined ? {} : { selection: this.keep(this.names.mask(selection)) }),
      region,
    };
    return record;
  }

  private refined(refined: Refinement): NonNullable<StepRecord['refined']> {
    const { seconds, description, modelId, figures } = refined;
    return {
      scene: this.scene(refined.scene),
      residuals: this.residualsOf(refined),
      settings: this.settings(refined.settings),
      seconds,
      description,
      modelId,
      figures: figures.map(([name, value]) => [name, value]),
    };
  }

  private settings({ strength, switches, mask }: RefineSettings): SettingsRecord {
    return { strength, switches, ...(mask === undefined ? {} : { mask: this.keep(this.names.mask(mask)) }) };
  }

  private residualsOf({ residuals }: Refinement): number {
    const known = this.indices.get(residuals);
    if (known !== undefined) return known;
    const { rows, values, copies, shDegree, logScale, quaternions, colour, clamps, dropNonFinite } = residuals;
    const array = (of: ArrayBufferView): string => this.keep(this.names.array(of));
    const record: ResidualsRecord = {
      rows: array(rows),
      values: {
        means: array(values.means),
        scales: array(values.scales),
        opacities: array(values.opacities),
        quats: array(values.quats),
        features_dc: array(values.features_dc),
        features_rest: array(values.features_rest),
      },
      ...{ copies, shDegree, logScale, quaternions, colour, clamps, dropNonFinite },
    };
    return this.add(this.residuals, residuals, record);
  }

  /** The scene's index; what it is made of comes before it. */
  private scene(scene: SplatScene): number {
    return this.indices.get(scene) ?? this.add(this.scenes, scene, this.sceneRecord(scene));
  }

  private sceneRecord(scene: SplatScene): SceneRecord {
    if (scene === this.source) return { kind: 'source', count: scene.count };
    const blend = this.blends.get(scene);
    if (blend !== undefined) {
      const settings = this.settings(blend.refined.settings);
      return { kind: 'blend', of: this.scene(blend.of), residuals: this.residualsOf(blend.refined), settings };
    }
    const origin = this.originOf(scene);
    if (origin !== undefined)
      return { kind: 'rows', of: this.scene(origin.parent), keep: this.keep(this.names.mask(origin.keep)) };
    return this.arraysRecord(scene);
  }

  private arraysRecord(scene: SplatScene): SceneRecord {
    const { count, shDegree, extra } = scene;
    const array = (of: Float32Array): { readonly part: string } | { readonly scene: number } => {
      const owner = this.owners.get(of);
      return owner === undefined || this.isArrays(owner)
        ? { part: this.keep(this.names.array(of)) }
        : { scene: this.scene(owner) };
    };
    return {
      kind: 'arrays',
      ...{ count, shDegree },
      meta: metaRecord(scene.meta),
      arrays: {
        positions: array(scene.positions),
        logScales: array(scene.logScales),
        quats: array(scene.quats),
        logitOpacities: array(scene.logitOpacities),
        shDc: array(scene.shDc),
        shRest: array(scene.shRest),
      },
      ...(extra === undefined
        ? {}
        : {
            extra: extra.map(({ name, type, values }) => ({ name, type, values: this.keep(this.names.array(values)) })),
          }),
    };
  }

  private keep(part: Part): string {
    this.parts.set(part.id, part);
    return part.id;
  }

  private add<T>(list: T[], key: object, record: T): number {
    this.indices.set(key, list.push(record) - 1);
    return list.length - 1;
  }
}

/** Every field by name: one that is added has to be thought of here. */
function metaRecord(meta: SplatSceneMeta): ArraysRecord['meta'] {
  const { antialiased, up, upIsGuessed, origin, format, name, degreeInFile, beside } = meta;
  const record: { readonly [Field in keyof Required<SplatSceneMeta>]: SplatSceneMeta[Field] } = {
    ...{ antialiased, up, upIsGuessed, format, name, degreeInFile },
    origin,
    beside,
  };
  return {
    ...record,
    origin: origin === undefined ? undefined : [...origin],
    beside: beside === undefined ? undefined : [...beside],
  };
}

function arraysOf({ positions, logScales, quats, logitOpacities, shDc, shRest }: SplatScene): Float32Array[] {
  return [positions, logScales, quats, logitOpacities, shDc, shRest];
}
