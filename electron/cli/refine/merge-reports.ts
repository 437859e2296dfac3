import { z } from 'zod';
import type { JsonFile } from '../../../renderer/core/json.ts';
import { checkJson, parseJson } from '../../../renderer/core/json.ts';
import { SplatError } from '../../../renderer/core/errors.ts';
import { listOf } from '../../../renderer/core/list-of.ts';

const ADVICE = 'Give the files that refine wrote by --report.';

const outcomeSchema = z.looseObject({
  input: z.string(),
  output: z.string(),
  ok: z.boolean(),
  skipped: z.boolean().optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});

const summarySchema = z.object({
  files: z.number(),
  refined: z.number(),
  skipped: z.number(),
  failed: z.number(),
  left: z.number(),
  seconds: z.number(),
});

const reportSchema = z.object({
  finished: z.string(),
  settings: z.looseObject({
    shard: z
      .string()
      .regex(/^\d+\/\d+$/)
      .optional(),
  }),
  model: z.looseObject({ sha256: z.string() }),
  summary: summarySchema,
  results: listOf(outcomeSchema),
});

/** What `refine --report` writes of a run. */
export type RunReport = z.infer<typeof reportSchema>;

/** The reports of one run's shards as one: the numbers are sums, the results stand in the order of their inputs. */
export interface MergedReport extends RunReport {
  readonly shards: {
    /** How many parts the run has. */
    readonly count: number;
    /** Parts of which there is no report. */
    readonly missing: readonly number[];
  };
}

/**
 * Reads a report.
 * @throws SplatError `invalid-file` for anything else
 */
export function parseReport(name: string, text: string): RunReport {
  const file: JsonFile = { name, what: 'a report of refine', advice: ADVICE };
  return checkJson(file, parseJson(file, text), reportSchema);
}

/**
 * Merges the reports of shards; of two of one shard the one that was finished last counts.
 * @param reports by file name, at least one
 * @throws SplatError `usage` where they are not parts of one run: other settings, another model, other counts of parts
 */
export function mergeReports(reports: ReadonlyMap<string, RunReport>): MergedReport {
  const [[firstName, first]] = reports;
  const latest = new Map<number, RunReport>();
  const { count } = shardOf(first);
  for (const [name, report] of reports) {
    const shard = shardOf(report);
    if (shard.count !== count || runOf(report) !== runOf(first))
      throw new SplatError(
        'usage',
        `${firstName} and ${name} are not of one run: ${differenceOf(first, report)}.`,
        'Give the reports of one run at a time.',
      );
    const other = latest.get(shard.index);
    if (other === undefined || other.finished < report.finished) latest.set(shard.index, report);
  }
  const parts = [...latest.values()];
  const sum = (of: keyof RunReport['summary']): number => parts.reduce((total, { summary }) => total + summary[of], 0);
  const { shard, ...settings } = first.settings;
  return {
    finished: parts.map(({ finished }) => finished).reduce((a, b) => (a > b ? a : b)),
    settings: shard === undefined ? first.settings : settings,
    model: first.model,
    shards: {
      count,
      missing: Array.from({ length: count }, (_, index) => index + 1).filter((index) => !latest.has(index)),
    },
    summary: {
      files: sum('files'),
      refined: sum('refined'),
      skipped: sum('skipped'),
      failed: sum('failed'),
      left: sum('left'),
      seconds: Math.round(1000 * sum('seconds')) / 1000,
    },
    results: parts
      .flatMap(({ results }) => results)
      .sort((a, b) => (a.input < b.input ? -1 : a.input > b.input ? 1 : 0)),
  };
}

function shardOf({ settings }: RunReport): { readonly index: number; readonly count: number } {
  const [index, count] = (settings.shard ?? '1/1').split('/').map(Number);
  return { index, count };
}

/** What the parts of a run have in common; whether they went on from earlier answers is not among it. */
function runOf({ settings, model }: RunReport): string {
  return JSON.stringify([{ ...settings, shard: undefined, resume: undefined, device: undefined }, model.sha256]);
}

function differenceOf(a: RunReport, b: RunReport): string {
  if (a.model.sha256 !== b.model.sha256) return 'they were made with different models';
  const [one, other] = [shardOf(a).count, shardOf(b).count];
  return one === other ? 'their settings differ' : `one has ${one} parts, the other ${other}`;
}
