/** One state that the document was in, and the step that led to it. */
export interface HistoryStep<T> {
  /** What the step did, as it follows Undo in the menu: `Refine`, `Delete 12 Splats`. */
  readonly label: string;
  readonly state: T;
  /** Steps in a row with the same key are one: a slider's drag. */
  readonly key?: string | undefined;
}

/** What was done and can be undone and redone, as an immutable value. */
export interface History<T> {
  /** Oldest first; never empty. The first one's label is not shown: nothing leads back behind it. */
  readonly steps: readonly HistoryStep<T>[];
  /** The step that the document shows. */
  readonly index: number;
  /** Steps that were let go to stay within the memory budget. */
  readonly dropped: number;
}

/** Memory that a history may hold before its oldest steps go: about ten scenes of a million splats. */
export const HISTORY_BYTES = 1.5 * 2 ** 30;

export function startHistory<T>(label: string, state: T): History<T> {
  return { steps: [{ label, state }], index: 0, dropped: 0 };
}

export function presentState<T>(history: History<T>): T {
  return history.steps[history.index].state;
}

/**
 * Adds a step after the present one; what had been undone is gone. A step with the present one's key takes its place.
 */
export function addStep<T>(history: History<T>, step: HistoryStep<T>): History<T> {
  const present = history.steps[history.index];
  const merges = step.key !== undefined && step.key === present.key && history.index > 0;
  const kept = history.steps.slice(0, merges ? history.index : history.index + 1);
  return { ...history, steps: [...kept, step], index: kept.length };
}

/** The history at another of its steps; one that it does not have is the nearest. */
export function goToStep<T>(history: History<T>, index: number): History<T> {
  return { ...history, index: Math.max(0, Math.min(history.steps.length - 1, index)) };
}

/** What Undo would take back; undefined where there is nothing. */
export function undoLabel<T>(history: History<T>): string | undefined {
  return history.index === 0 ? undefined : history.steps[history.index].label;
}

/** What Redo would do again; undefined where there is nothing. */
export function redoLabel<T>(history: History<T>): string | undefined {
  return history.steps[history.index + 1]?.label;
}

/** Bytes that all steps hold together; what steps share counts once. */
export function historyBytes<T>(
  steps: readonly HistoryStep<T>[],
  buffersOf: (state: T) => Iterable<ArrayBufferLike>,
): number {
  const buffers = new Set<ArrayBufferLike>();
  for (const { state } of steps) for (const buffer of buffersOf(state)) buffers.add(buffer);
  let bytes = 0;
  for (const buffer of buffers) bytes += buffer.byteLength;
  return bytes;
}

/**
 * Lets the oldest steps go until the rest holds no more than `budgetBytes`, then the furthest undone ones; the present
 * step and the one before it always stay, so that the last change can be undone whatever it costs.
 */
export function trimHistory<T>(
  history: History<T>,
  budgetBytes: number,
  buffersOf: (state: T) => Iterable<ArrayBufferLike>,
): History<T> {
  let { steps, index, dropped } = history;
  while (historyBytes(steps, buffersOf) > budgetBytes) {
    if (index > 1) {
      steps = steps.slice(1);
      index--;
    } else if (index < steps.length - 1) {
      steps = steps.slice(0, -1);
    } else break;
    dropped++;
  }
  return dropped === history.dropped ? history : { steps, index, dropped };
}
