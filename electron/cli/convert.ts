import { basename, dirname } from 'node:path';
import type { UpAxis } from '../../renderer/core/up-axes.ts';
import type { ResolvedUp } from '../../renderer/core/up-axis.ts';
import { resolveUp, upSourceText, withUp } from '../../renderer/core/up-axis.ts';
import { formatBytes, formatCount } from '../../renderer/core/units.ts';
import { sceneStem } from '../../renderer/core/writable-formats.ts';
import { makeFolder } from '../../renderer/io/node-write.ts';
import { placeOfScene, writeSceneAtomically } from '../../renderer/io/node-write-scene.ts';
import { rangesWithUp } from '../../renderer/io/scene-ranges.ts';
import { surveyScene } from '../../renderer/io/survey-scene.ts';
import { encodeInriaPly } from '../../renderer/io/write-inria-ply.ts';
import type { EncodedScene, WritableFormatId } from '../../renderer/io/write-scene.ts';
import { bytesOf, unheldNotes, encodeScene } from '../../renderer/io/write-scene.ts';
import { FilesRead } from '../files/files-read.ts';
import { formatOfOutput, parseCommandLine, parseUp, required } from './arguments.ts';
import { cancellable } from './cancel.ts';
import { openScene, withRanges } from './open-scene.ts';
import { terminal, terminalProgress } from './terminal.ts';

/** `convert IN OUT [--up=AXIS]`: OUT's name says the format. An existing OUT is replaced, an input never. */
export async function convert(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { up: { type: 'string' } });
  const input = required(positionals[0], 'IN');
  const output = required(positionals[1], 'OUT');
  const format = formatOfOutput(output);
  const read = new FilesRead();
  await read.addScene(input);
  await read.assertFree(output);
  const chosen = values.up === undefined ? undefined : parseUp(values.up);
  return cancellable(async (signal) => {
    const convertTo = format === 'inria-ply' ? convertByRanges : convertWhole(format);
    await convertTo(input, output, { signal, chosen });
    return 0;
  });
}

interface Conversion {
  readonly signal: AbortSignal;
  readonly chosen: UpAxis | undefined;
}

/** To plain PLY: what can be read in ranges is never in memory as a whole. */
async function convertByRanges(input: string, output: string, { signal, chosen }: Conversion): Promise<void> {
  await withRanges(input, signal, async (ranges, _bytes, options) => {
    const { sample } = await surveyScene(ranges, options);
    const up = resolveUp(sample, { chosen });
    const content = await encodeInriaPly(rangesWithUp(ranges, up), options);
    await save(output, { content, splats: ranges.count, notes: unheldNotes(ranges) }, up);
  });
}

/** To what is packed as a whole. */
function convertWhole(format: WritableFormatId) {
  return async (input: string, output: string, { signal, chosen }: Conversion): Promise<void> => {
    const scene = await openScene(input, signal);
    const up = resolveUp(scene, { chosen });
    const progress = terminalProgress(output);
    const stem = sceneStem(basename(placeOfScene(output)));
    const options = { signal, stem, onProgress: progress.listener };
    await save(output, await encodeScene(withUp(scene, up), format, options).finally(progress.done), up);
  };
}

async function save(output: string, encoded: EncodedScene, up: ResolvedUp): Promise<void> {
  await makeFolder(dirname(placeOfScene(output)));
  await writeSceneAtomically(output, encoded, { overwrite: true });
  const splats = `${formatCount(encoded.splats)} splat${encoded.splats === 1 ? '' : 's'}`;
  terminal.result(`${output}: ${splats}, ${formatBytes(bytesOf(encoded))}`);
  terminal.note(`up: ${up.axis} (${upSourceText(up)})`);
  for (const note of encoded.notes) terminal.note(`${output}: ${note}`);
}
