import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { ProgressListener } from '../../renderer/core/progress.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { LARGEST_VIDEO_SIDE } from '../../renderer/core/picture-size.ts';
import { parseShowFile, shotOf } from '../../renderer/show/show-file.ts';
import { DEFAULT_TURN } from '../../renderer/show/turntable.ts';
import { VIDEO_QUALITIES, assertVideoSettings, containerOf } from '../../renderer/show/video-settings.ts';
import type { VideoQuality } from '../../renderer/show/video-settings.ts';
import { videoReportSchema } from '../../renderer/bridge/jobs.ts';
import type { VideoJob, VideoReport } from '../../renderer/bridge/jobs.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { readWholeFile } from '../../renderer/io/node-source.ts';
import { FilesRead } from '../files/files-read.ts';
import { parseBackground, parseCommandLine, parseSize, required } from './arguments.ts';
import { cancellable } from './cancel.ts';
import { locateModel } from '../models/open-model.ts';
import { withSceneFile } from './open-scene.ts';
import { runInApp } from './run-in-app.ts';
import { terminal, terminalProgress } from './terminal.ts';

const OPTIONS = {
  path: { type: 'string' },
  turntable: { type: 'boolean', default: false },
  turns: { type: 'string' },
  seconds: { type: 'string' },
  elevations: { type: 'string' },
  fov: { type: 'string' },
  size: { type: 'string' },
  fps: { type: 'string', default: '30' },
  quality: { type: 'string', default: 'high' },
  out: { type: 'string' },
  refined: { type: 'string' },
  model: { type: 'string' },
  split: { type: 'boolean', default: false },
  background: { type: 'string', default: '0,0,0' },
} as const;

const TURN_OPTIONS = ['turns', 'seconds', 'elevations', 'fov'] as const;
const DEFAULT_FOV_DEGREES = 50;
const PROGRESS_MS = 1000;

type Values = ReturnType<typeof parseCommandLine<typeof OPTIONS>>['values'];

/**
 * `video SCENE --path FILE.json|--turntable --size WxH --out FILE.mp4|webm`: a film by the app's own renderer, in a
 * hidden window. A refined scene, from a file or by a model, is filmed in the scene's place, or beside it with --split.
 */
export async function video(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const scene = required(positionals[0], 'SCENE');
  const { width, height } = parseSize(required(values.size, '--size WxH'), LARGEST_VIDEO_SIDE);
  const framesPerSecond = number(values.fps, '--fps');
  assertVideoSettings({ width, height, framesPerSecond });
  const out = required(values.out, '--out FILE.mp4|webm');
  const container = containerOf(out);
  const camera = await cameraOf(values);
  const compared = await comparedWith(values);
  const background = parseBackground(values.background);
  for (const file of [scene, values.refined])
    if (file !== undefined && !existsSync(file)) throw new SplatError('io', `There is no file ${file}.`);
  if (!existsSync(dirname(resolve(out)))) throw new SplatError('io', `There is no folder ${dirname(resolve(out))}.`);
  const read = new FilesRead();
  for (const file of [scene, values.refined]) if (file !== undefined) await read.addScene(file);
  if (values.path !== undefined) await read.add(values.path);
  if (compared.model !== undefined) await read.addModel(compared.model);
  await read.assertFree(out);
  const job: VideoJob = {
    kind: 'video',
    scene: resolve(scene),
    ...compared,
    camera,
    width,
    height,
    framesPerSecond,
    container,
    quality: parseQuality(values.quality),
    background,
    out: resolve(out),
  };
  return cancellable((signal) => withSceneFile(scene, signal, (file) => film({ ...job, scene: file }, out, signal)));
}

/** Progress and result for people on a terminal, as JSON lines elsewhere. */
async function film(job: VideoJob, out: string, signal: AbortSignal): Promise<number> {
  const isForPeople = process.stdout.isTTY;
  const progress = isForPeople ? terminalProgress(out) : progressLines();
  let report: VideoReport | undefined;
  const onLine = (line: unknown): void => {
    const told = videoReportSchema.safeParse(line);
    if (told.success) report = told.data;
  };
  await runInApp(job, 'The video was not made', progress.listener, { onLine, signal }).finally(progress.done);
  const { width, height } = job;
  if (!isForPeople) terminal.result(JSON.stringify({ event: 'filmed', output: out, width, height, ...report }));
  else if (report === undefined) terminal.result(out);
  else
    terminal.result(
      `${out}: ${report.frames} frames, ${report.durationSeconds.toFixed(2)} s, ${width}x${height}, ${report.codec}`,
    );
  return 0;
}

/** A JSON line a second at most. */
function progressLines(): { readonly listener: ProgressListener; readonly done: () => void } {
  let saidMs = performance.now();
  const listener: ProgressListener = (step) => {
    if (performance.now() - saidMs < PROGRESS_MS) return;
    saidMs = performance.now();
    terminal.result(JSON.stringify({ event: 'progress', ...step }));
  };
  return { listener, done: () => undefined };
}

/** The path or turntable file, checked before the app is started, or how to go round the scene. */
async function cameraOf(values: Values): Promise<VideoJob['camera']> {
  const { path, turntable } = values;
  if ((path === undefined) === !turntable)
    throw new SplatError('usage', 'A video needs a camera that moves.', 'Give either --path FILE.json or --turntable.');
  if (path === undefined) return { turn: turnOf(values) };
  const given = TURN_OPTIONS.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new SplatError('usage', `--${given} belongs to --turntable; a path says so itself.`);
  const name = basename(path);
  const bytes = await readWholeFile(path).catch((error: unknown) => {
    throw fileError(error, 'read', `The camera path ${path}`);
  });
  const text = bytes.toString('utf8');
  shotOf(parseShowFile(text, name), name);
  return { text, name };
}

function turnOf({ turns, seconds, elevations, fov }: Values): Extract<VideoJob['camera'], { turn: unknown }>['turn'] {
  const [start, end, ...more] =
    elevations === undefined
      ? [DEFAULT_TURN.startElevationDegrees, DEFAULT_TURN.endElevationDegrees]
      : elevations.split(',').map(Number);
  const turn = {
    turns: turns === undefined ? DEFAULT_TURN.turns : number(turns, '--turns'),
    durationSeconds: seconds === undefined ? DEFAULT_TURN.durationSeconds : number(seconds, '--seconds'),
    startElevationDegrees: start ?? NaN,
    endElevationDegrees: end ?? NaN,
    fovYDegrees: fov === undefined ? DEFAULT_FOV_DEGREES : number(fov, '--fov'),
  };
  const isElevation = (value: number): boolean => value >= -90 && value <= 90;
  if (more.length > 0 || !isElevation(turn.startElevationDegrees) || !isElevation(turn.endElevationDegrees)) {
    throw new SplatError(
      'usage',
      `The elevations "${elevations ?? ''}" can't be used.`,
      'Give the first and the last in degrees from -90 to 90, as 0,89.',
    );
  }
  if (Math.abs(turn.turns) > 100)
    throw new SplatError('usage', `The camera can't go round ${turn.turns} times.`, 'Give a number from -100 to 100.');
  if (turn.durationSeconds < 0.05 || turn.durationSeconds > 3600)
    throw new SplatError(
      'usage',
      `A video of ${turn.durationSeconds} s can't be made.`,
      'Give seconds from 0.05 to 3600.',
    );
  if (turn.fovYDegrees < 1 || turn.fovYDegrees > 170)
    throw new SplatError(
      'usage',
      `The field of view ${turn.fovYDegrees} can't be used.`,
      'Give degrees from 1 to 170.',
    );
  return turn;
}

/** Which scene is filmed, and where the refined one comes from. */
async function comparedWith({ refined, model, split }: Values): Promise<Pick<VideoJob, 'refined' | 'model' | 'view'>> {
  if (refined !== undefined && model !== undefined)
    throw new SplatError('usage', 'Only one of --refined and --model can be given.');
  if (refined === undefined && model === undefined) {
    if (split) throw new SplatError('usage', '--split needs a refined scene.', 'Give --refined FILE or --model ID.');
    return { view: 'before' };
  }
  const view = split ? 'split' : 'after';
  return refined === undefined
    ? { model: resolve((await locateModel(model)).path), view }
    : { refined: resolve(refined), view };
}

function parseQuality(text: string): VideoQuality {
  const quality = VIDEO_QUALITIES.find((known) => known === text);
  if (quality === undefined)
    throw new SplatError('usage', `There is no quality "${text}".`, `Give ${VIDEO_QUALITIES.join(', ')}.`);
  return quality;
}

function number(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new SplatError('usage', `${option} "${text}" is not a number.`);
  return value;
}
