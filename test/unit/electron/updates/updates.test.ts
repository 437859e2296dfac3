import { describe, expect, it } from 'vitest';
import { SplatError, cancelled } from '../../../../renderer/core/errors.ts';
import type { UpdateStep } from '../../../../renderer/bridge/updates.ts';
import { Updates } from '../../../../electron/updates/updates.ts';
import type { UpdateTool } from '../../../../electron/updates/updates.ts';

const OFFER = { version: '1.1.0', bytes: 100, released: '2026-11-30T12:00:00.000Z' };

/** Updates of a build, with what was asked of it and what the page was told. */
function make(tool: Partial<UpdateTool>, { atStart, impossible }: { atStart?: boolean; impossible?: string } = {}) {
  const steps: UpdateStep['kind'][] = [];
  const logged: string[] = [];
  const state = { atStart, opened: 0 };
  const used: UpdateTool = {
    check: () => Promise.resolve(OFFER),
    download: () => Promise.resolve(),
    installsAtQuit: false,
    ...tool,
  };
  const updates = new Updates({
    version: '1.0.0',
    host: 'example.com',
    impossible,
    open: () => {
      state.opened += 1;
      return used;
    },
    atStart: () => state.atStart,
    rememberAtStart: (isWanted) => (state.atStart = isWanted),
    changed: ({ step }) => steps.push(step.kind),
    log: (_level, text) => logged.push(text),
  });
  return { updates, steps, logged, state, used };
}

describe('looking for a new version', () => {
  it('happens by a click alone, until a person wants it at every start', async () => {
    for (const atStart of [undefined, false] as const) {
      const { updates, state } = make({}, atStart === undefined ? {} : { atStart });
      await updates.started();
      expect(state.opened).toBe(0);
      expect(updates.view).toMatchObject({ step: { kind: 'idle' }, atStart });
    }
    const wanted = make({}, { atStart: true });
    await wanted.updates.started();
    expect(wanted.updates.view.step).toEqual({ kind: 'offered', ...OFFER });
  });

  it('is remembered as it was answered', () => {
    const { updates, state } = make({});
    updates.lookAtStart(true);
    expect([state.atStart, updates.view.atStart]).toEqual([true, true]);
  });

  it('says what is wrong where a person asked, and tells only the log at a start', async () => {
    const check = () => Promise.reject(new SplatError('network', 'No answer.', 'Try again.'));
    const asked = make({ check });
    await asked.updates.check();
    expect(asked.updates.view.step).toEqual({ kind: 'failed', sentence: 'No answer. Try again.' });
    const started = make({ check }, { atStart: true });
    await started.updates.started();
    expect(started.updates.view.step).toEqual({ kind: 'idle' });
    expect(started.logged).toEqual(['No answer. Try again.']);
  });

  it('finds nothing, and looks again', async () => {
    let answers = 0;
    const { updates } = make({ check: () => Promise.resolve((answers += 1) === 1 ? undefined : OFFER) });
    await updates.check();
    expect(updates.view.step.kind).toBe('newest');
    await updates.check();
    expect(updates.view.step.kind).toBe('offered');
  });

  it('is never done by a build without a feed', async () => {
    const { updates, state } = make({}, { impossible: 'No feed.', atStart: true });
    await updates.started();
    await updates.check();
    await updates.download();
    expect(state.opened).toBe(0);
    expect(updates.view.step).toEqual({ kind: 'impossible', sentence: 'No feed.' });
  });
});

describe('fetching it', () => {
  it('is a step of its own, and installed at quitting unless a person says otherwise', async () => {
    const { updates, steps, used } = make({});
    await updates.download();
    expect(updates.view.step.kind).toBe('idle');
    await updates.check();
    await updates.download();
    expect(steps).toEqual(['checking', 'offered', 'downloading', 'ready']);
    expect([updates.isToInstall, used.installsAtQuit]).toEqual([true, true]);
    updates.installAtQuit(false);
    expect([updates.isToInstall, used.installsAtQuit]).toEqual([false, false]);
    // What is here is not looked for again.
    await updates.check();
    expect(updates.view.step.kind).toBe('ready');
  });

  it('ends by Cancel, and can begin again', async () => {
    const { updates } = make({
      download: (_offer, { signal }) =>
        new Promise((_done, fail) => signal.addEventListener('abort', () => fail(cancelled('It')))),
    });
    await updates.check();
    const ended = updates.download();
    expect(updates.view.step.kind).toBe('downloading');
    updates.cancel();
    await ended;
    expect(updates.view.step).toEqual({ kind: 'offered', ...OFFER });
    expect(updates.isToInstall).toBe(false);
  });

  it('installs nothing that failed', async () => {
    const download = () => Promise.reject(new SplatError('invalid-file', 'Not the signed file.'));
    const { updates, used } = make({ download });
    await updates.check();
    await updates.download();
    expect(updates.view.step).toEqual({ kind: 'failed', sentence: 'Not the signed file.' });
    expect([updates.isToInstall, used.installsAtQuit]).toEqual([false, false]);
  });
});
