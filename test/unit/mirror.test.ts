import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** Tests of the repository rather than of one source. */
const ABOUT_THE_WHOLE = ['checkout', 'docs', 'fuzz', 'import-direction', 'line-length', 'mirror'];

/** `test/unit/io/read-scene.fuzz.test.ts` is a test of `renderer/io/read-scene.ts`, its topic fuzz. */
function sourceOf(test: string): string | undefined {
  const path = test.replace(/(\.[\w-]+)?\.test\.ts$/, '');
  const places = [`renderer/${path}.ts`, `${path}.ts`, `${path}.mjs`];
  return places.find((place) => existsSync(join(ROOT, place)));
}

it('each unit test bears the name of its source and lies where the source does', () => {
  const tests = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.test.ts'));
  const wrong = tests.filter(
    (name) => !ABOUT_THE_WHOLE.includes(name.replace('.test.ts', '')) && sourceOf(name) === undefined,
  );
  expect(wrong).toEqual([]);
  expect(tests.length).toBeGreaterThan(100);
});
