import { spawn } from 'node:child_process';
import type { ChildProcessByStdio, SpawnOptions } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { SplatError, throwIfAborted, toSplatError } from '../../renderer/core/errors.ts';
import type { Progress, ProgressListener } from '../../renderer/core/progress.ts';
import { NO_ADAPTER_EXIT_CODE } from '../window/no-adapter-exit-code.ts';
import type { RenderJob } from '../../renderer/bridge/jobs.ts';
import { withScratchFolder } from './scratch-folder.ts';

/**
 * Lets the app do a job in a hidden window and waits for its end; software graphics serve where there is no adapter.
 * scripts/cli.mjs says by SPLATFORMER_ELECTRON which executable and switches to use.
 * @param failure begins the sentence of the error that a failed job throws
 * @param more hears every line of JSON that is not progress; its signal ends the app
 * @throws SplatError `usage` without an app to start or a display for it, `gpu-error` where the job failed, `cancelled`
 */
export async function runInApp(
  job: RenderJob,
  failure: string,
  onProgress: ProgressListener,
  more: AppOptions,
): Promise<void> {
  const launcher = process.env['SPLATFORMER_ELECTRON'];
  if (launcher === undefined)
    throw new SplatError(
      'usage',
      `${job.kind} was started without the app.`,
      `Start it as npm run --silent cli -- ${job.kind} …`,
    );
  const [executable = '', ...switches] = JSON.parse(launcher) as string[];
  await withScratchFolder(async (folder) => {
    const jobFile = join(folder, 'job.json');
    await writeFile(jobFile, JSON.stringify(job));
    const app = join(import.meta.dirname, '../..');
    const start = (...mode: string[]): Promise<Ending> =>
      run(executable, [...switches, ...mode, app, '--render-job', jobFile], { ...more, onProgress });
    let { code, complaint } = await start();
    if (code === NO_ADAPTER_EXIT_CODE && !more.signal.aborted)
      ({ code, complaint } = await start('--graphics=software'));
    // An app that a signal met before it was ready ends well, with nothing done.
    throwIfAborted(more.signal, 'The job');
    if (code === 0) return;
    if (complaint.includes('Missing X server'))
      throw new SplatError(
        'usage',
        `${job.kind} draws, and there is no display.`,
        'Start it in a desktop session, or behind xvfb-run -a.',
      );
    throw new SplatError('gpu-error', `${failure}: ${lastSentence(complaint)}`);
  });
}

export interface AppOptions {
  readonly onLine?: (line: unknown) => void;
  readonly signal: AbortSignal;
}

interface Ending {
  readonly code: number | null;
  /** The end of what the process wrote to standard error. */
  readonly complaint: string;
}

function run(
  executable: string,
  args: readonly string[],
  { onProgress, onLine, signal }: AppOptions & { readonly onProgress: ProgressListener },
): Promise<Ending> {
  return new Promise((done, fail) => {
    // Over the channel the app notices when this process is gone, however it went.
    const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] };
    const child = spawn(executable, args, options) as ChildProcessByStdio<null, Readable, Readable>;
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-4000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const value = jsonIn(line);
      if (value === undefined) return;
      if (isProgress(value)) onProgress(value);
      else onLine?.(value);
    });
    const stop = (): void => void child.kill();
    signal.addEventListener('abort', stop);
    // What was cancelled before the app was there tells no listener.
    if (signal.aborted) stop();
    child.on('error', (error) => fail(toSplatError(error, 'io', 'The app could not be started')));
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      done({ code, complaint });
    });
  });
}

/** The JSON object on a line of the app's standard output; undefined for what libraries print there. */
function jsonIn(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProgress(value: object): value is Progress {
  const { stage, fraction } = value as Partial<Progress>;
  return typeof stage === 'string' && typeof fraction === 'number';
}

/** The app's own last line; Chromium's log lines begin with a bracket. */
function lastSentence(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('['));
  return lines.at(-1) ?? 'the app ended without saying why.';
}
