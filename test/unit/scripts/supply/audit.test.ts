import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** The script runs before there are packages, so it is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/supply/audit.mjs')).href;
const { problemsOfAudit } = (await import(/* @vite-ignore */ script)) as {
  problemsOfAudit: (text: string, policy: object) => string[] | undefined;
};

const report = JSON.stringify({
  vulnerabilities: {
    a: { via: [{ name: 'a', title: 'Reads too far', url: 'https://github.com/advisories/GHSA-1' }] },
    b: { via: ['a'] },
  },
});

it('a known fault is told once, unless it is excused', () => {
  expect(problemsOfAudit(report, { advisories: {} })).toEqual(['a: Reads too far (GHSA-1)']);
  expect(problemsOfAudit(report, { advisories: { 'GHSA-1': 'a is a tool that reads our own files alone' } })).toEqual(
    [],
  );
  expect(problemsOfAudit(JSON.stringify({ vulnerabilities: {} }), { advisories: {} })).toEqual([]);
});

it('a registry that does not answer is no fault of the packages', () => {
  expect(problemsOfAudit('', { advisories: {} })).toBeUndefined();
  expect(problemsOfAudit('{"statusCode":405,"error":{}}', { advisories: {} })).toBeUndefined();
});
