import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { checkJson, parseJson } from '../../renderer/core/json.ts';
import type { RenderJobRequest } from '../../renderer/bridge/jobs.ts';
import type { FileTable } from '../files/files.ts';
import { renderJobSchema, videoReportSchema } from '../../renderer/bridge/jobs.ts';
import type { RenderJob } from '../../renderer/bridge/jobs.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';

/** Reads and checks a job file. Relative paths in it are relative to it. */
export function readRenderJob(file: string): RenderJob {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  const advice = 'Write the job as renderer/bridge/jobs.ts describes it.';
  const described = { name: file, what: 'a render job', advice, code: 'usage' } as const;
  const asked = checkJson(described, parseJson(described, text), renderJobSchema);
  const folder = dirname(resolve(file));
  if (asked.kind === 'refine') {
    const { items, model } = asked;
    return {
      ...asked,
      items: items.map(({ input, output }) => ({ input: resolve(folder, input), output: resolve(folder, output) })),
      model: resolve(folder, model),
    };
  }
  const job = { ...asked, scene: resolve(folder, asked.scene), out: resolve(folder, asked.out) };
  if (job.kind === 'video') {
    const { refined, model } = job;
    return {
      ...job,
      refined: refined === undefined ? undefined : resolve(folder, refined),
      model: model === undefined ? undefined : resolve(folder, model),
    };
  }
  return job.kind === 'metrics'
    ? { ...job, views: job.views.map((view) => ({ ...view, photo: resolve(folder, view.photo) })) }
    : job;
}

/** What the page needs of a job: its files by handle, never their paths. */
export async function requestOf(job: RenderJob, files: FileTable): Promise<RenderJobRequest> {
  if (job.kind === 'refine') {
    const { items, model, ...settings } = job;
    return { ...settings, scenes: items.length, model: await files.admitModel(model) };
  }
  const { background } = job;
  const scene = await files.admitScene(job.scene);
  switch (job.kind) {
    case 'render': {
      const { kind, camera, width, height } = job;
      return { kind, scene, camera, width, height, background };
    }
    case 'metrics': {
      const views = await Promise.all(
        job.views.map(async ({ photo, ...view }) => ({ ...view, photo: await files.admitKept(photo) })),
      );
      return { kind: job.kind, scene, views, background };
    }
    case 'video': {
      const { kind, view, camera, width, height, framesPerSecond, container, quality } = job;
      const refined = job.refined === undefined ? undefined : await files.admitScene(job.refined);
      const model = job.model === undefined ? undefined : await files.admitModel(job.model);
      const picture = { view, camera, width, height, framesPerSecond, container, quality, background };
      return { kind, scene, refined, model, ...picture };
    }
  }
}

/**
 * Writes the job's answer: temporary file, sync, rename. Refine and video jobs have written theirs already; a video's
 * report goes to standard output.
 */
export async function writeAnswer(job: RenderJob, bytes: Uint8Array, files: FileTable): Promise<void> {
  if (job.kind === 'refine') return;
  if (job.kind === 'video') return writeVideoReport(bytes);
  const target = await files.beginSave(job.out, undefined);
  try {
    await files.write(target.id, bytes);
    await files.finishSave(target.id);
  } catch (error) {
    await files.abandonSave(target.id);
    throw error;
  }
}

function writeVideoReport(bytes: Uint8Array): Promise<void> {
  const report = videoReportSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(report)}\n`, () => resolve()));
}
