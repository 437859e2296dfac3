import { beforeEach, expect, it, vi } from 'vitest';
import { SceneDocument } from '../../../../renderer/app/document/document.ts';
import { DocumentView } from '../../../../renderer/app/view/document-view.ts';
import type { Viewport } from '../../../../renderer/app/view/viewport.ts';
import { randomScene } from '../../io/fixtures.ts';

const FILE = { id: 'x', name: 'a.ply', size: 1, neighbours: [] };
const OTHER = { ...FILE, name: 'b.ply' };
const scene = randomScene(40, 1);
const preview = randomScene(10, 1);
const whole = randomScene(60, 1);
const job = { kind: 'open', title: 'Opening b.ply', stage: '', fraction: 0, startedMs: 0, cancel: vi.fn() } as const;

const goBack = vi.fn();
const view = { pose: 'of a.ply', remember: () => goBack, setBounds: vi.fn(), setUp: vi.fn() };
const lookAtScene = vi.fn(() => void (view.pose = 'of b.ply'));
let document: SceneDocument;
let documentView: DocumentView;

beforeEach(() => {
  vi.clearAllMocks();
  view.pose = 'of a.ply';
  document = new SceneDocument();
  document.open(FILE, scene);
  documentView = new DocumentView(document, { lookAtScene, view } as unknown as Viewport);
});

const beginPreview = (): void => {
  document.update({ job });
  document.update({ job: { ...job, preview } });
  document.update({ job: { ...job, preview, fraction: 0.5 } });
};

it('looks at a scene that was opened, and keeps the view over edits', () => {
  document.open(OTHER, whole);
  expect(lookAtScene).toHaveBeenCalledExactlyOnceWith(whole, whole.meta.up);
  document.step('Delete', { original: scene });
  expect(lookAtScene).toHaveBeenCalledOnce();
  expect(view.setBounds).toHaveBeenCalledOnce();
});

it('looks at a preview as its scene will be, and the scene keeps the view', () => {
  beginPreview();
  expect(lookAtScene).toHaveBeenCalledExactlyOnceWith(preview, preview.meta.up);
  document.open(OTHER, whole);
  expect(document.state.job).toBeUndefined();
  expect(lookAtScene).toHaveBeenCalledOnce();
  expect(goBack).not.toHaveBeenCalled();
  expect(documentView.pose).toBe('of b.ply');
});

it('looks at the scene anew where another axis is up in it than in its preview', () => {
  beginPreview();
  const turned = { ...whole, meta: { ...whole.meta, up: '-x' as const, upIsGuessed: false } };
  document.open(OTHER, turned);
  expect(lookAtScene).toHaveBeenLastCalledWith(turned, '-x');
});

it('goes back where nothing comes of a preview, and tells of the document alone meanwhile', () => {
  beginPreview();
  expect(documentView.pose).toBe('of a.ply');
  document.update({ job: undefined });
  expect(goBack).toHaveBeenCalledOnce();
  expect(lookAtScene).toHaveBeenCalledOnce();
});
