import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { InferenceSession } from '../../../renderer/refine/backend.ts';
import { IdleSession } from '../../../renderer/refine/idle-session.ts';

const idleMs = 1000;

/** Sessions that tell what was done with them; a run takes a minute. */
class Sessions {
  readonly told: string[] = [];
  failing = false;

  readonly create = async (): Promise<InferenceSession> => {
    if (this.failing) throw new Error('no memory');
    this.told.push('made');
    return {
      run: async () => {
        await new Promise((done) => setTimeout(done, 60 * idleMs));
        this.told.push('ran');
        return {};
      },
      release: async () => void this.told.push('released'),
    };
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps a session while it runs and for a while after, then gives it back once', async () => {
  const sessions = new Sessions();
  const session = await IdleSession.open(sessions.create, idleMs);
  const both = [session.run({}), session.run({})];
  await vi.advanceTimersByTimeAsync(60 * idleMs);
  await Promise.all(both);
  await vi.advanceTimersByTimeAsync(idleMs - 1);
  expect(sessions.told).toEqual(['made', 'ran', 'ran']);
  await vi.advanceTimersByTimeAsync(10 * idleMs);
  expect(sessions.told).toEqual(['made', 'ran', 'ran', 'released']);
});

it('makes another session when it runs again, and gives that back too', async () => {
  const sessions = new Sessions();
  const session = await IdleSession.open(sessions.create, idleMs);
  await vi.advanceTimersByTimeAsync(idleMs);
  const again = session.run({});
  await vi.advanceTimersByTimeAsync(61 * idleMs);
  await again;
  expect(sessions.told).toEqual(['made', 'released', 'made', 'ran', 'released']);
});

it('is released at once where that is asked for, and not again', async () => {
  const sessions = new Sessions();
  const session = await IdleSession.open(sessions.create, idleMs);
  await session.release();
  await vi.advanceTimersByTimeAsync(10 * idleMs);
  expect(sessions.told).toEqual(['made', 'released']);
});

it('tells that no session can be made, and makes one when it is asked again', async () => {
  const sessions = new Sessions();
  const session = await IdleSession.open(sessions.create, idleMs);
  await vi.advanceTimersByTimeAsync(idleMs);
  sessions.failing = true;
  await expect(session.run({})).rejects.toThrow('no memory');
  sessions.failing = false;
  const again = session.run({});
  await vi.advanceTimersByTimeAsync(60 * idleMs);
  await expect(again).resolves.toEqual({});
});

it('tells at once that the first session can not be made', async () => {
  const sessions = new Sessions();
  sessions.failing = true;
  await expect(IdleSession.open(sessions.create, idleMs)).rejects.toThrow('no memory');
});
