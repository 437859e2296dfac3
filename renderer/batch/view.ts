import { formatOfName, isFolderFormat } from '../core/writable-formats.ts';
import type { ErrorRecord } from '../core/errors.ts';
import type { BatchProgress } from './progress.ts';
import type { BatchItem, BatchQueue, BatchSettings, ItemState, RunState } from './queue.ts';

/** The batch as the page may see it: names instead of paths. */

export interface BatchRow {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly bytes: number;
  readonly state: ItemState;
  readonly splats?: number;
  readonly outputName?: string;
  readonly outputBytes?: number;
  /** Sentences on the answer, such as what its format can't hold. */
  readonly notes?: readonly string[];
  readonly milliseconds?: number;
  readonly error?: ErrorRecord;
}

export interface BatchSettingsView extends Pick<BatchSettings, 'pattern' | 'format' | 'strength' | 'up' | 'replace'> {
  /** The output folder's last two names; empty while there is none. */
  readonly outputFolder: string;
  readonly modelName: string;
  readonly usesShippedModel: boolean;
}

export interface BatchStatus {
  readonly run: RunState;
  /** Paused, and nothing computes any more. */
  readonly isHeld: boolean;
  /** The app ended in the middle of this batch, and going on is on offer. */
  readonly offersResume: boolean;
  /** What stopped the whole batch, not one file of it. */
  readonly problem?: ErrorRecord;
  readonly settings: BatchSettingsView;
}

/** The file under way, and the whole. */
export interface BatchProgressView extends BatchProgress {
  readonly id: string;
  readonly stage: string;
  /** Of this file, 0 to 1. */
  readonly fileFraction: number;
  readonly splats?: number;
  /** Since this file was started. */
  readonly elapsedMs: number;
  /** Estimate; absent before the first file is done. */
  readonly remainingMs?: number;
}

export interface BatchView {
  readonly rows: readonly BatchRow[];
  readonly status: BatchStatus;
}

export interface BatchAdded {
  readonly added: number;
  /** Scenes that the list held already. */
  readonly known: number;
  /** glTF models without splats that were left out. */
  readonly models: number;
}

/** What changed since the last message or view. New rows come at the end. */
export interface BatchChange {
  readonly rows?: readonly BatchRow[];
  readonly removed?: readonly string[];
  readonly status?: BatchStatus;
  readonly progress?: BatchProgressView;
}

export function rowOf({ id, input, folder, bytes, state, output, result, milliseconds, error }: BatchItem): BatchRow {
  return {
    id,
    name: lastName(input),
    folder,
    bytes,
    state,
    ...(result === undefined ? {} : { splats: result.splats, outputBytes: result.outputBytes }),
    // Its name is reserved while the file is refined, but there is no such file yet.
    ...(output === undefined || result === undefined ? {} : { outputName: lastName(output) }),
    ...(result?.notes === undefined ? {} : { notes: result.notes }),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(error === undefined ? {} : { error }),
  };
}

/** Rows that differ between two states of a queue, and those that are gone. */
export function difference(before: BatchQueue, after: BatchQueue): Pick<BatchChange, 'rows' | 'removed'> {
  if (before.items === after.items) return {};
  const old = new Map(before.items.map((item) => [item.id, item]));
  const rows: BatchRow[] = [];
  for (const item of after.items) {
    if (old.get(item.id) !== item) rows.push(rowOf(item));
    old.delete(item.id);
  }
  return { ...(rows.length === 0 ? {} : { rows }), ...(old.size === 0 ? {} : { removed: [...old.keys()] }) };
}

export function settingsView(
  { outputFolder, pattern, format, model, strength, up, replace }: BatchSettings,
  shippedModelName: string,
): BatchSettingsView {
  return {
    outputFolder:
      outputFolder === undefined
        ? ''
        : outputFolder
            .split(/[/\\]/)
            .filter((part) => part !== '')
            .slice(-2)
            .join(' / '),
    pattern,
    format,
    strength,
    up,
    replace,
    modelName: model?.name ?? shippedModelName,
    usesShippedModel: model === null,
  };
}

/** The name of a file, or of the folder that is a scene of its own. */
function lastName(path: string): string {
  return path.split(/[/\\]/).at(isFolderFormat(formatOfName(path)) ? -2 : -1) ?? path;
}
