import { formatCount, splats } from '../../../core/units.ts';
import type { Ball } from '../../../core/subject.ts';
import { shortNumber } from '../../ui/controls.ts';
import type { Finding } from './found-regions.ts';

/** What the section shows of the region. */
export type RegionFacts =
  | { readonly kind: 'auto'; readonly finding: Finding }
  | { readonly kind: 'all' }
  | { readonly kind: 'own'; readonly ball: Ball; readonly inside: number };

/** What of the scene is refined, in words. */
export function wordsOn(facts: RegionFacts, totalSplats: number): string {
  if (facts.kind === 'all') return 'All splats are refined, with all that stands around and strays far away.';
  if (facts.kind === 'own') {
    if (facts.inside === 0) return 'No splats are inside. Move the sphere over what is to be refined.';
    return `${formatCount(facts.inside)} of ${splats(totalSplats)} are inside; the others stay as they are.`;
  }
  const { finding } = facts;
  if ('problem' in finding) return finding.problem.sentence;
  if (!('found' in finding))
    return finding.fraction === undefined
      ? 'Looking for what the capture is about…'
      : `Looking for what the capture is about… ${Math.round(100 * finding.fraction)} %`;
  const { ball, isSurrounded, splats: chosen, drawn } = finding.found;
  if (isSurrounded && ball !== null)
    return (
      `The subject is refined: ${formatCount(chosen)} of ${splats(totalSplats)}, ` +
      `within ${shortNumber(Number(ball.radius.toPrecision(3)))} of its middle. What stands around it stays as it is.`
    );
  if (chosen === drawn) return 'One object: all of it is refined.';
  return `One object: all of it is refined but for ${splats(drawn - chosen, 'stray')} far away.`;
}
