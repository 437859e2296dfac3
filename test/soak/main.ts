import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSmallModel } from '../models/reference-models.ts';
import { dataPath } from '../test-data.ts';
import { soakApp } from './app.ts';
import { soakCommandLine } from './command-line.ts';
import { drawCharts } from './plot.ts';
import type { Chart } from './plot.ts';
import type { Sample } from './samples.ts';
import { settled, slopePerHour } from './slope.ts';
import type { Point } from './slope.ts';

/**
 * Opens, refines, saves and closes scenes in the running app for `--minutes`, and refines a list of `--files` tiny ones
 * by the command line; both are watched. Writes a picture and a table of what memory and handles did into `--out`.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '60' },
      files: { type: 'string', default: '1000' },
      out: { type: 'string', default: 'test-results/soak' },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-soak-'));
  try {
    await mkdir(values.out, { recursive: true });
    const model = await writeSmallModel(join(folder, 'models'));
    const sample = await readFile(dataPath('weights/sample.ply'));
    const listed = await soakCommandLine({ folder, model, sample, files: Number(values.files) });
    const used = await soakApp({ folder, model, minutes: Number(values.minutes), say });
    const charts = [
      chart('App: memory, MiB', used, 'mebibytes'),
      chart('App: open files, pipes and sockets', used, 'handles'),
      chart(`Command line, ${values.files} scenes: memory, MiB`, listed, 'mebibytes'),
      chart(`Command line, ${values.files} scenes: open files, pipes and sockets`, listed, 'handles'),
    ];
    await writeFile(join(values.out, 'soak.svg'), drawCharts(charts));
    await writeFile(join(values.out, 'soak.json'), JSON.stringify({ used, listed }));
    for (const { title, lines } of charts) say(`${title}\n${tableOf(lines)}`);
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function chart(title: string, samples: readonly Sample[], what: 'mebibytes' | 'handles'): Chart {
  const kinds = new Set(samples.flatMap((sample) => Object.keys(sample[what])));
  const pointsOf = (kind: string): Point[] =>
    samples.filter((sample) => kind in sample[what]).map((sample) => [sample.minutes, sample[what][kind]]);
  return { title, lines: Object.fromEntries([...kinds].map((kind) => [kind, pointsOf(kind)])) };
}

/** First and last value of each line, and how it rises in an hour once caches are full. */
function tableOf(lines: Chart['lines']): string {
  return Object.entries(lines)
    .map(([kind, points]) => {
      const [first, last] = [points.at(0)?.[1] ?? NaN, points.at(-1)?.[1] ?? NaN].map((value) => value.toFixed(1));
      return `  ${kind}: ${first} -> ${last}, ${slopePerHour(settled(points)).toFixed(1)} an hour`;
    })
    .join('\n');
}
