import type { Bounds } from '../../renderer/core/bounds.ts';
import { add } from '../../renderer/core/vector.ts';
import { isAssumed, resolveUp, upSourceText } from '../../renderer/core/up-axis.ts';
import { formatBytes, formatCount } from '../../renderer/core/units.ts';
import type { SceneRanges } from '../../renderer/io/scene-ranges.ts';
import type { SceneSurvey } from '../../renderer/io/survey-scene.ts';
import { surveyScene } from '../../renderer/io/survey-scene.ts';
import { cancellable } from './cancel.ts';
import { withRanges } from './open-scene.ts';
import { parseCommandLine, required } from './arguments.ts';
import { terminal } from './terminal.ts';

/** `info FILE [--json]`: what is in a scene file. */
export async function info(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } });
  const path = required(positionals[0], 'FILE');
  const isJson = values.json === true;
  return cancellable((signal) =>
    withRanges(path, signal, async (scene, bytes, options) => {
      const survey = await surveyScene(scene, options);
      tell(factsOf(path, bytes, scene, survey), isJson);
      return 0;
    }),
  );
}

function worldBounds({ bounds, sample }: SceneSurvey): Bounds | null {
  const { origin } = sample.meta;
  if (bounds === null || origin === undefined) return bounds;
  return { min: add(bounds.min, origin), max: add(bounds.max, origin) };
}

function factsOf(file: string, bytes: number, { count, shDegree, meta }: SceneRanges, survey: SceneSurvey) {
  const up = resolveUp(survey.sample);
  return {
    file,
    format: meta.format,
    bytes,
    splats: count,
    shDegree,
    ...(meta.degreeInFile === undefined ? {} : { degreeInFile: meta.degreeInFile }),
    antialiased: meta.antialiased,
    up: up.axis,
    upFrom: up.source,
    upIsAssumed: isAssumed(up),
    upIsSure: up.isSure,
    invalidSplats: survey.undrawable,
    bounds: worldBounds(survey),
    ...(survey.columns.length === 0 ? {} : { furtherColumns: survey.columns }),
  };
}

function tell(facts: ReturnType<typeof factsOf>, isJson: boolean): void {
  if (isJson) {
    terminal.result(JSON.stringify(facts));
    return;
  }
  const { bounds } = facts;
  const triple = (v: readonly number[]): string => v.map(coordinate(bounds)).join(' ');
  const beyond = facts.degreeInFile === undefined ? '' : ` of the file's ${facts.degreeInFile}`;
  const hidden = facts.invalidSplats > 0 ? `, ${formatCount(facts.invalidSplats)} of them can't be drawn` : '';
  terminal.result(`${facts.file}
  format       ${facts.format}, ${formatBytes(facts.bytes)}
  splats       ${formatCount(facts.splats)}${hidden}
  harmonics    degree ${facts.shDegree}${beyond}${facts.antialiased ? ', anti-aliased' : ''}
  bounds       ${bounds === null ? 'none' : `${triple(bounds.min)} to ${triple(bounds.max)}`}
  up           ${facts.up} (${upSourceText({ source: facts.upFrom, isSure: facts.upIsSure })})`);
}

/** Writes coordinates to a thousandth of the scene's size or finer, never coarser than to a thousandth of a unit. */
function coordinate(bounds: Bounds | null): (value: number) => string {
  const extent = bounds === null ? 0 : Math.max(...bounds.max.map((max, k) => max - bounds.min[k]));
  const digits = extent > 0 ? Math.min(12, Math.max(3, 3 - Math.floor(Math.log10(extent)))) : 3;
  return (value) => (Math.abs(value) >= 1e15 ? value.toPrecision(4) : value.toFixed(digits));
}
