import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './e2e/app.ts';

/** How a run of the built command line ended. */
export interface CliRun {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly seconds: number;
  /** What it wrote to standard output and standard error: not on a terminal, refine tells failures in its JSON. */
  readonly output: string;
}

export interface CliRunOptions {
  /** Looks at the process again and again while it runs. */
  readonly watch?: { readonly everyMs: number; readonly look: (pid: number) => void };
  /** Called at the beginning; may do something to the process, or close what it writes to. */
  readonly disturb?: (pid: number, closeOutput: () => void) => Promise<void>;
}

/** Runs the built command line to its end. */
export async function runCli(args: readonly string[], { watch, disturb }: CliRunOptions = {}): Promise<CliRun> {
  const begun = performance.now();
  const child = spawn(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const pid = child.pid ?? NaN;
  const timer = watch === undefined ? undefined : setInterval(() => watch.look(pid), watch.everyMs);
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (code, signal) => resolve([code, signal])),
  );
  try {
    await disturb?.(pid, () => child.stdout.destroy());
    const [code, signal] = await ended;
    return { code, signal, output, seconds: (performance.now() - begun) / 1000 };
  } finally {
    clearInterval(timer);
  }
}
