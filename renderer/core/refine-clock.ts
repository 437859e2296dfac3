import type { Progress } from './progress.ts';
import type { FileStage } from './stages.ts';

/** The parts of a refinement whose time is told, in their order. */
const parts = ['sight', 'network', 'check'] as const;
export type RefinePart = (typeof parts)[number];

/** What each part of an earlier refinement took, in milliseconds for each splat of the scene. */
export type RefinePace = Readonly<Record<RefinePart, number>>;

/** Which part a stage belongs to, and where it begins and ends within it. */
const placeOfStage: Partial<Record<FileStage, readonly [part: RefinePart, from: number, to: number]>> = {
  region: ['sight', 0, 0.15],
  sight: ['sight', 0.15, 1],
  // Planning and the network take turns: both count the passes that are done.
  plan: ['network', 0, 1],
  network: ['network', 0, 1],
  check: ['check', 0, 0.25],
  reconcile: ['check', 0.25, 0.95],
  finish: ['check', 0.95, 1],
};
/** Shares of the time on a CPU, for a first refinement. */
const firstShares: RefinePace = { sight: 0.2, network: 0.4, check: 0.4 };
/** Of a part that is estimated, what may be shown as done before it is over: an estimate may be short. */
const shownAtEstimate = 0.85;
/** Of a part, what must be done before its own speed tells how long it takes. */
const tellsFrom = 0.1;

/** How far a refinement is, and how long it may still take. */
export interface RefineTime {
  /** 0..1; never falls. */
  readonly fraction: number;
  /** About; undefined while nothing is known to tell it by. */
  readonly remainingSeconds: number | undefined;
}

/**
 * Tells how far a refinement is and what time is left, from the progress that it reports and from what an earlier one
 * took on the same device; so it moves on within a pass of the network, which reports nothing.
 */
export class RefineClock {
  private readonly expectedMs: RefinePace;
  private readonly isKnown: boolean;
  private part = 0;
  private partStartedMs: number;
  /** Share of the current part that was reported, and when. */
  private reported = 0;
  private reportedMs: number;
  private fraction = 0;

  /**
   * @param splats of the scene
   * @param pace of an earlier refinement, undefined for the first
   */
  constructor(
    splats: number,
    pace: RefinePace | undefined,
    private readonly startedMs: number,
  ) {
    this.isKnown = pace !== undefined;
    const scale = pace === undefined ? 1 : splats;
    const { sight, network, check } = pace ?? firstShares;
    this.expectedMs = { sight: sight * scale, network: network * scale, check: check * scale };
    [this.partStartedMs, this.reportedMs] = [startedMs, startedMs];
  }

  /** Takes what the refinement reports. */
  heard({ stage, fraction }: Progress<FileStage>, nowMs: number): void {
    const place = placeOfStage[stage];
    if (place === undefined) return;
    const [name, from, to] = place;
    const part = parts.indexOf(name);
    if (part < this.part) return;
    if (part > this.part) [this.part, this.partStartedMs, this.reported] = [part, nowMs, 0];
    const share = from + (to - from) * Math.min(1, Math.max(0, fraction));
    if (share > this.reported) [this.reported, this.reportedMs] = [share, nowMs];
  }

  /** How far it is now. */
  at(nowMs: number): RefineTime {
    const elapsedMs = nowMs - this.partStartedMs;
    const partMs = this.partMs();
    const done = partMs === undefined ? this.reported : Math.max(this.reported, shownShare(elapsedMs / partMs));
    const expected = parts.map((part) => this.expectedMs[part]);
    const whole = expected.reduce((sum, value) => sum + value, 0);
    const before = expected.slice(0, this.part).reduce((sum, value) => sum + value, 0);
    const fraction = Math.min(1, (before + done * expected[this.part]) / whole);
    this.fraction = Math.max(this.fraction, fraction);
    const after = whole - before - expected[this.part];
    // A first refinement tells nothing before its views are done.
    if (!this.isKnown && this.part === 0) return { fraction: this.fraction, remainingSeconds: undefined };
    // What it has taken so far says how long a share of the whole takes.
    const reported = before + this.reported * expected[this.part];
    const msPerUnit = this.isKnown ? 1 : (this.reportedMs - this.startedMs) / reported;
    const ownMs = partMs ?? expected[this.part] * msPerUnit;
    const leftMs = Math.max(ownMs - elapsedMs, ownMs * (1 - done)) + after * msPerUnit;
    return { fraction: this.fraction, remainingSeconds: leftMs / 1000 };
  }

  /** What the current part takes in all: by its own speed where that tells, else by what was before it. */
  private partMs(): number | undefined {
    const expectedMs = this.expectedPartMs();
    if (this.reported < tellsFrom) return expectedMs;
    const ownMs = Math.max(1, this.reportedMs - this.partStartedMs) / this.reported;
    const trust = Math.min(1, 2 * this.reported);
    return expectedMs === undefined ? ownMs : trust * ownMs + (1 - trust) * expectedMs;
  }

  /** What the current part should take by the earlier refinement, or by the parts of this one that are over. */
  private expectedPartMs(): number | undefined {
    const expected = this.expectedMs[parts[this.part]];
    if (this.isKnown) return expected;
    const before = parts.slice(0, this.part).reduce((sum, part) => sum + this.expectedMs[part], 0);
    return before === 0 ? undefined : (expected * (this.partStartedMs - this.startedMs)) / before;
  }
}

/** What is shown of a part after a share of its estimated time: all too early, it moves on ever more slowly. */
function shownShare(share: number): number {
  if (share <= shownAtEstimate) return share;
  const rest = 1 - shownAtEstimate;
  return shownAtEstimate + rest * (1 - rest / (share - shownAtEstimate + rest));
}

/** What a refinement took, for the next one. @param milliseconds by stage, as its report has them */
export function paceOf(
  milliseconds: Readonly<Record<'sight' | 'load' | 'plan' | 'network' | 'check' | 'finish', number>>,
  splats: number,
): RefinePace {
  const { sight, load, plan, network, check, finish } = milliseconds;
  return { sight: sight / splats, network: (load + plan + network) / splats, check: (check + finish) / splats };
}
