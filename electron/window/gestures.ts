/** A link opens well within this time of the click or key that asks for it. */
const LONGEST_MS = 1000;
const TYPES: ReadonlySet<string> = new Set(['mouseDown', 'mouseUp', 'rawKeyDown', 'keyDown', 'gestureTap']);

/** What a person did to a window last: each click or key may have one thing happen outside of it. */
export class Gestures {
  private lastMs = -Infinity;

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** Notes one of Electron's input events. */
  note(type: string): void {
    if (TYPES.has(type)) this.lastMs = this.nowMs();
  }

  /** Whether a person did something just now that nothing came of yet. */
  take(): boolean {
    const isFresh = this.nowMs() - this.lastMs < LONGEST_MS;
    this.lastMs = -Infinity;
    return isFresh;
  }
}
