import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SessionStore } from '../../../../electron/files/session-store.ts';

const free = vi.hoisted(() => ({ bytes: 2 ** 40 }));
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<object>()),
  statfs: () => Promise.resolve({ bavail: free.bytes, bsize: 1 }),
}));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-session-'));
  free.bytes = 2 ** 40;
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a run keeps that then ends without a word. */
async function crashWith(text: string, ...parts: string[]): Promise<void> {
  const store = new SessionStore(folder);
  await store.leave(true);
  for (const part of parts) writeFileSync(await store.partPath(part, 1), part);
  await store.keep(text, new Set(parts));
}

it('keeps the parts that the description names, and no others', async () => {
  const store = new SessionStore(folder);
  for (const part of ['a', 'b']) writeFileSync(await store.partPath(part, 1), part);
  await store.keep('1', new Set(['a', 'b']));
  writeFileSync(await store.partPath('c', 1), 'c');
  await store.keep('2', new Set(['a', 'c']));
  expect(readdirSync(join(folder, 'session')).sort()).toEqual(['a.bin', 'c.bin', 'project.json']);
});

it('leaves nothing where the app ended as it should, also when a late word comes', async () => {
  const store = new SessionStore(folder);
  await store.keep('1', new Set());
  await store.drop();
  await store.keep('2', new Set());
  expect(await new SessionStore(folder).leave(true)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

it('gives the session back that ended without a word', async () => {
  await crashWith('1', 'a');
  const store = new SessionStore(folder);
  expect(await store.leave(true)).toBe('restore');
  const left = await store.readLeft();
  expect(left?.description).toBe('1');
  expect(left?.parts.map(({ id, size }) => [id, size])).toEqual([['a', 1]]);
  await store.dropLeft();
  expect(await store.readLeft()).toBeUndefined();
});

it('offers what a person did not ask for, and keeps it until it is wanted or replaced', async () => {
  await crashWith('1');
  for (let start = 0; start < 3; start++) {
    const store = new SessionStore(folder);
    expect(await store.leave(false)).toBe('offer');
    await store.keep('another', new Set());
    await store.drop();
  }
  expect((await new SessionStore(folder).readLeft())?.description).toBe('1');
});

it('tries to restore once; what ends the app then is only offered, until the app has lived on', async () => {
  await crashWith('1');
  const store = new SessionStore(folder);
  await store.leave(true);
  await store.readLeft();
  const next = new SessionStore(folder);
  expect(await next.leave(true)).toBe('offer');
  // It came back by hand, and then the app died of something else.
  await next.readLeft();
  await next.keep('2', new Set());
  await next.dropLeft();
  expect(await new SessionStore(folder).leave(true)).toBe('offer');
  next.holds();
  expect(await new SessionStore(folder).leave(true)).toBe('restore');
});

it('restores after a restart that was asked for, whatever the start is asked for, until it is read', async () => {
  await crashWith('1');
  const store = new SessionStore(folder);
  await store.leave(true);
  await store.readLeft();
  await store.keep('2', new Set());
  await store.want();
  // A start in another graphics mode may come between.
  expect(await new SessionStore(folder).leave(false)).toBe('restore');
  const next = new SessionStore(folder);
  expect(await next.leave(false)).toBe('restore');
  expect((await next.readLeft())?.description).toBe('2');
  expect(await new SessionStore(folder).leave(true)).toBe('offer');
});

it('wants nothing where a person discarded what was open', async () => {
  const store = new SessionStore(folder);
  await store.keep('1', new Set());
  await store.drop();
  await store.want();
  expect(readdirSync(folder)).toEqual([]);
});

it('takes a session without a description for none', async () => {
  mkdirSync(join(folder, 'session'));
  writeFileSync(join(folder, 'session', 'a.bin'), 'a');
  expect(await new SessionStore(folder).leave(true)).toBeUndefined();
  expect(existsSync(join(folder, 'session'))).toBe(false);
});

it('leaves room on the disk', async () => {
  free.bytes = 2 ** 30 + 10;
  const store = new SessionStore(folder);
  await expect(store.partPath('a', 10)).resolves.toContain('a.bin');
  await expect(store.partPath('a', 11)).rejects.toThrow(/is not kept for after a crash: the disk has 1/);
});
