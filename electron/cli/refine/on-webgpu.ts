import { resolve } from 'node:path';
import { SplatError, toSplatError } from '../../../renderer/core/errors.ts';
import { manifestOf } from '../../../renderer/io/node-source.ts';
import type { RefineReport } from '../../../renderer/refine/refine-scene.ts';
import { refineJobLineSchema } from '../../../renderer/bridge/jobs.ts';
import type { RefineJob } from '../../../renderer/bridge/jobs.ts';
import type { ModelLocation } from '../../models/open-model.ts';
import { runInApp } from '../run-in-app.ts';
import { terminal } from '../terminal.ts';
import type { RefineRun } from './on-cpu.ts';
import { failed, refined } from './outcome.ts';

/**
 * Refines all scenes in one start of the app, on WebGPU in a hidden window. Where the app breaks down over a scene (a
 * lost driver, no memory), that scene has failed and the app is started again for the rest.
 * @throws SplatError `usage` and `gpu-error` where the app could not even begin
 */
export async function refineOnWebGpu(model: ModelLocation, run: RefineRun): Promise<void> {
  let left = run.items;
  let hasNamedAdapter = false;
  while (left.length > 0 && !run.signal.aborted) {
    let done = 0;
    const startedWith = left;
    let progress = run.display.progressOf(startedWith[0].item, startedWith[0].place);
    const onLine = (line: unknown): void => {
      const known = refineJobLineSchema.safeParse(line).data;
      if (known === undefined) return;
      if ('adapter' in known) {
        if (known.isSoftware && !hasNamedAdapter)
          terminal.note(
            `WebGPU runs on ${known.adapter}, which computes on the CPU: --device cpu is many times faster.`,
          );
        hasNamedAdapter = true;
        return;
      }
      progress.done();
      const { item } = startedWith[known.place];
      const { outcome } = known;
      run.onOutcome(
        outcome.ok
          ? refined(item, outcome.report as unknown as RefineReport, outcome.notes)
          : failed(item, new SplatError(outcome.error.code as SplatError['code'], outcome.error.message)),
      );
      done = known.place + 1;
      const next = startedWith[done];
      if (next !== undefined) progress = run.display.progressOf(next.item, next.place);
    };
    try {
      await runInApp(
        await jobOf(model, startedWith, run),
        'The scenes were not refined',
        (step) => progress.listener(step),
        { onLine, signal: run.signal },
      );
      left = startedWith.slice(done);
      if (left.length > 0) throw new SplatError('gpu-error', 'The app ended before all scenes were refined.');
    } catch (error) {
      progress.done();
      if (run.signal.aborted) return;
      if (!hasNamedAdapter) throw error;
      const failure = toSplatError(error, 'gpu-error', 'The app failed');
      const brokeOver = startedWith[done];
      // Every answer is on disk by then, so an app that only ends badly has failed no scene.
      if (brokeOver === undefined) terminal.note(failure.sentence);
      else run.onOutcome(failed(brokeOver.item, failure));
      left = startedWith.slice(done + 1);
    }
  }
}

async function jobOf(
  { path }: ModelLocation,
  items: RefineRun['items'],
  { settings, cameras, comment }: RefineRun,
): Promise<RefineJob> {
  const files: { input: string; output: string }[] = [];
  for (const { item } of items) {
    // What can't be opened goes to the app as it is and fails there, when its turn comes.
    const input = await manifestOf(item.input).catch(() => item.input);
    files.push({ input: resolve(input), output: resolve(item.output) });
  }
  return {
    kind: 'refine',
    items: files,
    model: resolve(path),
    strength: settings.strength,
    up: settings.up,
    region: settings.region,
    cameras: cameras?.map(({ worldToView, fx, fy, cx, cy, width, height }) => ({
      worldToView: [...worldToView],
      fx,
      fy,
      cx,
      cy,
      width,
      height,
    })),
    format: settings.format,
    comment,
  };
}
