import { dirname, resolve } from 'node:path';
import { throwIfAborted } from '../../renderer/core/errors.ts';
import { makeFolder } from '../../renderer/io/node-write.ts';
import { FilesRead } from '../files/files-read.ts';
import { findScenes, modelsNote } from '../files/scene-inputs.ts';
import { cameraFilesAt, readEvidenceAt } from './cameras.ts';
import { cancellable } from './cancel.ts';
import { locateModel, readModel } from '../models/open-model.ts';
import type { RunDisplay } from './refine/display.ts';
import { linesForPeople, linesForPrograms, quietly } from './refine/display.ts';
import { isFinished, settingsComment } from './refine/finished.ts';
import { refineOnCpu } from './refine/on-cpu.ts';
import type { RefineRun } from './refine/on-cpu.ts';
import { refineOnWebGpu } from './refine/on-webgpu.ts';
import type { Outcome } from './refine/outcome.ts';
import { Tally, skipped } from './refine/outcome.ts';
import { assertNothingReplaced, planOutputs, takeShard } from './refine/plan.ts';
import type { RefineItem } from './refine/plan.ts';
import { writeReport } from './refine/report.ts';
import { parseRefine } from './refine/settings.ts';
import { terminal } from './terminal.ts';

/**
 * `refine IN... --out-dir DIR`: every scene is tried; the exit code is 0 only if all went well.
 * Outcomes are kept only where a document at the end wants them, so memory stays flat over any number of scenes.
 */
export async function refine(args: string[]): Promise<number> {
  const settings = parseRefine(args);
  const location = await locateModel(settings.model);
  const found = await findScenes(settings.inputs, { recursive: settings.recursive, except: settings.directory });
  const { scenes } = found;
  const leftOut = modelsNote(found.models);
  if (leftOut !== undefined) terminal.note(leftOut);
  const all = planOutputs(scenes, settings);
  const read = new FilesRead();
  for (const { path } of scenes) await read.addScene(path);
  await read.addModel(location.path);
  if (settings.cameras !== undefined) await read.add(...(await cameraFilesAt(settings.cameras)));
  await assertNothingReplaced(all, settings.report, read);
  // Now, as it would be a pity at the end.
  if (settings.report !== undefined) await makeFolder(dirname(resolve(settings.report)));
  const items = settings.shard === undefined ? all : takeShard(all, settings.shard);
  const model = await readModel(location);
  const { name, copies } = model.model.manifest;
  if (copies > 1)
    terminal.note(
      `${name} makes ${copies} splats of each one: answers are ${copies} times as large, in memory and on disk.`,
    );
  const cameras = settings.cameras === undefined ? undefined : await readEvidenceAt(settings.cameras);
  const comment = settingsComment(model.model.manifest.name, model.fingerprint, settings, cameras);

  const display = displayFor(settings.json);
  const tally = new Tally(items.length);
  const outcomes: Outcome[] = [];
  const onOutcome = (outcome: Outcome): void => {
    tally.add(outcome);
    display.outcome(outcome);
    if (settings.json || settings.report !== undefined) outcomes.push(outcome);
  };
  return cancellable(async (signal) => {
    display.start(items.length);
    const open: { item: RefineItem; place: number }[] = [];
    for (const [index, item] of items.entries()) {
      if (settings.resume && (await isFinished(item, comment))) onOutcome(skipped(item));
      else open.push({ item, place: index + 1 });
    }
    const run: RefineRun = { items: open, settings, cameras, comment, read, display, onOutcome, signal };
    await (settings.device === 'webgpu' ? refineOnWebGpu(location, run) : refineOnCpu(model, run));
    const { summary } = tally;
    display.end(summary);
    if (settings.report !== undefined) {
      // Links may have been made since.
      await read.assertFree(settings.report);
      await writeReport(settings.report, settings, model, summary, outcomes);
    }
    if (settings.json) terminal.result(JSON.stringify({ results: outcomes }));
    throwIfAborted(signal, 'Refining');
    return summary.failed === 0 ? 0 : 1;
  });
}

function displayFor(json: boolean): RunDisplay {
  if (json) return quietly();
  return process.stdout.isTTY ? linesForPeople() : linesForPrograms();
}
