/** How long the line takes from before to after. */
const SWEEP_MS = 1800;

/**
 * Moves a line over the picture once, from all before to all after or to where the line is to stay. Whoever touches
 * anything meanwhile has seen enough: the first key or press ends it.
 */
export class Sweep {
  private current: number | undefined;
  private startedMs = 0;
  private end = 0;

  /** @param moved called with each new place of the line, and once it is over */
  constructor(private readonly moved: () => void) {
    for (const event of ['keydown', 'pointerdown', 'wheel'] as const)
      window.addEventListener(event, () => this.stop(), { capture: true, passive: true });
  }

  /** Share of the picture that shows before, 1 to 0; undefined while no sweep is under way. */
  get position(): number | undefined {
    return this.current;
  }

  /** @param end share of the picture that shows before when it is over */
  start(end = 0): void {
    this.end = end;
    this.startedMs = performance.now();
    this.current = 1;
    this.moved();
    requestAnimationFrame(this.step);
  }

  stop(): void {
    if (this.current === undefined) return;
    this.current = undefined;
    this.moved();
  }

  private readonly step = (): void => {
    if (this.current === undefined) return;
    const share = (performance.now() - this.startedMs) / SWEEP_MS;
    if (share >= 1) return this.stop();
    this.current = sweepPosition(share, this.end);
    this.moved();
    requestAnimationFrame(this.step);
  };
}

/** Where the line is after a share of the time, on its way from 1 to `end`: it starts and ends gently. */
export function sweepPosition(share: number, end = 0): number {
  return 1 - (1 - end) * share * share * (3 - 2 * share);
}
