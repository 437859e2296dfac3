import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeSmallModel } from '../models/reference-models.ts';
import { withScratch } from '../scratch.ts';
import { dataPath } from '../test-data.ts';
import { soakApp } from './app.ts';
import { soakCommandLine } from './command-line.ts';
import { drawCharts } from './plot.ts';
import type { Chart } from './plot.ts';
import type { Sample } from './samples.ts';
import { settled, slopePerHour } from './slope.ts';
import type { Point } from './slope.ts';

const REPORT_EVERY = 10;

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
  const [minutes, files] = [Number(values.minutes), Number(values.files)];
  return withScratch('soak', async (folder) => {
    await mkdir(values.out, { recursive: true });
    const model = await writeSmallModel(join(folder, 'models'));
    if (files > 0) {
      const samples: Sample[] = [];
      const scene = await readFile(dataPath('weights/sample.ply'));
      const onSample = (sample: Sample): void => void samples.push(sample);
      await soakCommandLine({ folder, model, sample: scene, files, onSample });
      say(await report(values.out, 'list', `Command line, ${files} scenes`, samples));
    }
    if (minutes > 0) {
      const samples: Sample[] = [];
      // What is known so far is kept, should the rest fail.
      const onSample = async (sample: Sample): Promise<void> => {
        samples.push(sample);
        const table = await report(values.out, 'app', 'App', samples);
        if (samples.length % REPORT_EVERY === 0) say(`${samples.length} scenes\n${table}`);
      };
      await soakApp({ folder, model, minutes, onSample });
      say(await report(values.out, 'app', `App, ${samples.length} scenes`, samples));
    }
    return 0;
  });
}

/** Writes picture and figures of a list of samples. Resolves with a table in words. */
async function report(out: string, name: string, title: string, samples: readonly Sample[]): Promise<string> {
  const charts = [
    chart(`${title}: memory, MiB`, samples, 'mebibytes'),
    chart(`${title}: open files, pipes and sockets`, samples, 'handles'),
  ];
  await writeFile(join(out, `soak-${name}.svg`), drawCharts(charts));
  await writeFile(join(out, `soak-${name}.json`), JSON.stringify(samples));
  return charts.map(({ title: what, lines }) => `${what}\n${tableOf(lines)}`).join('\n');
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
