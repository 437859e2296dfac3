import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { MetricsJobAnswer } from '../../renderer/bridge/jobs.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import type { CaptureCameras } from '../../renderer/judge/capture-cameras.ts';
import { matchPhotos, unreadablePhotos } from '../../renderer/judge/match-photos.ts';
import type { MetricsReport } from '../../renderer/judge/report.ts';
import { metricsReport } from '../../renderer/judge/report.ts';
import { photoPathsIn } from '../capture/photo-folder.ts';
import type { MetricsJob } from '../../renderer/bridge/jobs.ts';
import { parseBackground, parseCommandLine, required } from './arguments.ts';
import { cancellable } from './cancel.ts';
import { withSceneFile } from './open-scene.ts';
import { runInApp } from './run-in-app.ts';
import { isFolder, readCamerasAt } from './cameras.ts';
import { withScratchFolder } from './scratch-folder.ts';
import { terminal, terminalProgress } from './terminal.ts';

const OPTIONS = {
  cameras: { type: 'string' },
  images: { type: 'string' },
  background: { type: 'string', default: '0,0,0' },
  json: { type: 'boolean', default: false },
} as const;

type JobView = MetricsJob['views'][number];

/** `metrics SCENE --cameras FILE --images DIR`: PSNR and SSIM against every photo, drawn by the app's own renderer. */
export async function metrics(args: string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(args, OPTIONS);
  const scene = required(positionals[0], 'SCENE');
  const camerasPath = required(values.cameras, '--cameras FILE');
  const folder = required(values.images, '--images DIR');
  const background = parseBackground(values.background);
  if (!existsSync(scene)) throw new SplatError('io', `There is no file ${scene}.`);
  const capture = await readCamerasAt(camerasPath);
  for (const warning of capture.warnings) terminal.note(warning);
  const views = await pairWithPhotos(capture, folder);

  return cancellable(async (signal) => {
    const answer = await withSceneFile(scene, signal, (file) =>
      measure({ kind: 'metrics', scene: file, views, background }, signal),
    );
    return tell(answer, views, values.json);
  });
}

/** Prints how the views fared. @returns the exit code */
function tell(answer: MetricsJobAnswer, views: readonly JobView[], json: boolean): number {
  const problems = answer.flatMap((outcome, i) =>
    'problem' in outcome ? [`${views[i].image}: ${outcome.problem}`] : [],
  );
  for (const problem of problems) terminal.note(problem);
  const measured = answer.flatMap((outcome, i) =>
    'problem' in outcome ? [] : [{ image: views[i].image, psnr: outcome.psnr ?? Infinity, ssim: outcome.ssim }],
  );
  if (measured.length === 0) throw new SplatError('io', 'No photo could be measured.');
  const report = metricsReport(measured);
  terminal.result(json ? JSON.stringify(report) : table(report));
  return problems.length === 0 ? 0 : 1;
}

async function pairWithPhotos({ cameras }: CaptureCameras, folder: string): Promise<JobView[]> {
  if (!(await isFolder(folder))) throw new SplatError('io', `There is no folder ${folder}.`);
  const { photos, unreadable } = await photoPathsIn(folder);
  const images = cameras.map(({ image }) => image);
  const matches = matchPhotos(images, photos);
  const missing = cameras.filter((_, i) => matches[i] === undefined).map(({ image }) => image);
  const undecoded = matchPhotos(missing, unreadable).flatMap((match) => (match === undefined ? [] : unreadable[match]));
  if (missing.length === cameras.length) {
    if (undecoded.length > 0) throw unreadablePhotos(undecoded);
    throw new SplatError(
      'io',
      `No photo in ${folder} belongs to any of the ${cameras.length} cameras.`,
      `The first camera's photo is called ${missing[0]}.`,
    );
  }
  if (missing.length > 0)
    terminal.note(
      `${missing.length} of ${cameras.length} cameras have no photo in ${folder} (the first is ${missing[0]}).`,
    );
  if (undecoded.length > 0) terminal.note(unreadablePhotos(undecoded).sentence);
  return cameras.flatMap(({ parameters: { worldToView, ...lens }, sizeIsKnown, pixelLens }, i): JobView[] => {
    const match = matches[i];
    return match === undefined
      ? []
      : [
          {
            image: photos[match],
            photo: resolve(folder, photos[match]),
            camera: { worldToView: [...worldToView], ...lens, sizeIsKnown, pixelLens },
          },
        ];
  });
}

async function measure(job: Omit<MetricsJob, 'out'>, signal: AbortSignal): Promise<MetricsJobAnswer> {
  const progress = terminalProgress('metrics');
  return withScratchFolder(async (folder) => {
    const out = join(folder, 'answer.json');
    await runInApp({ ...job, out }, 'The views were not measured', progress.listener, { signal });
    return JSON.parse(await readFile(out, 'utf8')) as MetricsJobAnswer;
  }).finally(progress.done);
}

function table({ views, mean }: MetricsReport): string {
  const line = (image: string, psnr: number | null, ssim: number): string =>
    `${(psnr === null ? 'equal' : psnr.toFixed(2)).padStart(8)}  ${ssim.toFixed(4).padStart(7)}  ${image}`;
  return [
    `${'PSNR dB'.padStart(8)}  ${'SSIM'.padStart(7)}  image`,
    ...views.map(({ image, psnr, ssim }) => line(image, psnr, ssim)),
    line(`mean of ${views.length}`, mean.psnr, mean.ssim),
  ].join('\n');
}
