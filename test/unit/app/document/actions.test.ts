import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Actions } from '../../../../renderer/app/document/actions.ts';
import { blendScene } from '../../../../renderer/app/document/blend-scene.ts';
import { isUnsaved, SceneDocument } from '../../../../renderer/app/document/document.ts';
import type { ModelBytes } from '../../../../renderer/bridge/inference-messages.ts';
import { ModelChoice } from '../../../../renderer/app/document/model-choice.ts';
import { refineWithBestBackend } from '../../../../renderer/app/document/refine-backend.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { formatOfName } from '../../../../renderer/core/writable-formats.ts';
import { readScene, sourceFromBytes } from '../../../../renderer/io/read-scene.ts';
import { encodedBytes } from '../../../encoded-bytes.ts';
import { randomScene } from '../../io/fixtures.ts';
import { LARGE, largeScene } from '../../io/large-scene.ts';
import { LoopbackWorker } from '../../workers/loopback-worker.ts';
import { residualsOf } from './refinement.ts';

vi.mock('../../../../renderer/app/document/refine-backend.ts', () => ({ refineWithBestBackend: vi.fn() }));
vi.mock('../../../../renderer/app/document/blend-scene.ts', () => ({ blendScene: vi.fn() }));

type Answer = Awaited<ReturnType<typeof refineWithBestBackend>>;

const FILE = { id: 'x', name: 'a.ply', size: 1, neighbours: [] };
const MODEL: ModelBytes = { id: 'm', name: 'Model', bytes: new Uint8Array(1), sidecar: null };
const scene = randomScene(40, 1);

let document: SceneDocument;
let models: ModelChoice;
let actions: Actions;

beforeEach(() => {
  document = new SceneDocument();
  document.open(FILE, scene);
  models = new ModelChoice(undefined, undefined);
  vi.spyOn(models, 'read').mockResolvedValue(MODEL);
  vi.mocked(refineWithBestBackend)
    .mockReset()
    .mockImplementation((original) => Promise.resolve(answerFor(original)));
  vi.mocked(blendScene)
    .mockReset()
    .mockImplementation((original) => Promise.resolve(original));
  actions = new Actions(document, models, () => true);
});

function reportOf(refined: number): Answer['report'] {
  return {
    splats: 40,
    refined,
    invalidPassedThrough: 0,
    region: null,
    isSurrounded: false,
    proof: null,
    cameras: null,
    milliseconds: { load: 1, sight: 1, plan: 1, network: 1, check: 1, finish: 1, total: 6 },
    residuals: {},
  } as unknown as Answer['report'];
}

function answerFor(original: SplatScene): Answer {
  return {
    scene: original,
    residuals: residualsOf(40),
    report: reportOf(40),
    backend: 'CPU',
  };
}

const labels = (): string[] => document.state.history?.steps.map(({ label }) => label) ?? [];

describe('refining', () => {
  it('is a step of the history', async () => {
    await actions.refine();
    expect(labels()).toEqual(['Open', 'Refine']);
    await actions.refine(new Uint8Array(40).fill(1));
    expect(labels()).toEqual(['Open', 'Refine', 'Refine Selection']);
  });

  it('says which of a selection is not part of what was refined', async () => {
    const residuals = { ...residualsOf(10), rows: Int32Array.from({ length: 10 }, (_, i) => i) };
    vi.mocked(refineWithBestBackend).mockImplementation((original) =>
      Promise.resolve({ ...answerFor(original), residuals }),
    );
    const selected = (from: number, to: number) => new Uint8Array(40).fill(1, from, to);
    await actions.refine(selected(0, 10));
    expect(document.state.message?.text).toMatch(/^Refined the 10 selected splats in/);
    expect(document.state.message?.text).not.toMatch(/not part of/);
    await actions.refine(selected(5, 12));
    expect(document.state.message?.text).toMatch(/^Refined 5 of 7 selected splats in/);
    expect(document.state.message?.text).toMatch(/ 2 selected splats are not part of what was refined/);
    await actions.refine(selected(20, 40));
    expect(document.state.message?.text).toMatch(/Nothing was changed, as no selected splat is part of/);
  });

  it('takes the up axis that the person chose, and says when it had to assume one', async () => {
    document.open(FILE, { ...scene, meta: { ...scene.meta, upIsGuessed: true } });
    actions.chooseUp('y');
    await actions.refine();
    expect(vi.mocked(refineWithBestBackend).mock.lastCall?.[3]).toMatchObject({ up: 'y' });
    expect(document.state.message?.text).not.toMatch(/Up is/);
    actions.chooseUp(undefined);
    vi.mocked(refineWithBestBackend).mockImplementation((original) =>
      Promise.resolve({
        ...answerFor(original),
        report: reportOf(40),
      }),
    );
    await actions.refine();
    expect(vi.mocked(refineWithBestBackend).mock.lastCall?.[3].up).toBe('-y');
    expect(document.state.message?.text).toMatch(
      /Up is −Y, a guess, as most files of this format have it \(View > Up Axis\)/,
    );
  });

  const openOther = (): void => document.open({ ...FILE, name: 'b.ply' }, other);
  const other = randomScene(7, 0);
  it.each<[string, () => void]>([
    ['the model loads', () => vi.spyOn(models, 'read').mockImplementation(() => (openOther(), Promise.resolve(MODEL)))],
    ['a question is open', () => actions.gates.push(() => (openOther(), Promise.resolve(true)))],
    [
      'the network runs',
      () =>
        vi
          .mocked(refineWithBestBackend)
          .mockImplementation((original) => (openOther(), Promise.resolve(answerFor(original)))),
    ],
    [
      'the answer is blended',
      () => vi.mocked(blendScene).mockImplementation((original) => (openOther(), Promise.resolve(original))),
    ],
  ])('leaves another scene alone that was opened while %s', async (_when, arrange) => {
    arrange();
    await actions.refine(new Uint8Array(40).fill(1));
    expect(document.state.original).toBe(other);
    expect(labels()).toEqual(['Open']);
    expect(document.state.message).toEqual({
      isError: true,
      text: 'The scene was not refined, because it changed meanwhile. Refine again.',
    });
  });
});

it.each(['out', 'out.ksplat', 'out.ply.bak'])(
  'refuses to save a scene as %s, and leaves nothing of it',
  async (name) => {
    const abandonSave = vi.fn(() => Promise.resolve({ ok: true, value: undefined }));
    vi.stubGlobal('window', {
      desktop: { abandonSave, showSave: () => Promise.resolve({ ok: true, value: { id: 't', name } }) },
    });
    await actions.saveAs();
    vi.unstubAllGlobals();
    expect(abandonSave).toHaveBeenCalledExactlyOnceWith('t');
    expect(document.state.message).toMatchObject({
      isError: true,
      text: expect.stringContaining(`${name} was not saved`) as string,
    });
  },
);

describe('saving', () => {
  const written: Uint8Array[] = [];
  let name = '';
  beforeEach(() => {
    const done = { ok: true, value: undefined };
    const desktop = {
      showSave: () => Promise.resolve({ ok: true, value: { id: 't', name, format: formatOfName(name) } }),
      writeChunk: (_id: string, bytes: Uint8Array) => (written.push(bytes.slice()), Promise.resolve(done)),
      finishSave: () => Promise.resolve(done),
    };
    vi.stubGlobal('window', { desktop });
    vi.stubGlobal('Worker', LoopbackWorker);
    return () => vi.unstubAllGlobals();
  });
  const saved = async (as: string) => {
    name = as;
    written.length = 0;
    await actions.saveAs();
    expect(document.state.message).toMatchObject({ isError: false });
    return Buffer.concat(written);
  };

  it('names the up axis that was chosen, though the file that was read named none', async () => {
    document.open(FILE, { ...scene, meta: { ...scene.meta, upIsGuessed: true } });
    actions.chooseUp('-y');
    expect((await readScene(sourceFromBytes('out.ply', await saved('out.ply')))).meta).toMatchObject({
      up: '-y',
      upIsGuessed: false,
    });
  });

  it('turns an SPZ by it', async () => {
    const [turned, upright] = await Promise.all(
      (['-y', 'y'] as const).map((up) => encodedBytes({ ...scene, meta: { ...scene.meta, up } }, 'spz')),
    );
    expect(Buffer.compare(turned, upright)).not.toBe(0);
    expect(Buffer.compare(await saved('out.spz'), turned)).toBe(0);
    actions.chooseUp('y');
    expect(Buffer.compare(await saved('out.spz'), upright)).toBe(0);
  });

  it('writes the bytes of before where none was chosen', async () => {
    const guessed = { ...scene, meta: { ...scene.meta, upIsGuessed: true } };
    document.open(FILE, guessed);
    expect(Buffer.compare(await saved('out.ply'), await encodedBytes(guessed, 'inria-ply'))).toBe(0);
  });
});

describe('opening a large scene', () => {
  const file = { ...FILE, id: 'large', name: 'large.ply' };
  let bytes: Uint8Array;
  /** Lengths of the reads so far. */
  const reads: number[] = [];
  beforeEach(async () => {
    bytes ??= await encodedBytes(largeScene(), 'inria-ply');
    reads.length = 0;
    const desktop = {
      readChunk: (_id: string, offset: number, length: number) => {
        reads.push(length);
        return Promise.resolve({ ok: true, value: bytes.subarray(offset, offset + length) });
      },
      closeFile: () => Promise.resolve(),
      rememberScene: () => Promise.resolve(),
      log: () => undefined,
    };
    vi.stubGlobal('window', { desktop });
    vi.stubGlobal('Worker', LoopbackWorker);
    return () => vi.unstubAllGlobals();
  });
  const open = () => actions.open({ ...file, size: bytes.length });
  /** Resolves once the preview is asked to be on screen, with a way to say that it is. */
  const previewed = (): Promise<() => void> =>
    new Promise((asked) => (actions.pictureDrawn = () => new Promise((drawn) => asked(drawn))));

  it('shows a preview, which is no scene of the document, before most of the file is read', async () => {
    const before = document.state;
    const isPreviewed = previewed();
    const opening = open();
    const drawn = await isPreviewed;
    const { job, ...rest } = document.state;
    expect(job?.preview?.count).toBe(32768);
    expect(rest).toEqual({ ...rest, original: before.original, history: before.history, file: before.file });
    expect(isUnsaved(document.state)).toBe(false);
    expect(reads.reduce((sum, length) => sum + length)).toBeLessThan(0.2 * bytes.length);
    drawn();
    await opening;
    expect(document.state).toMatchObject({ job: undefined, file: { id: 'large' }, original: { count: LARGE } });
    expect(labels()).toEqual(['Open']);
  });

  it.each<[string, () => void, RegExp]>([
    ['cancelled', () => actions.cancel(), /^Opening large.ply was cancelled/],
    ['damaged', () => (bytes = bytes.subarray(0, 1_000_000)), /^large.ply ends too early/],
  ])('leaves the document as it was where the rest is %s', async (_how, spoil, message) => {
    const before = document.state;
    const isPreviewed = previewed();
    const opening = open();
    const drawn = await isPreviewed;
    spoil();
    drawn();
    await opening;
    expect(document.state).toEqual({ ...before, message: document.state.message });
    expect(document.state.message.text).toMatch(message);
  });
});

describe('a job beside another', () => {
  const abandonSave = vi.fn(() => Promise.resolve({ ok: true, value: undefined }));
  const dropped = { name: 'b.ply' } as File;
  const target = { id: 't', name: 'out.ply', format: 'inria-ply' as const };
  beforeEach(() => {
    abandonSave.mockClear();
    vi.stubGlobal('window', {
      desktop: { abandonSave, log: () => undefined, showSave: () => Promise.resolve({ ok: true, value: target }) },
    });
    const job = {
      kind: 'refine' as const,
      title: 'Refining',
      stage: '',
      fraction: 0,
      startedMs: 0,
      cancel: () => undefined,
    };
    document.update({ job });
    return () => vi.unstubAllGlobals();
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['saving', 'Saving the scene', () => actions.saveAs()],
    ['opening a dropped file', 'Opening b.ply', () => actions.dropFiles([dropped])],
    ['another', 'Measuring', () => actions.job('measure', 'Measuring', () => Promise.resolve(1))],
  ])('does not begin, and says why: %s', async (_what, title, begin) => {
    await begin();
    expect(document.state.message).toEqual({
      isError: true,
      text:
        `${title} did not start, because “Refining” is still running. ` +
        `Wait for it to finish or cancel it, then try again.`,
    });
    expect(document.state.job?.title).toBe('Refining');
  });

  it('leaves nothing of a file that was to be saved', async () => {
    const { job } = document.state;
    document.update({ job: undefined });
    const saving = actions.saveAs();
    // It begins while the person chooses a name.
    document.update({ job });
    expect(await saving).toBe(false);
    expect(abandonSave).toHaveBeenCalledExactlyOnceWith('t');
    document.update({ job: undefined });
    await actions.write(target, () => Promise.reject(new Error('full')));
    expect(abandonSave).toHaveBeenCalledTimes(2);
    expect(document.state.message.text).toBe('Saving out.ply failed: full');
  });
});

it('refines the region that was chosen', async () => {
  await actions.refine();
  expect(vi.mocked(refineWithBestBackend).mock.lastCall?.[3]).toMatchObject({ region: 'auto' });
  const ball = { centre: [1, 2, 3], radius: 4 } as const;
  document.step('Set Region', { region: ball });
  await actions.refine();
  expect(vi.mocked(refineWithBestBackend).mock.lastCall?.[3]).toMatchObject({ region: ball });
});

describe('taking a refinement back', () => {
  it('undoes it where it is the last step, so that it can be done again', async () => {
    await actions.refine();
    expect(document.state.message.card?.title).toMatch(/^Refined 40 splats in /);
    actions.takeBack();
    expect(document.state).toMatchObject({ refined: undefined, shown: 'before', original: scene });
    expect(labels()).toEqual(['Open', 'Refine']);
  });

  it('is a step of its own after others', async () => {
    await actions.refine();
    document.step('Select All', { selection: new Uint8Array(40).fill(1) });
    actions.takeBack();
    expect(document.state).toMatchObject({ refined: undefined, shown: 'before' });
    expect(labels()).toEqual(['Open', 'Refine', 'Select All', 'Take the Refinement Back']);
    actions.takeBack();
    expect(labels()).toHaveLength(4);
  });
});

it('tells the time that is left by what the last refinement took', async () => {
  const kept = new Map<string, unknown>();
  actions.paces = { get: () => ({ sight: 100, network: 200, check: 100 }), set: (key, pace) => kept.set(key, pace) };
  const told: (number | undefined)[] = [];
  document.watch(({ job }) => told.push(job?.remainingSeconds));
  vi.mocked(refineWithBestBackend).mockImplementation((original, _model, _cpu, { onProgress }) => {
    onProgress?.({ stage: 'region', fraction: 0 });
    onProgress?.({ stage: 'network', fraction: 0 });
    return Promise.resolve(answerFor(original));
  });
  await actions.refine();
  const seconds = told.filter((value) => value !== undefined);
  expect(seconds[0]).toBeCloseTo(16, 0);
  expect(seconds.at(-1)).toBeCloseTo(12, 0);
  expect([...kept]).toEqual([['Model CPU', { sight: 1 / 40, network: 3 / 40, check: 2 / 40 }]]);
});
