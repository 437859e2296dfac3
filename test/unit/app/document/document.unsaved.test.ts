import type { SaveTarget } from '../../../../renderer/bridge/files.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Actions } from '../../../../renderer/app/document/actions.ts';
import { SceneDocument, isUnsaved, unsavedWork } from '../../../../renderer/app/document/document.ts';
import { Edits } from '../../../../renderer/app/document/edits.ts';
import { ModelChoice } from '../../../../renderer/app/document/model-choice.ts';
import { contentOfBytes } from '../../../../renderer/io/file-content.ts';
import { encodeInBackground, parseSceneInWorker } from '../../../../renderer/workers/scene-client.ts';
import { randomScene } from '../../io/fixtures.ts';
import { refinementOf } from './refinement.ts';

// Node has no Worker of the page's kind.
vi.mock('../../../../renderer/workers/scene-client.ts', () => ({
  encodeInBackground: vi.fn(),
  parseSceneInWorker: vi.fn(),
  decimateInWorker: vi.fn(),
  findFloatersInWorker: vi.fn(),
}));

const FILE = { id: 'x', name: 'a.ply', size: 0, neighbours: [] };
const OTHER = { ...FILE, id: 'y', name: 'b.ply' };
const scene = randomScene(40, 1);
const half = Uint8Array.from({ length: 40 }, (_, row) => row % 2);

let document: SceneDocument;
let actions: Actions;
let edits: Edits;
let target: SaveTarget | undefined;

beforeEach(() => {
  document = new SceneDocument();
  document.open(FILE, scene);
  actions = new Actions(document, new ModelChoice(undefined, undefined), () => true);
  edits = new Edits(document, actions);
  target = { id: 't', name: 'out.ply', format: 'inria-ply' };
  vi.mocked(encodeInBackground)
    .mockReset()
    .mockResolvedValue({ content: contentOfBytes(new Uint8Array(0)), splats: 0, notes: [] });
  vi.mocked(parseSceneInWorker)
    .mockReset()
    .mockImplementation(() => Promise.resolve(randomScene(7, 0)));
  const done = (): Promise<unknown> => Promise.resolve({ ok: true, value: undefined });
  vi.stubGlobal('window', {
    desktop: {
      showSave: () => Promise.resolve({ ok: true, value: target }),
      saveAgain: (id: string) => Promise.resolve({ ok: true, value: { ...target, id: `${id}+` } }),
      finishSave: done,
      abandonSave: done,
      closeFile: done,
      rememberScene: done,
      log: done,
    },
  });
});

afterEach(() => void vi.unstubAllGlobals());

describe('a scene is unsaved', () => {
  const unsaved = (): boolean => isUnsaved(document.state);

  test('neither before one is opened nor when it was only opened, looked at and selected from', () => {
    expect(isUnsaved(new SceneDocument().state)).toBe(false);
    document.update({ shown: 'after' });
    edits.select(half, 'replace', 'Select');
    expect(unsaved()).toBe(false);
  });

  test('once it was refined or edited, until that is undone', async () => {
    document.step('Refine', { refined: refinementOf(randomScene(40, 1)) });
    expect(unsaved()).toBe(true);
    edits.undo();
    expect(unsaved()).toBe(false);
    await edits.keepOnly(half, 'Delete');
    expect(unsaved()).toBe(true);
    edits.undo();
    expect(unsaved()).toBe(false);
    edits.redo();
    expect(unsaved()).toBe(true);
  });

  test('not after Save As, nor back there by undo, nor where the refined scene became the one before', async () => {
    document.step('Refine', { refined: refinementOf(randomScene(40, 1)) });
    expect(await actions.saveAs()).toBe(true);
    expect(unsaved()).toBe(false);
    edits.keepRefined();
    expect(unsaved()).toBe(false);
    await edits.keepOnly(half, 'Delete');
    expect(unsaved()).toBe(true);
    edits.undo();
    expect(unsaved()).toBe(false);
  });

  test('back at a save before the last one, whose file may be overwritten by now', async () => {
    document.step('Refine', { refined: refinementOf(randomScene(40, 1)) });
    await actions.saveAs();
    await edits.keepOnly(half, 'Delete');
    await actions.saveAs();
    edits.undo();
    expect(unsaved()).toBe(true);
    edits.undo();
    expect(unsaved()).toBe(false);
  });

  test('after a save that was called off, failed or could not begin', async () => {
    await edits.keepOnly(half, 'Delete');
    target = undefined;
    expect(await actions.saveAs()).toBe(false);
    target = { id: 't', name: 'out.bad' };
    expect(await actions.saveAs()).toBe(false);
    target = { id: 't', name: 'out.ply', format: 'inria-ply' };
    vi.mocked(encodeInBackground).mockRejectedValueOnce(new Error('full'));
    expect(await actions.saveAs()).toBe(false);
    document.update({
      job: { kind: 'measure', title: 'Measuring', stage: '', fraction: 0, startedMs: 0, cancel: () => undefined },
    });
    expect(await actions.saveAs()).toBe(false);
    expect(document.state.message.text).toContain('Saving the scene did not start');
    expect(unsaved()).toBe(true);
  });

  test('where it changed while an earlier state of it was written', async () => {
    document.step('Refine', { refined: refinementOf(randomScene(40, 1)) });
    vi.mocked(encodeInBackground).mockImplementationOnce(() => {
      expect(unsavedWork(document.state)).toBe('save');
      document.step('Refine', { refined: refinementOf(randomScene(40, 2)) });
      return Promise.resolve({ content: contentOfBytes(new Uint8Array(0)), splats: 0, notes: [] });
    });
    expect(await actions.saveAs()).toBe(true);
    expect(unsavedWork(document.state)).toBe('changes');
    edits.undo();
    expect(unsavedWork(document.state)).toBe('nothing');
  });
});

describe('opening another scene', () => {
  test('goes on only where every gate lets it, and reads nothing before', async () => {
    await edits.keepOnly(half, 'Delete');
    const { state } = document;
    const gate = vi.fn(() => Promise.resolve(false));
    actions.openGates.push(gate);
    await actions.open(OTHER);
    expect(gate).toHaveBeenCalledExactlyOnceWith(OTHER);
    expect(document.state).toBe(state);
    expect(parseSceneInWorker).not.toHaveBeenCalled();
    gate.mockResolvedValue(true);
    await actions.open(OTHER);
    expect(document.state.file).toBe(OTHER);
    expect(isUnsaved(document.state)).toBe(false);
  });

  test('asks nothing while a job keeps it from beginning', async () => {
    const gate = vi.fn(() => Promise.resolve(true));
    actions.openGates.push(gate);
    document.update({
      job: { kind: 'save', title: 'Saving', stage: '', fraction: 0, startedMs: 0, cancel: () => undefined },
    });
    await actions.open(OTHER);
    expect(gate).not.toHaveBeenCalled();
    expect(document.state.message.text).toContain('Opening b.ply did not start');
  });
});

test('the sample is never unsaved, until it was saved once', async () => {
  document.open(FILE, scene, true);
  document.step('Refine', { refined: refinementOf(randomScene(40, 1)) });
  expect([isUnsaved(document.state), unsavedWork(document.state)]).toEqual([false, 'nothing']);
  expect(await actions.saveAs()).toBe(true);
  await edits.keepOnly(half, 'Delete');
  expect(isUnsaved(document.state)).toBe(true);
});
