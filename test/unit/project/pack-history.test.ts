import { describe, expect, it } from 'vitest';
import { keepRows } from '../../../renderer/core/keep-rows.ts';
import { SCENE_ARRAYS } from '../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import { addStep, goToStep, startHistory } from '../../../renderer/edit/history.ts';
import type { History } from '../../../renderer/edit/history.ts';
import { NO_TURN, placeScene } from '../../../renderer/edit/place.ts';
import { historyRecordSchema } from '../../../renderer/project/history-record.ts';
import { HistoryPacker } from '../../../renderer/project/pack-history.ts';
import type { PackedHistory } from '../../../renderer/project/pack-history.ts';
import { PartNames } from '../../../renderer/project/parts.ts';
import type { Refinement, SceneVersion } from '../../../renderer/project/scene-version.ts';
import { unpackHistory } from '../../../renderer/project/unpack-history.ts';
import { applyResiduals, switchesOf } from '../../../renderer/refine/residual-blend.ts';
import { keepResidualRows } from '../../../renderer/refine/residuals.ts';
import { refinementOf, residualsOf } from '../app/document/refinement.ts';
import { bitsOf, randomScene } from '../io/fixtures.ts';

const COUNT = 200;
const source: SplatScene = {
  ...randomScene(COUNT, 1),
  extra: [{ name: 'label', type: 'ushort', values: Uint16Array.from({ length: COUNT }, (_, i) => i * 7) }],
  meta: { antialiased: true, up: 'z', upIsGuessed: true, origin: [4.6e6, 1 / 3, -2], format: 'inria-ply', name: 'a' },
};
const third = Uint8Array.from({ length: COUNT }, (_, i) => Number(i % 3 !== 0));

function refine(scene: SplatScene, settings: Partial<Refinement['settings']> = {}): Refinement {
  const residuals = residualsOf(scene.count);
  const all = { strength: 1, switches: switchesOf(), mask: undefined, ...settings };
  return {
    ...refinementOf(scene),
    scene: applyResiduals(scene, residuals, all.strength, all.switches, all.mask),
    residuals,
    settings: all,
    figures: [['Changed', '200 splats']],
  };
}

function delete_(of: SceneVersion, keep: Uint8Array): SceneVersion {
  const original = keepRows(of.original, keep);
  const { refined } = of;
  if (refined === undefined) return { ...of, original, selection: undefined };
  const { residuals, gatherer } = keepResidualRows(refined.residuals, keep);
  gatherer.advance(keep.length);
  const settings = { ...refined.settings, mask: undefined };
  return {
    original,
    refined: { ...refined, residuals, settings, scene: keepRows(refined.scene, keep) },
    selection: undefined,
    region: 'auto',
  };
}

/** A day's work: one of each kind of step. */
function work(): History<SceneVersion> {
  const first: SceneVersion = { original: source, refined: undefined, selection: undefined, region: 'auto' };
  const selected = { ...first, selection: third };
  const kept = delete_(selected, third);
  const refined = { ...kept, refined: refine(kept.original) };
  const weaker = { ...refined, refined: refine(kept.original, { strength: 0.3, mask: third.slice(0, 133) }) };
  const less = delete_(refined, third.slice(0, 133));
  const asOriginal: SceneVersion = { ...first, original: less.refined?.scene ?? source };
  const placed = placeScene(asOriginal.original, { about: [0, 0, 0], turn: NO_TURN, scale: 2, move: [1, 2, 3] });
  const made: SceneVersion = { ...first, original: placed, region: { centre: [1, 2, 3], radius: 1 / 3 } };
  const refinedAgain = { ...made, refined: refine(placed, { switches: { ...switchesOf(), means: false } }) };
  const cropped = delete_(
    refinedAgain,
    Uint8Array.from({ length: placed.count }, (_, i) => Number(i > 4)),
  );
  const steps = { selected, kept, refined, weaker, less, asOriginal, made, refinedAgain, cropped };
  let history = startHistory('Open', first);
  for (const [label, state] of Object.entries(steps)) history = addStep(history, { label, state, key: label });
  return goToStep(history, 8);
}

async function pack(history: History<SceneVersion>, of: SplatScene | undefined, budgetBytes?: number) {
  const packer = new HistoryPacker(new PartNames());
  return packer.pack(history, of, budgetBytes === undefined ? {} : { budgetBytes });
}

async function unpack(
  { record, parts }: Pick<PackedHistory, 'record' | 'parts'>,
  from: SplatScene = source,
  mostBytes?: number,
): Promise<History<SceneVersion>> {
  // As a file has it: text and bytes.
  const read = historyRecordSchema.parse(JSON.parse(JSON.stringify(record)));
  const { history } = await unpackHistory(read, {
    name: 'a.sfproj',
    source: () => Promise.resolve(from),
    read: (id) => {
      const part = parts.get(id);
      return part === undefined ? undefined : Promise.resolve(Uint8Array.from(part.bytes()).buffer);
    },
    blend: (scene, residuals, { strength, switches, mask }) =>
      Promise.resolve(applyResiduals(scene, residuals, strength, switches, mask)),
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  return history;
}

const bytesOf = ({ parts }: PackedHistory): number =>
  [...parts.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);

function expectSameScene(found: SplatScene | undefined, wanted: SplatScene | undefined): void {
  expect(found === undefined).toBe(wanted === undefined);
  if (found === undefined || wanted === undefined) return;
  expect({ ...found, ...Object.fromEntries(SCENE_ARRAYS.map((name) => [name, 0])) }).toEqual({
    ...wanted,
    ...Object.fromEntries(SCENE_ARRAYS.map((name) => [name, 0])),
  });
  for (const name of SCENE_ARRAYS)
    expect(Buffer.compare(bitsOf(found[name]), bitsOf(wanted[name])), `${name} differs`).toBe(0);
}

function expectSameHistory(found: History<SceneVersion>, wanted: History<SceneVersion>): void {
  expect(found.index).toBe(wanted.index);
  expect(found.steps.map(({ label, key }) => [label, key])).toEqual(wanted.steps.map(({ label, key }) => [label, key]));
  found.steps.forEach(({ state }, i) => {
    const { original, refined, ...others } = wanted.steps[i].state;
    expectSameScene(state.original, original);
    expectSameScene(state.refined?.scene, refined?.scene);
    expect({ ...state.refined, scene: 0 }).toEqual({ ...refined, scene: 0 });
    expect({ selection: state.selection, region: state.region }).toEqual(others);
  });
}

describe('a packed history', () => {
  it('comes back bit for bit, every step of it, and shares what it shared', async () => {
    const history = work();
    const packed = await pack(history, source);
    if (packed === undefined) throw new Error('It has no room.');
    const found = await unpack(packed);
    expectSameHistory(found, history);
    const state = (label: string): SceneVersion | undefined => found.steps.find((step) => step.label === label)?.state;
    expect(found.steps[0].state.original).toBe(source);
    expect(state('asOriginal')?.original).toBe(state('less')?.refined?.scene);
    expect(state('refinedAgain')?.refined?.scene.positions).toBe(state('made')?.original.positions);
    expect(state('weaker')?.refined?.settings.mask).toBeDefined();
  });

  it('repeats neither the file nor what follows from other things', async () => {
    const history = work();
    const packed = await pack(history, source);
    expect(packed?.record.scenes.map(({ kind }) => kind)).toEqual([
      'source',
      'rows',
      'blend',
      'blend',
      'rows',
      'blend',
      'arrays',
      'blend',
      'rows',
      'blend',
    ]);
    // A placed scene keeps what the placing left alone.
    const placed = packed?.record.scenes[6];
    expect(placed).toMatchObject({ arrays: { shDc: { scene: 5 }, logitOpacities: { scene: 5 } } });
  });

  it('comes back without the file where the first steps are gone', async () => {
    const history = work();
    const later = { ...history, steps: history.steps.slice(6), index: 2, dropped: 6 };
    const packed = await pack(later, undefined);
    if (packed === undefined) throw new Error('It has no room.');
    expect(packed.record.scenes.some(({ kind }) => kind === 'source')).toBe(false);
    expectSameHistory(await unpack(packed), later);
  });

  it('lets the oldest steps go where they have no room, then the undone ones, and says how many', async () => {
    const history = work();
    const whole = await pack(history, source);
    if (whole === undefined) throw new Error('It has no room.');
    expect(whole.leftOut).toBe(0);
    const bytes = bytesOf(whole);
    const some = await pack(history, source, bytes - 1);
    if (some === undefined) throw new Error('It has no room.');
    expect(bytesOf(some)).toBeLessThan(bytes);
    expect(some.leftOut).toBeGreaterThan(0);
    expect(some.record.dropped).toBe(some.leftOut);
    expect(some.record.steps[some.record.index].label).toBe('refinedAgain');
    expectSameScene((await unpack(some)).steps[some.record.index].state.original, history.steps[8].state.original);
    expect(await pack(history, source, 10)).toBeUndefined();
  });

  it('names an array the same each time, so that it is written once', async () => {
    const packer = new HistoryPacker(new PartNames());
    const history = work();
    const [once, again] = [await packer.pack(history, source), await packer.pack(history, source)];
    expect([...(again?.parts.keys() ?? [])]).toEqual([...(once?.parts.keys() ?? [])]);
  });
});

describe('what does not fit', () => {
  it('is refused by name: another scene, a mask cut short, a refinement of other rows', async () => {
    const packed = await pack(work(), source);
    if (packed === undefined) throw new Error('It has no room.');
    await expect(unpack(packed, randomScene(7, 1))).rejects.toThrow(/its scene had 200 splats and has 7 now/);
    const { record, parts } = packed;
    for (const part of parts.values()) {
      const cut = new Map([...parts, [part.id, { ...part, bytes: () => part.bytes().subarray(1) }]]);
      const advice = expect.stringContaining('File > Open') as string;
      await expect(unpack({ record, parts: cut })).rejects.toMatchObject({ code: 'invalid-file', advice });
      const fewer = new Map([...parts].filter(([id]) => id !== part.id));
      await expect(unpack({ record, parts: fewer })).rejects.toMatchObject({ code: 'invalid-file', advice });
    }
    const scenes = [...record.scenes].reverse();
    await expect(unpack({ record: { ...record, scenes }, parts })).rejects.toThrow(/refers to none/);
  });

  it('is refused where a few bytes describe more scenes than a window has open', async () => {
    const packed = await pack(work(), source);
    if (packed === undefined) throw new Error('It has no room.');
    const { record, parts } = packed;
    const some = record.scenes.find(({ kind }) => kind === 'rows');
    if (some === undefined) throw new Error('No scene is made of another.');
    const crowd = { ...record, scenes: [...record.scenes, ...Array.from({ length: 1000 }, () => some)] };
    const bytes = 4 * (3 + 3 + 4 + 1 + 3 + 9) * COUNT;
    await expect(unpack({ record: crowd, parts }, source, 20 * bytes)).rejects.toThrow(/more scenes than the app/);
    await expect(unpack({ record, parts }, source, 20 * bytes)).resolves.toBeDefined();
  });
});
