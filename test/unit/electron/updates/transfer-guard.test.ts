import type { Session } from 'electron';
import { expect, it } from 'vitest';
import { TransferGuard } from '../../../../electron/updates/transfer-guard.ts';

type Callback = (answer: { cancel?: boolean }) => void;
interface Asked {
  readonly url: string;
}
interface Answered extends Asked {
  readonly statusCode: number;
  readonly responseHeaders?: Readonly<Record<string, string[]>>;
}

/** A session that asks its guard as Electron's does. */
function guarded() {
  let before: ((details: Asked, callback: Callback) => void) | undefined;
  let received: ((details: Answered, callback: Callback) => void) | undefined;
  const webRequest = {
    onBeforeRequest: (listener: typeof before) => (before = listener),
    onHeadersReceived: (listener: typeof received) => (received = listener),
  };
  const guard = new TransferGuard({ webRequest } as unknown as Session);
  const passes = (tell: (callback: Callback) => void): boolean => {
    let isCancelled: boolean | undefined;
    tell(({ cancel }) => (isCancelled = cancel));
    return isCancelled === false;
  };
  return {
    guard,
    mayAsk: (url: string) => passes((callback) => before?.({ url }, callback)),
    mayBring: (statusCode: number, responseHeaders: Readonly<Record<string, string[]>>) =>
      passes((callback) => received?.({ url: 'https://example.com/app', statusCode, responseHeaders }, callback)),
  };
}

it('lets nothing through but one file of a known size, by HTTPS', () => {
  const { guard, mayAsk, mayBring } = guarded();
  expect(mayAsk('https://example.com/app')).toBe(false);
  let answers = 0;
  guard.begin(100, () => (answers += 1));
  expect(mayAsk('https://example.com/app')).toBe(true);
  expect(mayBring(302, {})).toBe(true);
  expect(mayBring(404, {})).toBe(true);
  expect(answers).toBe(0);
  expect(mayBring(200, { 'Content-Length': ['100'] })).toBe(true);
  expect(answers).toBe(1);
  expect(guard.end()).toBeUndefined();
  expect(mayAsk('https://example.com/app')).toBe(false);
});

it.each([
  ['a redirect to http', 'http://other.com/app', undefined, 'not protected'],
  ['one with a password', 'https://a:b@example.com/app', undefined, 'not protected'],
  ['no length', undefined, {}, 'not of the size'],
  ['another length', undefined, { 'content-length': ['101'] }, 'not of the size'],
  ['a packed body', undefined, { 'content-length': ['100'], 'content-encoding': ['gzip'] }, 'not of the size'],
] as const)('stops %s and says why', (_what, url, headers, words) => {
  const { guard, mayAsk, mayBring } = guarded();
  guard.begin(100, () => undefined);
  const isThrough = url === undefined ? mayBring(200, headers as Record<string, string[]>) : mayAsk(url);
  expect(isThrough).toBe(false);
  expect(guard.end()).toContain(words);
});

it('stops a circle of redirects', () => {
  const { guard, mayAsk } = guarded();
  guard.begin(100, () => undefined);
  const answers = Array.from({ length: 10 }, () => mayAsk('https://example.com/app'));
  expect(answers.filter(Boolean).length).toBeLessThan(8);
  expect(answers.at(-1)).toBe(false);
  expect(guard.end()).toContain('on and on');
});
