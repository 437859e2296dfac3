import type { Bounds } from '../../renderer/core/bounds.ts';
import { boundingBox } from '../../renderer/core/bounds.ts';
import { countUndrawable } from '../../renderer/core/drawable.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { add } from '../../renderer/core/vector.ts';
import { isAssumed, resolveUp, upSourceText } from '../../renderer/core/up-axis.ts';
import { formatBytes, formatCount } from '../../renderer/core/units.ts';
import { cancellable } from './cancel.ts';
import { openScene } from './open-scene.ts';
import { parseCommandLine, required } from './arguments.ts';
import { terminal } from './terminal.ts';

/** `info FILE [--json]`: what is in a scene file. */
export async function info(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { json: { type: 'boolean' } });
  const path = required(positionals[0], 'FILE');
  return cancellable(async (signal) => tell(path, await openScene(path, signal), values.json === true));
}

function worldBounds(scene: SplatScene): Bounds | null {
  const [bounds, origin] = [boundingBox(scene), scene.meta.origin];
  if (bounds === null || origin === undefined) return bounds;
  return { min: add(bounds.min, origin), max: add(bounds.max, origin) };
}

function tell(path: string, { scene, bytes }: Awaited<ReturnType<typeof openScene>>, json: boolean): number {
  const bounds = worldBounds(scene);
  const up = resolveUp(scene);
  const facts = {
    file: path,
    format: scene.meta.format,
    bytes,
    splats: scene.count,
    shDegree: scene.shDegree,
    antialiased: scene.meta.antialiased,
    up: up.axis,
    upFrom: up.source,
    upIsAssumed: isAssumed(up),
    upIsSure: up.isSure,
    invalidSplats: countUndrawable(scene),
    bounds,
    ...(scene.extra === undefined ? {} : { furtherColumns: scene.extra.map(({ name }) => name) }),
  };
  if (json) {
    terminal.result(JSON.stringify(facts));
    return 0;
  }
  const triple = (v: readonly number[]): string => v.map((n) => n.toFixed(3)).join(' ');
  const hidden = facts.invalidSplats > 0 ? `, ${formatCount(facts.invalidSplats)} of them can't be drawn` : '';
  terminal.result(`${path}
  format       ${facts.format}, ${formatBytes(bytes)}
  splats       ${formatCount(facts.splats)}${hidden}
  harmonics    degree ${facts.shDegree}${facts.antialiased ? ', anti-aliased' : ''}
  bounds       ${bounds === null ? 'none' : `${triple(bounds.min)} to ${triple(bounds.max)}`}
  up           ${up.axis} (${upSourceText(up)})`);
  return 0;
}
