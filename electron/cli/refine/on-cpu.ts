import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toSplatError } from '../../../renderer/core/errors.ts';
import { createNodeBackend } from '../../../renderer/refine/backend-node.ts';
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
  readonly settings: Pick<RefineSettings, 'strength' | 'up' | 'format'>;
  /** The line that every answer carries. */
  readonly comment: string;
  readonly display: RunDisplay;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

/** Refines scene after scene by native code in this process. A scene that fails does not stop the others. */
export async function refineOnCpu(
  { model }: OpenModel,
  { items, settings, comment, display, onOutcome, signal }: RefineRun,
): Promise<void> {
  const refine = refinerOf(model, createNodeBackend());
  for (const { item, place } of items) {
    const progress = display.progressOf(item, place);
    try {
      await mkdir(dirname(item.output), { recursive: true });
      const { report } = await refineFile(item.input, item.output, {
        refine,
        ...settings,
        overwrite: true,
        comment,
        signal,
        onProgress: progress.listener,
      });
      progress.done();
      onOutcome(refined(item, report));
    } catch (error) {
      progress.done();
      if (signal.aborted) return;
      onOutcome(failed(item, toSplatError(error, 'io', `${item.input} could not be refined`)));
    }
  }
}
