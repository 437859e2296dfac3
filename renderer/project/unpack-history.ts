import { SplatError } from '../core/errors.ts';
import { ARRAY_TYPES } from '../core/extra-columns.ts';
import type { ExtraColumn } from '../core/extra-columns.ts';
import { keepRows } from '../core/keep-rows.ts';
import { assertSceneShape, SCENE_ARRAYS } from '../core/splat-scene.ts';
import type { SplatScene, SplatSceneMeta } from '../core/splat-scene.ts';
import { HISTORY_BYTES, presentState } from '../edit/history.ts';
import type { History } from '../edit/history.ts';
import { attributesOf } from '../refine/attributes.ts';
import type { RefineResiduals } from '../refine/residuals.ts';
import type { HistoryRecord, ResidualsRecord, SceneRecord, SettingsRecord, StepRecord } from './history-record.ts';
import { maskOfBits } from './parts.ts';
import type { RefineSettings, SceneVersion } from './scene-version.ts';

export interface UnpackParts {
  /** For messages. */
  readonly name: string;
  /** The scene as its file has it; asked for once, and only where the history needs it. */
  readonly source: () => Promise<SplatScene>;
  /** The bytes of a part, in a buffer of their own; undefined where there is no such part. */
  readonly read: (id: string) => Promise<ArrayBuffer> | undefined;
  /** The scene with the residuals as the settings say (see `ResidualBlend`). */
  readonly blend: (scene: SplatScene, residuals: RefineResiduals, settings: RefineSettings) => Promise<SplatScene>;
  /** Bytes of scenes that a window has open at most, but for the two versions that stay whatever they cost. */
  readonly mostBytes?: number;
}

export interface UnpackedHistory {
  readonly history: History<SceneVersion>;
  /** The scenes by their index in the record. */
  readonly scenes: readonly SplatScene[];
}

/** Whether a history can only be had with the scene's file. */
export function needsSource({ scenes }: HistoryRecord): boolean {
  return scenes.some(({ kind }) => kind === 'source');
}

/**
 * Makes a history again, bit for bit; what steps shared they share again.
 * @throws SplatError `invalid-file` where the record does not fit its parts or the scene's file; what the parts throw
 */
export function unpackHistory(record: HistoryRecord, parts: UnpackParts): Promise<UnpackedHistory> {
  return new Decoder(record, parts).decode();
}

/** The present step and the one before it stay whatever they cost: two versions of each of two steps. */
const MOST_SCENES_BEYOND = 4;

/** The scene of the present step, refined as that says. @throws SplatError as `unpackHistory` */
export async function unpackPresentScene(record: HistoryRecord, parts: UnpackParts): Promise<SplatScene> {
  const { history } = await unpackHistory(record, parts);
  const { original, refined } = presentState(history);
  return refined?.scene ?? original;
}

type ArraysRecord = Extract<SceneRecord, { readonly kind: 'arrays' }>;

/** Absent fields are absent, not undefined. */
function metaOf({ upIsGuessed, origin, degreeInFile, beside, ...meta }: ArraysRecord['meta']): SplatSceneMeta {
  return {
    ...meta,
    ...(upIsGuessed === undefined ? {} : { upIsGuessed }),
    ...(origin === undefined ? {} : { origin }),
    ...(degreeInFile === undefined ? {} : { degreeInFile }),
    ...(beside === undefined ? {} : { beside }),
  };
}

class Decoder {
  private readonly scenes: SplatScene[] = [];
  private readonly residuals: RefineResiduals[] = [];
  private readonly buffers = new Map<string, ArrayBuffer>();
  private readonly floats = new Map<string, Float32Array>();
  private readonly masks = new Map<string, Uint8Array>();
  private readonly held = new Set<ArrayBufferLike>();
  private heldBytes = 0;
  private largestBytes = 0;

  constructor(
    private readonly record: HistoryRecord,
    private readonly parts: UnpackParts,
  ) {}

  async decode(): Promise<UnpackedHistory> {
    const { scenes, residuals, steps, index, dropped } = this.record;
    for (const one of residuals) this.residuals.push(await this.decodeResiduals(one));
    for (const one of scenes) {
      const scene = await this.decodeScene(one);
      this.hold(scene);
      this.scenes.push(scene);
    }
    const decoded: History<SceneVersion>['steps'][number][] = [];
    for (const step of steps)
      decoded.push({
        label: step.label,
        ...(step.key === undefined ? {} : { key: step.key }),
        state: await this.decodeVersion(step),
      });
    return { history: { steps: decoded, index, dropped }, scenes: this.scenes };
  }

  private async decodeScene(record: SceneRecord): Promise<SplatScene> {
    switch (record.kind) {
      case 'source': {
        const scene = await this.parts.source();
        if (scene.count !== record.count)
          throw this.damaged(`its scene had ${record.count} splats and has ${scene.count} now`);
        return scene;
      }
      case 'rows': {
        const parent = this.sceneAt(record.of);
        return keepRows(parent, await this.mask(record.keep, parent.count));
      }
      case 'blend': {
        const parent = this.sceneAt(record.of);
        const residuals = this.residualsAt(record.residuals, parent);
        return this.parts.blend(parent, residuals, await this.settings(record.settings, parent.count));
      }
      case 'arrays':
        return this.arrays(record);
    }
  }

  private async arrays(record: ArraysRecord): Promise<SplatScene> {
    const { count, shDegree, meta, arrays, extra } = record;
    const array = async (name: keyof typeof arrays): Promise<Float32Array> => {
      const from = arrays[name];
      return 'part' in from ? this.float32(from.part) : this.sceneAt(from.scene)[name];
    };
    const columns: ExtraColumn[] = [];
    for (const { name, type, values: id } of extra ?? []) {
      const values = new ARRAY_TYPES[type](await this.whole(id, ARRAY_TYPES[type].BYTES_PER_ELEMENT));
      if (values.length !== count) throw this.damaged(`its column ${name} has ${values.length} rows of ${count}`);
      columns.push({ name, type, values });
    }
    const scene: SplatScene = {
      count,
      shDegree,
      meta: metaOf(meta),
      positions: await array('positions'),
      logScales: await array('logScales'),
      quats: await array('quats'),
      logitOpacities: await array('logitOpacities'),
      shDc: await array('shDc'),
      shRest: await array('shRest'),
      ...(extra === undefined ? {} : { extra: columns }),
    };
    try {
      assertSceneShape(scene);
    } catch (cause) {
      throw this.damaged(`arrays of a scene in it do not have its ${count} splats`, cause);
    }
    return scene;
  }

  private async decodeResiduals(record: ResidualsRecord): Promise<RefineResiduals> {
    const { rows: rowsPart, values: names, ...facts } = record;
    const rows = new Int32Array(await this.whole(rowsPart, Int32Array.BYTES_PER_ELEMENT));
    const values = {
      means: await this.float32(names.means),
      scales: await this.float32(names.scales),
      opacities: await this.float32(names.opacities),
      quats: await this.float32(names.quats),
      features_dc: await this.float32(names.features_dc),
      features_rest: await this.float32(names.features_rest),
    };
    for (const { name, width } of attributesOf(facts.shDegree))
      if (values[name].length !== rows.length * facts.copies * width)
        throw this.damaged(`its refinement has ${values[name].length} numbers for ${name}`);
    return { rows, values, ...facts };
  }

  private async decodeVersion({ original: index, refined, selection, region }: StepRecord): Promise<SceneVersion> {
    const original = this.sceneAt(index);
    return {
      original,
      refined:
        refined === undefined
          ? undefined
          : {
              ...refined,
              scene: this.sceneAt(refined.scene),
              residuals: this.residualsAt(refined.residuals, original),
              settings: await this.settings(refined.settings, original.count),
            },
      selection: selection === undefined ? undefined : await this.mask(selection, original.count),
      region,
    };
  }

  private async settings({ strength, switches, mask }: SettingsRecord, count: number): Promise<RefineSettings> {
    return { strength, switches, mask: mask === undefined ? undefined : await this.mask(mask, count) };
  }

  private sceneAt(index: number): SplatScene {
    if (index >= this.scenes.length) throw this.damaged('a scene in it refers to none before it');
    return this.scenes[index];
  }

  private residualsAt(index: number, { count }: SplatScene): RefineResiduals {
    if (index >= this.residuals.length) throw this.damaged('a step in it refers to no refinement');
    const residuals = this.residuals[index];
    let before = -1;
    for (const row of residuals.rows) {
      if (row <= before || row >= count) throw this.damaged('its refinement does not fit its scene');
      before = row;
    }
    return residuals;
  }

  private async float32(id: string): Promise<Float32Array> {
    const known = this.floats.get(id);
    if (known !== undefined) return known;
    const array = new Float32Array(await this.whole(id, Float32Array.BYTES_PER_ELEMENT));
    this.floats.set(id, array);
    return array;
  }

  private async mask(id: string, count: number): Promise<Uint8Array> {
    const known = this.masks.get(id);
    const bits = new Uint8Array(await this.buffer(id));
    if (bits.length !== Math.ceil(count / 8) || (known !== undefined && known.length !== count))
      throw this.damaged(`a mask in it has ${bits.length} bytes for ${count} splats`);
    const mask = known ?? maskOfBits(bits, count);
    this.masks.set(id, mask);
    return mask;
  }

  private async whole(id: string, elementBytes: number): Promise<ArrayBuffer> {
    const buffer = await this.buffer(id);
    if (buffer.byteLength % elementBytes !== 0) throw this.damaged(`its part ${id} is cut short`);
    return buffer;
  }

  private async buffer(id: string): Promise<ArrayBuffer> {
    const buffer = this.buffers.get(id) ?? (await this.parts.read(id));
    if (buffer === undefined) throw this.damaged(`its part ${id} is missing`);
    this.buffers.set(id, buffer);
    return buffer;
  }

  /** Refuses what no window had open: scenes that are made of others cost a few bytes of the record each. */
  private hold(scene: SplatScene): void {
    const { mostBytes = HISTORY_BYTES } = this.parts;
    let bytes = 0;
    for (const name of SCENE_ARRAYS) {
      const { buffer } = scene[name];
      bytes += buffer.byteLength;
      if (!this.held.has(buffer)) this.heldBytes += buffer.byteLength;
      this.held.add(buffer);
    }
    this.largestBytes = Math.max(this.largestBytes, bytes);
    if (this.heldBytes > mostBytes + MOST_SCENES_BEYOND * this.largestBytes)
      throw this.damaged('it describes more scenes than the app ever has open');
  }

  private damaged(reason: string, cause?: unknown): SplatError {
    return new SplatError(
      'invalid-file',
      `${this.parts.name} could not be restored: ${reason}.`,
      'Its file was left as it is; open the scene itself with File > Open.',
      { cause },
    );
  }
}
