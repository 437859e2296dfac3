import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actions } from '../../../../renderer/app/document/actions.ts';
import { SceneDocument, finalScene, shownScene, versionBuffers } from '../../../../renderer/app/document/document.ts';
import { Edits } from '../../../../renderer/app/document/edits.ts';
import { LiveRefinement } from '../../../../renderer/app/document/live-refinement.ts';
import type { JobOptions, Progress } from '../../../../renderer/core/progress.ts';
import { createScene, SCENE_ARRAYS } from '../../../../renderer/core/splat-scene.ts';
import type { SplatScene } from '../../../../renderer/core/splat-scene.ts';
import { applyResiduals } from '../../../../renderer/refine/residual-blend.ts';
import { bitsOf, randomScene } from '../../io/fixtures.ts';
import { refinementOf, residualsOf } from './refinement.ts';

const FILE = { id: 'x', name: 'a.ply', size: 1, neighbours: [] };
const scene = randomScene(40, 1);
const residuals = residualsOf(40);
const refined = { ...refinementOf(applyResiduals(scene, residuals)), residuals };
const even = Uint8Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 1 : 0));

const same = (a: SplatScene | undefined, b: SplatScene): string[] =>
  SCENE_ARRAYS.filter((name) => a === undefined || Buffer.compare(bitsOf(a[name]), bitsOf(b[name])) !== 0);

/** Runs every job at once. */
const actions = {
  job: (_kind: string, _title: string, body: (options: object) => Promise<unknown>) => body({}),
} as unknown as Actions;

let document: SceneDocument;
let edits: Edits;

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 1));
  document = new SceneDocument();
  document.open(FILE, scene);
  edits = new Edits(document, actions);
  return () => vi.unstubAllGlobals();
});

const labels = (): string[] => document.state.history?.steps.map(({ label }) => label) ?? [];

describe('undo and redo', () => {
  it('go through refining, selecting and deleting, and show what comes back', async () => {
    document.step('Refine', { refined }, { shown: 'after' });
    edits.select(even, 'replace', 'Select by Box');
    await edits.deleteSelected();
    expect(labels()).toEqual(['Open', 'Refine', 'Select by Box', 'Delete 20 splats']);
    expect(document.state).toMatchObject({ selection: undefined, shown: 'after' });
    expect(shownScene(document.state)?.count).toBe(20);
    edits.undo();
    expect(document.state.selection).toBe(even);
    expect(finalScene(document.state)).toBe(refined.scene);
    edits.undo();
    edits.undo();
    expect(document.state).toMatchObject({ refined: undefined, shown: 'before', original: scene });
    edits.undo();
    expect(document.state.message.text).toBe('Undid: Refine.');
    edits.redo();
    expect(document.state).toMatchObject({ refined, shown: 'after' });
    edits.redo();
    edits.redo();
    expect(document.state.original?.count).toBe(20);
    edits.redo();
    expect(document.state.original?.count).toBe(20);
  });

  it('begin anew with another scene', () => {
    document.step('Refine', { refined });
    document.open({ ...FILE }, randomScene(3, 0));
    expect(labels()).toEqual(['Open']);
    expect(document.state.refined).toBeUndefined();
  });

  it('counts what a version holds, buffers shared with others among them', () => {
    const bytes = (buffers: Iterable<ArrayBufferLike>): number =>
      [...new Set(buffers)].reduce((sum, buffer) => sum + buffer.byteLength, 0);
    const plain = bytes(versionBuffers({ original: scene, refined: undefined, selection: undefined, region: 'auto' }));
    expect(plain).toBe(40 * 23 * 4);
    const full = versionBuffers({ original: scene, refined, selection: even, region: 'auto' });
    expect(bytes(full)).toBe(40 * (23 + 23 + 23 + 1) * 4 + 40);
  });
});

describe('editing a refined scene', () => {
  it('keeps the refinement on the splats that are left, to be blended anew', async () => {
    document.step(
      'Refine',
      { refined: { ...refined, settings: { ...refined.settings, mask: even } } },
      { shown: 'after' },
    );
    edits.select(even, 'replace', 'Select');
    await edits.keepSelected();
    const { original, refined: left } = document.state;
    expect([original?.count, left?.scene.count, left?.settings.mask?.length, document.state.selection?.length]).toEqual(
      [20, 20, 20, 20],
    );
    expect(same(left?.scene, applyResiduals(original as SplatScene, left?.residuals ?? residuals))).toEqual([]);
  });

  it('refuses to delete everything, and says where nothing was', async () => {
    edits.selectAll();
    await edits.deleteSelected();
    expect(document.state.message.isError).toBe(true);
    expect(document.state.original).toBe(scene);
    await edits.keepSelected();
    expect(labels()).toEqual(['Open', 'Select All']);
  });

  it('deletes nothing where another scene was opened, or the refinement undone, meanwhile', async () => {
    const grown = {
      ...refined,
      residuals: { ...residuals, copies: 2, rows: Int32Array.from({ length: 80 }, (_, i) => i >> 1) },
    };
    for (const meanwhile of [() => document.open({ ...FILE }, randomScene(7, 1)), () => edits.undo()]) {
      document.open(FILE, scene);
      document.step('Refine', { refined: grown }, { shown: 'after' });
      const deleting = edits.keepOnly(even, 'Delete 20 splats');
      meanwhile();
      const { original, refined: left } = document.state;
      await deleting;
      expect(document.state).toMatchObject({
        original,
        refined: left,
        message: { isError: true, text: expect.stringContaining('changed meanwhile') as string },
      });
      expect(labels()).not.toContain('Delete 20 splats');
    }
  });

  it('leaves the scene alone where deleting was cancelled', async () => {
    const many = createScene(2_000_000, 0, scene.meta);
    const fractions: number[] = [];
    const cancelled = {
      job: async (_kind: string, _title: string, body: (options: JobOptions) => Promise<unknown>) => {
        const abort = new AbortController();
        const onProgress = ({ fraction }: Progress): void => {
          fractions.push(fraction);
          abort.abort();
        };
        await expect(body({ signal: abort.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
      },
    } as unknown as Actions;
    document.open({ ...FILE }, many);
    await new Edits(document, cancelled).keepOnly(
      Uint8Array.from({ length: many.count }, (_, i) => i % 2),
      'Delete',
    );
    expect(fractions.length).toBe(1);
    expect(fractions[0]).toBeLessThan(1);
    expect(document.state.original).toBe(many);
    expect(labels()).toEqual(['Open']);
  });

  it('selects all, none and the rest', () => {
    edits.invertSelection();
    expect(document.state.selection?.every((flag) => flag === 1)).toBe(true);
    edits.invertSelection();
    expect(document.state.selection).toBeUndefined();
    edits.select(even, 'add', 'Select');
    edits.selectNone();
    edits.selectNone();
    expect(labels()).toEqual(['Open', 'Invert Selection', 'Invert Selection', 'Select', 'Select None']);
  });

  it('makes the refined scene the one before, and back', () => {
    document.step('Refine', { refined }, { shown: 'after' });
    edits.keepRefined();
    expect(document.state).toMatchObject({ original: refined.scene, refined: undefined, shown: 'before' });
    edits.undo();
    expect(document.state).toMatchObject({ original: scene, refined, shown: 'after' });
  });
});

describe('the slider', () => {
  it('shows the last of many settings, keeps one step, and gives the original at 0', async () => {
    document.step('Refine', { refined }, { shown: 'after' });
    const live = new LiveRefinement(document);
    for (let percent = 99; percent >= 50; percent--) live.show({ ...refined.settings, strength: percent / 100 });
    await live.keep(() => 'Set Strength to 50 %', 'strength:1');
    expect(labels()).toEqual(['Open', 'Refine', 'Set Strength to 50 %']);
    const half = document.state.refined;
    expect(half?.settings.strength).toBe(0.5);
    expect(same(half?.scene, applyResiduals(scene, residuals, 0.5))).toEqual([]);

    live.show({ ...refined.settings, strength: 0 });
    await live.keep(() => 'Set Strength to 0 %', 'strength:1');
    expect(labels()).toEqual(['Open', 'Refine', 'Set Strength to 0 %']);
    expect(finalScene(document.state)).toBe(scene);
    // What was kept before is not written over.
    expect(same(half?.scene, applyResiduals(scene, residuals, 0.5))).toEqual([]);
    edits.undo();
    expect(document.state.refined?.settings.strength).toBe(1);
    await live.keep(() => 'Nothing changed');
    expect(labels()).toHaveLength(3);
  });

  it('stands back where the refinement went away meanwhile', async () => {
    document.step('Refine', { refined }, { shown: 'after' });
    const live = new LiveRefinement(document);
    live.show({ ...refined.settings, strength: 0.5 });
    edits.undo();
    await live.keep(() => 'Set Strength');
    expect(document.state.refined).toBeUndefined();
    expect(labels()).toEqual(['Open', 'Refine']);
  });
});
