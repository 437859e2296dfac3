import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import { formatCount } from '../../renderer/core/units.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { readWholeFile } from '../../renderer/io/node-source.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import { FilesRead } from '../files/files-read.ts';
import { parseCommandLine } from './arguments.ts';
import { mergeReports, parseReport } from './refine/merge-reports.ts';
import type { MergedReport, RunReport } from './refine/merge-reports.ts';
import { terminal } from './terminal.ts';

/** `report IN... [--out FILE] [--json]`: what the shards of a run say together. */
export async function report(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, { out: { type: 'string' }, json: { type: 'boolean' } });
  if (positionals.length === 0)
    throw new SplatError(
      'usage',
      'Reports are missing.',
      'Name the files that refine --report wrote, or their folder.',
    );
  const paths = (await Promise.all(positionals.map(reportsIn))).flat();
  if (values.out !== undefined) {
    const inputs = new FilesRead();
    await inputs.add(...paths);
    await inputs.assertFree(values.out);
  }
  const reports = new Map<string, RunReport>();
  for (const path of paths) reports.set(path, parseReport(basename(path), await read(path)));
  if (reports.size === 0) throw new SplatError('usage', `There is no report (.json) in ${positionals.join(', ')}.`);
  const merged = mergeReports(reports);
  const text = `${JSON.stringify(merged, null, 2)}\n`;
  if (values.out !== undefined)
    await writeFileAtomically(values.out, new TextEncoder().encode(text), { overwrite: true });
  terminal.result(values.json === true ? text.trimEnd() : inWords(merged));
  const { failed, left } = merged.summary;
  return failed + left + merged.shards.missing.length === 0 ? 0 : 1;
}

/** A file, or the JSON files of a folder in the order of their names. */
async function reportsIn(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw fileError(error, 'read', path);
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  return names.sort().map((name) => join(path, name));
}

async function read(path: string): Promise<string> {
  try {
    return (await readWholeFile(path)).toString('utf8');
  } catch (error) {
    throw fileError(error, 'read', path);
  }
}

function inWords({ shards, summary, results }: MergedReport): string {
  const { files, refined, skipped, failed, left, seconds } = summary;
  const numbers = [
    `${formatCount(refined)} refined`,
    `${formatCount(skipped)} there already`,
    `${formatCount(failed)} failed`,
    `${formatCount(left)} left; ${formatCount(Math.round(seconds))} s of all parts together`,
  ];
  const lines = [`${formatCount(files)} ${files === 1 ? 'scene' : 'scenes'}: ${numbers.join(', ')}`];
  const { count, missing } = shards;
  const names = missing.map((index) => `${index}/${count}`).join(' ');
  if (missing.length > 0) lines.push(`${missing.length} of ${count} parts have no report: ${names}`);
  for (const { input, ok, error } of results) if (!ok) lines.push(`${input}: ${error?.message ?? 'failed'}`);
  return lines.join('\n');
}
