import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SceneDocument } from '../../../../../renderer/app/document/document.ts';
import type { ProjectActions, Workplace } from '../../../../../renderer/app/document/project-actions.ts';
import { LastSession } from '../../../../../renderer/app/features/scene/last-session.ts';
import type { AppContext } from '../../../../../renderer/app/feature.ts';
import { createScene } from '../../../../../renderer/core/splat-scene.ts';

const scene = createScene(1, 0, { antialiased: false, up: 'z', format: 'test', name: 'test' });
const session = { id: 's', name: 'a.ply' };

let document: SceneDocument;
let last: LastSession;
/** What was asked to be opened, and how each reading of what was left goes on. */
let opened: object[];
let readings: (() => void)[];
let failed = false;
const restart = vi.fn();

beforeEach(() => {
  [opened, readings] = [[], []];
  restart.mockReset();
  vi.stubGlobal('window', { desktop: { dropLeftSession: () => Promise.resolve({ ok: true }), restart } });
  document = new SceneDocument();
  const actions = {
    open: async (file: object) => {
      opened.push(file);
      document.open({ id: `f${opened.length}`, name: 'a.ply', size: 1, neighbours: [] }, scene);
    },
  };
  const projects = {
    readLeftSession: () => new Promise((resolve) => readings.push(() => resolve(failed ? undefined : session))),
    snapshot: () => Promise.resolve(undefined),
  };
  const workplace = { read: () => ({}), files: () => ({}) };
  last = new LastSession(
    { document, actions, startUp: { leftSession: 'offer' }, refresh: () => undefined } as unknown as AppContext,
    projects as unknown as ProjectActions,
    workplace as unknown as Workplace,
  );
});

afterEach(() => void vi.unstubAllGlobals());

it('restores once, however often it is asked to: what was restored is not asked about', async () => {
  const both = [last.restore(), last.restore()];
  for (const go of readings) go();
  await Promise.all(both);
  await last.restore();
  expect(opened).toEqual([session]);
  expect(document.state.message.text).not.toContain('did not start');
  expect(last.disabled).toEqual(['session.restore']);
});

it('may be asked again where nothing could be read', async () => {
  const first = last.restore();
  failed = true;
  readings[0]?.();
  await first;
  expect(opened).toEqual([]);
  expect(last.disabled).toEqual([]);
  failed = false;
  const second = last.restore();
  readings[1]?.();
  await second;
  expect(opened).toEqual([session]);
});

it('restarts with what is open, and says whether that is on disk', async () => {
  await last.restart();
  expect(restart).toHaveBeenCalledWith(true);
  document.open({ id: 'b', name: 'b.ply', size: 1, neighbours: [] }, scene);
  // Nothing could be kept of it.
  await last.restart();
  expect(restart).toHaveBeenLastCalledWith(false);
});
