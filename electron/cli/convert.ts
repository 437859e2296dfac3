import { mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { resolveUp, upSourceText, withUp } from '../../renderer/core/up-axis.ts';
import { formatBytes, formatCount } from '../../renderer/core/units.ts';
import { sceneStem } from '../../renderer/core/writable-formats.ts';
import { placeOfScene, writeSceneAtomically } from '../../renderer/io/node-write-scene.ts';
import { bytesOf, encodeScene } from '../../renderer/io/write-scene.ts';
import { FilesRead } from '../files/files-read.ts';
import { formatOfOutput, parseCommandLine, parseUp, required } from './arguments.ts';
import { cancellable } from './cancel.ts';
import { openScene } from './open-scene.ts';
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
    const { scene } = await openScene(input, signal);
    const up = resolveUp(scene, { chosen });
    const progress = terminalProgress(output);
    const encoded = await encodeScene(withUp(scene, up), format, {
      signal,
      stem: sceneStem(basename(placeOfScene(output))),
      onProgress: progress.listener,
    }).finally(progress.done);
    const { splats, notes } = encoded;
    await mkdir(dirname(placeOfScene(output)), { recursive: true });
    await writeSceneAtomically(output, encoded, { overwrite: true });
    terminal.result(`${output}: ${formatCount(splats)} splats, ${formatBytes(bytesOf(encoded))}`);
    terminal.note(`up: ${up.axis} (${upSourceText(up)})`);
    for (const note of notes) terminal.note(`${output}: ${note}`);
    return 0;
  });
}
