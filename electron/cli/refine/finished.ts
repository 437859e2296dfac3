import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { manifestOf, openFileSource } from '../../../renderer/io/node-source.ts';
import { commentsOfWholeFile } from '../../../renderer/io/whole-file.ts';
import { filesBeside } from '../../files/scene-files.ts';
import type { Region } from '../../../renderer/refine/region-choice.ts';
import type { RefineItem } from './plan.ts';
import type { RefineSettings } from './settings.ts';

/**
 * The line that every answer carries: what made it. A later run with --resume compares it with its own, so the state of
 * a run lies in its answers: nothing else has to be kept, moved with them or shared between the processes of a cluster.
 * @param fingerprint hexadecimal, of the model's files
 * @param cameras the evidence by which answers are proved: other cameras, other answers
 */
export function settingsComment(
  modelName: string,
  fingerprint: string,
  { strength, up, region = 'auto' }: Pick<RefineSettings, 'strength' | 'up'> & Partial<Pick<RefineSettings, 'region'>>,
  cameras?: readonly CameraParameters[],
): string {
  const name = modelName.replace(/[^\x20-\x7e]/g, '?');
  const explicit = [
    ...(up === undefined ? [] : [`up ${up}`]),
    ...(region === 'auto' ? [] : [`region ${regionText(region)}`]),
    ...(cameras === undefined ? [] : [`cameras ${fingerprintOf(cameras)}`]),
  ];
  const settings = [`strength ${strength}`, ...explicit, `model ${fingerprint.slice(0, 16)} ${name}`];
  return `Refined by SplatFormer Desktop, ${settings.join(', ')}`;
}

/**
 * Whether the answer of an earlier run stands: there, whole, no older than its input and made with the same settings.
 */
export async function isFinished({ input, output }: RefineItem, comment: string): Promise<boolean> {
  try {
    if ((await stat(output)).mtimeMs < (await changedMs(input))) return false;
  } catch {
    // One of them is not there.
    return false;
  }
  try {
    const file = await openFileSource(output);
    return await commentsOfWholeFile(file)
      .then((comments) => comments.includes(comment))
      .finally(() => file.close());
  } catch {
    // Cut off, damaged or something else altogether: made anew.
    return false;
  }
}

/** When a scene last changed: the newest of its files, as the folder of a SOG scene does not change with them. */
async function changedMs(input: string): Promise<number> {
  const file = await manifestOf(input);
  const times = await Promise.all([file, ...(await filesBeside(file))].map(async (path) => (await stat(path)).mtimeMs));
  return times.reduce((newest, time) => Math.max(newest, time));
}

/** 16 hexadecimal digits that tell sets of cameras apart. */
function fingerprintOf(cameras: readonly CameraParameters[]): string {
  const numbers = cameras.map(({ worldToView, fx, fy, cx, cy, width, height }) => [
    ...worldToView,
    ...[fx, fy, cx, cy, width, height],
  ]);
  return createHash('sha256').update(JSON.stringify(numbers)).digest('hex').slice(0, 16);
}

function regionText(region: Region): string {
  return typeof region === 'string' ? region : [...region.centre, region.radius].join(' ');
}
