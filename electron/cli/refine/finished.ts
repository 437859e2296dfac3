import { stat } from 'node:fs/promises';
import { openFileSource } from '../../../renderer/io/node-source.ts';
import { commentsOfWholeFile } from '../../../renderer/io/whole-file.ts';
import type { RefineItem } from './plan.ts';
import type { RefineSettings } from './settings.ts';

/**
 * The line that every answer carries: what made it. A later run with --resume compares it with its own, so the state of a
 * run lies in its answers: nothing else has to be kept, moved with them or shared between the processes of a cluster.
 * @param fingerprint hexadecimal, of the model's files
 */
export function settingsComment(modelName: string, fingerprint: string, { strength, up }: Pick<RefineSettings, 'strength' | 'up'>): string {
  const name = modelName.replace(/[^\x20-\x7e]/g, '?');
  return `Refined by SplatFormer Desktop, strength ${strength},${up === undefined ? '' : ` up ${up},`} model ${fingerprint.slice(0, 16)} ${name}`;
}

/** Whether the answer of an earlier run stands: there, whole, no older than its input and made with the same settings. */
export async function isFinished({ input, output }: RefineItem, comment: string): Promise<boolean> {
  const [made, source] = await Promise.all([stat(output), stat(input)].map((info) => info.catch(() => undefined)));
  if (made === undefined || source === undefined || made.mtimeMs < source.mtimeMs) return false;
  try {
    const file = await openFileSource(output);
    return await commentsOfWholeFile(file).then((comments) => comments.includes(comment)).finally(() => file.close());
  } catch {
    // Cut off, damaged or something else altogether: made anew.
    return false;
  }
}
