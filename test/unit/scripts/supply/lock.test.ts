import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** The script runs before there are packages, so it is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/supply/lock.mjs')).href;
const { problemsOfLock, staleExcuses } = (await import(/* @vite-ignore */ script)) as {
  problemsOfLock: (description: object, lock: object, policy: object) => string[];
  staleExcuses: (lock: object, policy: object) => string[];
};

const POLICY = {
  licenses: { shipped: ['MIT'], development: ['WTFPL'] },
  installScripts: { 'a > b': 'draws a banner' },
};
const good = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };
const lockOf = (entry: object) => ({ packages: { '': {}, 'node_modules/a/node_modules/b': { ...good, ...entry } } });

it('a lock file in order has no problems', () => {
  const description = { dependencies: { a: '1.0.0' }, devDependencies: { c: '2.0.0-beta.1' } };
  expect(problemsOfLock(description, lockOf({ hasInstallScript: true }), POLICY)).toEqual([]);
  expect(problemsOfLock({}, lockOf({ license: '(WTFPL OR MIT)' }), POLICY)).toEqual([]);
  expect(problemsOfLock({}, lockOf({ license: 'WTFPL', dev: true }), POLICY)).toEqual([]);
});

it('ranges, missing hashes, other licences and unnamed scripts are told', () => {
  expect(problemsOfLock({ dependencies: { a: '^1.0.0' } }, lockOf({}), POLICY)[0]).toContain('a ^1.0.0');
  expect(problemsOfLock({}, lockOf({ integrity: undefined }), POLICY)[0]).toContain('a > b has no SHA-512');
  expect(problemsOfLock({}, lockOf({ license: 'GPL-3.0' }), POLICY)[0]).toContain('GPL-3.0');
  expect(problemsOfLock({}, lockOf({ license: 'WTFPL' }), POLICY)[0]).toContain('WTFPL');
  expect(problemsOfLock({}, lockOf({ license: undefined }), POLICY)[0]).toContain('names no licence');
  const named = { ...POLICY, installScripts: {} };
  expect(problemsOfLock({}, lockOf({ hasInstallScript: true }), named)[0]).toContain('wants to run code');
});

it('an excuse that nobody needs is told too', () => {
  expect(staleExcuses(lockOf({}), POLICY)[0]).toContain('a > b');
  expect(staleExcuses(lockOf({ hasInstallScript: true }), POLICY)).toEqual([]);
});
