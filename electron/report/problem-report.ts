import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { zipSync } from 'fflate';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';

export interface ProblemReportParts {
  /** What the machine and the app are, in lines. */
  readonly diagnostics: string;
  /** Log files and crash reports; what is not there is left out. */
  readonly files: readonly string[];
}

const README = `What Help > Report a Problem packed. Nothing was sent: look at it, and send it where you want to.

diagnostics.txt       versions, system, graphics
splatformer.log(.old) what the app did; your own folder is written as ~, scenes by their names
*.dmp                 state of a process when it crashed: pieces of its memory, in which parts of an open scene and
                      the names of your files can be. Remove them where others are not to see that.
`;

/** Bytes of the zip that a person may look at and send. */
export async function packProblemReport({ diagnostics, files }: ProblemReportParts): Promise<Uint8Array> {
  const entries: Record<string, Uint8Array> = {
    'README.txt': Buffer.from(README),
    'diagnostics.txt': Buffer.from(diagnostics),
  };
  for (const path of files) {
    const bytes = await readFile(path).catch(() => undefined);
    if (bytes !== undefined) entries[basename(path)] = bytes;
  }
  return zipSync(entries);
}

/** Packs and writes the report. @throws SplatError `io` */
export async function writeProblemReport(path: string, parts: ProblemReportParts): Promise<void> {
  await writeFileAtomically(path, await packProblemReport(parts), { overwrite: true });
}
