import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseCameraFile } from '../../renderer/core/camera-file.ts';
import { SplatError, toSplatError } from '../../renderer/core/errors.ts';
import { NO_ADAPTER_EXIT_CODE } from '../no-adapter-exit-code.ts';
import type { RenderJob } from '../render-job-schema.ts';
import { parseBackground, parseCommandLine, parseSize, required } from './arguments.ts';
import { assertNotAnInput } from './output-files.ts';
import { terminal } from './terminal.ts';

const OPTIONS = {
  camera: { type: 'string' },
  size: { type: 'string' },
  out: { type: 'string' },
  background: { type: 'string', default: '0,0,0' },
} as const;

/** `render SCENE --camera FILE.json --size WxH --out OUT.png`: one picture by the app's own renderer, in a hidden window. */
export async function render(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const scene = required(positionals[0], 'SCENE');
  const cameraPath = required(values.camera, '--camera FILE.json');
  const { width, height } = parseSize(required(values.size, '--size WxH'));
  const out = required(values.out, '--out OUT.png');
  const background = parseBackground(values.background);
  if (!existsSync(scene)) throw new SplatError('io', `There is no file ${scene}.`);
  await assertNotAnInput(out, [scene, cameraPath]);
  const { worldToView, fx, fy, cx, cy } = parseCameraFile(await readJson(cameraPath), width, height);
  const camera = { worldToView: [...worldToView], fx, fy, cx, cy };
  await runApp({ scene: resolve(scene), camera, width, height, background, out: resolve(out) });
  terminal.result(`${out}: ${width}x${height}`);
  return 0;
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw toSplatError(error, 'usage', `The camera file ${path} can't be read`);
  }
}

/** Runs Electron on a job; scripts/cli.mjs says by SPLATFORMER_ELECTRON which executable and switches to use. */
async function runApp(job: RenderJob): Promise<void> {
  const launcher = process.env['SPLATFORMER_ELECTRON'];
  if (launcher === undefined) throw new SplatError('usage', 'render was started without the app.', 'Start it as npm run --silent cli -- render …');
  const [executable = '', ...switches] = JSON.parse(launcher) as string[];
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-'));
  try {
    const jobFile = join(folder, 'job.json');
    await writeFile(jobFile, JSON.stringify(job));
    const app = join(import.meta.dirname, '../..');
    const start = (...mode: string[]): Promise<Ending> => run(executable, [...switches, ...mode, app, '--render-job', jobFile]);
    let { code, complaint } = await start();
    if (code === NO_ADAPTER_EXIT_CODE) ({ code, complaint } = await start('--graphics=software'));
    if (code !== 0) throw new SplatError('gpu-error', `The picture was not made: ${lastSentence(complaint)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ending {
  readonly code: number | null;
  /** The end of what the process wrote to standard error. */
  readonly complaint: string;
}

function run(executable: string, args: readonly string[]): Promise<Ending> {
  return new Promise((done, fail) => {
    const child = spawn(executable, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString('utf8')).slice(-4000)));
    child.on('error', (error) => fail(toSplatError(error, 'io', 'The app could not be started')));
    child.on('close', (code) => done({ code, complaint }));
  });
}

/** The app's own last line; Chromium's log lines begin with a bracket. */
function lastSentence(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('['));
  return lines.at(-1) ?? 'the app ended without saying why.';
}
