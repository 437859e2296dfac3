import { basename } from 'node:path';
import type { Progress, ProgressListener } from '../../../renderer/core/progress.ts';
import { upSourceText } from '../../../renderer/core/up-axis.ts';
import { formatDuration, formatCount } from '../../../renderer/core/units.ts';
import type { RefineReport } from '../../../renderer/refine/refine-scene.ts';
import { terminal, terminalProgress } from '../terminal.ts';
import type { Outcome, Summary } from './outcome.ts';
import type { RefineItem } from './plan.ts';

/** What a run shows while it goes on. */
export interface RunDisplay {
  start(files: number): void;
  /** Listens to the work on the scene at a place of the list, counted from 1. */
  progressOf(item: RefineItem, place: number): { readonly listener: ProgressListener; readonly done: () => void };
  outcome(outcome: Outcome): void;
  end(summary: Summary): void;
}

/** For people: a line a scene, and one that is drawn over while a scene is worked on. */
export function linesForPeople(): RunDisplay {
  let files = 0;
  return {
    start: (count) => (files = count),
    progressOf: ({ input }, place) => terminalProgress(`[${place}/${files}] ${basename(input)}`),
    outcome: (outcome) => {
      const { input, output, report, error, notes = [] } = outcome;
      if (error !== undefined) terminal.note(`${input}: ${error.message}`);
      else if (report === undefined) terminal.result(`${output}: finished before`);
      else
        terminal.result(
          `${output}: ${formatCount(report.refined)} of ${formatCount(report.splats)} splats refined ` +
            `in ${formatDuration(report.milliseconds.total)}${upText(report)}`,
        );
      for (const note of notes) terminal.note(`${output}: ${note}`);
    },
    end: ({ refined, skipped, failed, left, seconds }) => {
      if (files < 2) return;
      const parts = [
        `${refined} refined`,
        skipped > 0 ? `${skipped} finished before` : '',
        failed > 0 ? `${failed} failed` : '',
        left > 0 ? `${left} left` : '',
      ];
      terminal.note(`${parts.filter((part) => part !== '').join(', ')}, ${seconds.toFixed(0)} s`);
    },
  };
}

/** What was taken for up, where that makes a difference. */
function upText({ up, upFrom, upIsSure }: RefineReport): string {
  if (up === null || upFrom === null) return '';
  return `, up: ${up} (${upSourceText({ source: upFrom, isSure: upIsSure })})`;
}

/** Least time between two progress lines of a scene: logs of a cluster are kept for long. */
const PROGRESS_MS = 1000;

/** For programs: one JSON object a line, told apart by `event`. */
export function linesForPrograms(now: () => number = () => performance.now()): RunDisplay {
  const tell = (line: object): void => terminal.result(JSON.stringify(line));
  return {
    start: (files) => tell({ event: 'start', files }),
    progressOf: ({ input }, place) => {
      let saidMs = now();
      const listener = ({ stage, fraction }: Progress): void => {
        if (now() - saidMs < PROGRESS_MS) return;
        saidMs = now();
        tell({ event: 'progress', file: place, input, stage, fraction });
      };
      return { listener, done: () => undefined };
    },
    outcome: (outcome) =>
      tell({
        event: outcome.error !== undefined ? 'failed' : outcome.skipped === true ? 'skipped' : 'refined',
        ...outcome,
      }),
    end: (summary) => tell({ event: 'end', ...summary }),
  };
}

/** For --json: nothing on standard output but the document at the end; progress only where somebody looks. */
export function quietly(): RunDisplay {
  const people = linesForPeople();
  return { ...people, outcome: () => undefined, end: () => undefined };
}
