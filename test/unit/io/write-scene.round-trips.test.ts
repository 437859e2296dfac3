import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { opacityOfLogit } from '../../../renderer/core/drawable.ts';
import type { SplatScene } from '../../../renderer/core/splat-scene.ts';
import type { WritableFormatId } from '../../../renderer/core/writable-formats.ts';
import { WRITABLE_FORMATS } from '../../../renderer/core/writable-formats.ts';
import type { SceneSource } from '../../../renderer/io/read-scene.ts';
import { readScene, sourceFromBytes } from '../../../renderer/io/read-scene.ts';
import { standUp } from '../../../renderer/io/stand-up.ts';
import { encodeWhole, encodedSource } from '../../encoded-bytes.ts';
import { rowsByOpacity, tagged } from './fixtures.ts';

const README = new URL('../../../renderer/io/README.md', import.meta.url);
const HEAD = ['format', 'places', 'sizes', 'turns', 'opacities', 'colours', 'harmonics'];
const KEPT = ['up', 'origin', 'columns', 'anti-aliased'];
/** A figure that is said is this many times what is measured at the most. */
const LARGEST_SLACK = 4;
/** What 32-bit arithmetic leaves of a number that is kept. */
const EXACT = 1e-5;

const COUNT = 120;
const precise: SplatScene = { ...tagged(COUNT, 3), meta: { ...tagged(1, 0).meta, up: 'z' } };
/** What only few formats keep, in a scene of a few splats. */
const special: SplatScene = {
  ...tagged(12, 0),
  meta: { ...precise.meta, antialiased: true, origin: [500_000.25, 4_600_000.5, 100] },
  extra: [{ name: 'label', type: 'ushort', values: Uint16Array.from({ length: 12 }, (_, i) => i) }],
};

async function roundTrip(scene: SplatScene, format: WritableFormatId): Promise<SplatScene> {
  const encoded = await encodeWhole(scene, format, { stem: 'a' });
  return readScene(format === 'html' ? sceneInPage(encoded.bytes) : await encodedSource(encoded));
}

/** The SOG in a web page. */
function sceneInPage(page: Uint8Array): SceneSource {
  const data = /"contentUrl":"data:application\/octet-stream;base64,([^"]+)"/.exec(new TextDecoder().decode(page))?.[1];
  return sourceFromBytes('a.sog', new Uint8Array(Buffer.from(data ?? '', 'base64')));
}

type Of = (scene: SplatScene, row: number) => ArrayLike<number>;
const rowOf =
  (name: 'positions' | 'logScales' | 'shDc' | 'shRest' | 'quats'): Of =>
  (scene, row) => {
    const width = scene[name].length / scene.count;
    return scene[name].subarray(width * row, width * (row + 1));
  };

/** Largest difference between the numbers of matching splats. */
function worst(a: SplatScene, b: SplatScene, of: Of): number {
  const [ours, theirs] = [rowsByOpacity(a), rowsByOpacity(b)];
  return ours.reduce((most, row, i) => {
    const [p, q] = [of(a, row), of(b, theirs[i])];
    return Array.from(p).reduce((more, value, k) => Math.max(more, Math.abs(value - q[k])), most);
  }, 0);
}

/** Largest angle in degrees between the turns of matching splats. */
function worstTurn(a: SplatScene, b: SplatScene): number {
  const theirs = rowsByOpacity(b);
  return rowsByOpacity(a).reduce((most, row, i) => {
    const [p, q] = [rowOf('quats')(a, row), rowOf('quats')(b, theirs[i])].map((quat) => {
      const length = Math.hypot(...Array.from(quat));
      return Array.from(quat, (value) => value / length);
    });
    const apart = (sign: number): number => Math.hypot(...p.map((value, k) => value - sign * q[k]));
    return Math.max(most, (4 * Math.asin(Math.min(apart(1), apart(-1)) / 2) * 180) / Math.PI);
  }, 0);
}

/** What comes back, in the words of the table; numbers as they are measured. */
async function measured(format: WritableFormatId): Promise<readonly (number | string)[]> {
  const [back, backSpecial] = [await roundTrip(precise, format), await roundTrip(special, format)];
  const wanted = await inFrameOf(precise, back);
  const isNamed = back.meta.upIsGuessed !== true;
  return [
    worst(wanted, back, rowOf('positions')),
    worst(wanted, back, rowOf('logScales')),
    worstTurn(wanted, back),
    worst(wanted, back, (scene, row) => [opacityOfLogit(scene.logitOpacities[row])]),
    worst(wanted, back, rowOf('shDc')),
    back.shDegree === 0 ? 'lost' : worst(wanted, back, rowOf('shRest')),
    back.meta.up === 'z' ? (isNamed ? 'kept' : 'lost') : `turned to ${back.meta.up}${isNamed ? '' : ', a guess'}`,
    await originKept(backSpecial),
    backSpecial.extra === undefined ? 'lost' : 'kept',
    backSpecial.meta.antialiased ? 'kept' : 'lost',
  ];
}

async function inFrameOf(scene: SplatScene, { meta: { up } }: SplatScene): Promise<SplatScene> {
  return up === 'y' || up === '-y' ? standUp(scene, up) : scene;
}

/** Whether places are where they were in the world, far from zero. */
async function originKept(back: SplatScene): Promise<string> {
  const inWorld: Of = ({ positions, meta: { origin = [0, 0, 0] } }, row) =>
    [0, 1, 2].map((k) => positions[3 * row + k] + origin[k]);
  const wanted = await inFrameOf(special, back);
  return worst(wanted, back, inWorld) < 0.1 ? 'kept' : 'lost';
}

/** The rows of the table, by format. */
function told(): ReadonlyMap<string, readonly string[]> {
  const lines = readFileSync(README, 'utf8').split('\n');
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const first = lines.findIndex((line) => cells(line).join() === [...HEAD, ...KEPT].join());
  const end = lines.findIndex((line, i) => i > first && !line.startsWith('|'));
  return new Map(lines.slice(first + 2, end).map((line) => [cells(line)[0], cells(line).slice(1)]));
}

const table = told();

it('the table of what is kept has a row for each format that is written', () => {
  expect([...table.keys()]).toEqual(WRITABLE_FORMATS);
});

it.each(WRITABLE_FORMATS)('%s keeps what the table says', { timeout: 180_000 }, async (format) => {
  const row = table.get(format) ?? [];
  (await measured(format)).forEach((value, i) => {
    const what = `${[...HEAD.slice(1), ...KEPT][i]}: measured ${value}, the table says ${row[i]}`;
    if (typeof value === 'string') expect(row[i], what).toBe(value);
    else if (value < EXACT) expect(row[i], what).toBe('exact');
    else {
      expect(value, what).toBeLessThanOrEqual(Number(row[i]));
      expect(Number(row[i]) / value, what).toBeLessThan(LARGEST_SLACK);
    }
  });
});
