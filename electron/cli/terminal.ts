import type { ProgressListener } from '../../renderer/core/progress.ts';
import { stageLabel } from '../../renderer/core/stages.ts';

/** What the commands print: results on standard output, everything else on standard error. */
export const terminal = {
  result(text: string): void {
    process.stdout.write(`${text}\n`);
  },
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  },
};

/** Redraws one line a stage on an interactive terminal; silent where standard error is not one. */
export function terminalProgress(label: string): { listener: ProgressListener; done: () => void } {
  if (!process.stderr.isTTY) return { listener: () => undefined, done: () => undefined };
  const clear = '\r\u001b[2K';
  return {
    listener: ({ stage, fraction, remainingSeconds }) => {
      const left = remainingSeconds === undefined ? '' : `, ${Math.ceil(remainingSeconds)} s left`;
      process.stderr.write(`${clear}${label}: ${stageLabel(stage)} ${Math.round(fraction * 100)} %${left}`);
    },
    done: () => process.stderr.write(clear),
  };
}
