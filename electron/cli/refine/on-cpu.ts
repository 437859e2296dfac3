import { dirname } from 'node:path';
import type { CameraParameters } from '../../../renderer/core/camera-parameters.ts';
import { SplatError, toSplatError } from '../../../renderer/core/errors.ts';
import { makeFolder, removeLeftovers } from '../../../renderer/io/node-write.ts';
import { placeOfScene } from '../../../renderer/io/node-write-scene.ts';
import type { InferenceBackend } from '../../../renderer/refine/backend.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
import type { FilesRead } from '../../files/files-read.ts';
import { refineFile, refinerOf } from '../../jobs/refine-file.ts';
import type { OpenModel } from '../../models/open-model.ts';
import type { RunDisplay } from './display.ts';
import type { Outcome } from './outcome.ts';
import { failed, refined } from './outcome.ts';
import type { RefineItem } from './plan.ts';
import type { RefineSettings } from './settings.ts';

/** What the devices need of a run. */
export interface RefineRun {
  /** Scenes to refine, with their place in the whole list, counted from 1. */
  readonly items: readonly { readonly item: RefineItem; readonly place: number }[];
  readonly settings: Pick<RefineSettings, 'strength' | 'up' | 'region' | 'format'>;
  /** The capture's cameras, where they were given: the evidence by which every scene's answer is proved. */
  readonly cameras: readonly CameraParameters[] | undefined;
  /** Everything that the run reads: no answer may replace it. */
  readonly read: FilesRead;
  /** The line that every answer carries. */
  readonly comment: string;
  readonly display: RunDisplay;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

/** Refines scene after scene by native code in this process. A scene that fails does not stop the others. */
export async function refineOnCpu(
  { model }: OpenModel,
  { items, settings, cameras, comment, read, display, onOutcome, signal }: RefineRun,
): Promise<void> {
  const refine = refinerOf(model, interruptible(createNodeBackend(), signal));
  for (const { item, place } of items) {
    const progress = display.progressOf(item, place);
    try {
      await makeFolder(dirname(placeOfScene(item.output)));
      await removeLeftovers(placeOfScene(item.output));
      const { report, notes } = await refineFile(item.input, item.output, {
        refine,
        ...settings,
        cameras,
        read,
        overwrite: true,
        comment,
        signal,
        onProgress: progress.listener,
      });
      progress.done();
      onOutcome(refined(item, report, notes));
    } catch (error) {
      progress.done();
      if (signal.aborted) return;
      onOutcome(failed(item, toSplatError(error, 'io', `${item.input} could not be refined`)));
    }
  }
}

/** A backend whose callers do not wait for a pass of the network once `signal` aborts; the pass itself goes on. */
function interruptible(backend: InferenceBackend, signal: AbortSignal): InferenceBackend {
  const aborted = new Promise<never>((_, fail) => {
    signal.addEventListener('abort', () => fail(new SplatError('cancelled', 'Refining was cancelled.')));
  });
  // No pass may be waiting when the signal comes.
  aborted.catch(() => undefined);
  return {
    ...backend,
    createSession: async (onnx, weights) => {
      const session = await Promise.race([backend.createSession(onnx, weights), aborted]);
      return { ...session, run: (feeds) => Promise.race([session.run(feeds), aborted]) };
    },
  };
}
