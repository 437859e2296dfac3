import { expect, it } from 'vitest';
import type { RegionFacts } from '../../../../../renderer/app/features/refinement/region-words.ts';
import { wordsOn } from '../../../../../renderer/app/features/refinement/region-words.ts';
import { SplatError } from '../../../../../renderer/core/errors.ts';

const ball = { centre: [1, 2, 3], radius: 0.6123456 } as const;
const found = (isSurrounded: boolean, splats: number, withBall = true): RegionFacts => ({
  kind: 'auto',
  finding: { found: { ball: withBall ? ball : null, isSurrounded, splats, drawn: 1000 } },
});

it.each<[RegionFacts, RegExp]>([
  [found(true, 400), /^The subject is refined: 400 of 1,234 splats, within 0\.612 of its middle\./],
  [found(false, 1000, false), /^One object: all of it is refined\.$/],
  [found(false, 997), /but for 3 strays far away/],
  [found(false, 999), /but for 1 stray far away/],
  [{ kind: 'auto', finding: { fraction: undefined } }, /^Looking for what the capture is about…$/],
  [{ kind: 'auto', finding: { fraction: 0.426 } }, /about… 43 %$/],
  [{ kind: 'auto', finding: { problem: new SplatError('out-of-memory', 'No memory.', 'Close some.') } }, /^No memory/],
  [{ kind: 'all' }, /^All splats/],
  [{ kind: 'own', ball, inside: 12 }, /^12 of 1,234 splats are inside; the others stay as they are\.$/],
  [{ kind: 'own', ball, inside: 0 }, /^No splats are inside/],
])('says of %j what is refined', (facts, words) => {
  expect(wordsOn(facts, 1234)).toMatch(words);
});
