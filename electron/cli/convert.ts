import { formatBytes, formatCount } from '../../renderer/core/units.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import { encodeScene } from '../../renderer/io/write-scene.ts';
import { FilesRead } from '../files/files-read.ts';
import { formatOfOutput, parseCommandLine, required } from './arguments.ts';
import { cancellable } from './cancel.ts';
import { openScene } from './open-scene.ts';
import { terminal, terminalProgress } from './terminal.ts';

/** `convert IN OUT`: the format to write follows from OUT's name. An existing OUT is replaced, an input never. */
export async function convert(args: string[]): Promise<number> {
  const { positionals } = parseCommandLine(args, {});
  const input = required(positionals[0], 'IN');
  const output = required(positionals[1], 'OUT');
  const format = formatOfOutput(output);
  const read = new FilesRead();
  await read.addScene(input);
  await read.assertFree(output);
  return cancellable(async (signal) => {
    const { scene } = await openScene(input, signal);
    const progress = terminalProgress(output);
    const { bytes, splats, notes } = await encodeScene(scene, format, {
      signal,
      onProgress: progress.listener,
    }).finally(progress.done);
    await writeFileAtomically(output, bytes, { overwrite: true });
    terminal.result(`${output}: ${formatCount(splats)} splats, ${formatBytes(bytes.length)}`);
    for (const note of notes) terminal.note(`${output}: ${note}`);
    return 0;
  });
}
