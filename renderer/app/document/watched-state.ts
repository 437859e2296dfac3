/** A state that is replaced as a whole, and those who watch it. */
export class WatchedState<State extends object> {
  private readonly listeners: ((state: State, before: State) => void)[] = [];
  /** Changes that not everyone has been told of. */
  private untold: (readonly [state: State, before: State])[] = [];
  private isTelling = false;

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  /** Calls `listener` at once, and after each change. */
  watch(listener: (state: State, before: State) => void): void {
    this.listeners.push(listener);
    listener(this.current, this.current);
  }

  /**
   * Changes the state at once and tells everyone. A change that a listener makes is told after the one at hand, so that
   * all see the same changes in the same order.
   */
  update(patch: Partial<State>): void {
    const before = this.current;
    this.current = { ...before, ...patch };
    this.untold.push([this.current, before]);
    if (this.isTelling) return;
    this.isTelling = true;
    try {
      for (let change = this.untold.shift(); change !== undefined; change = this.untold.shift())
        for (const listener of this.listeners) listener(...change);
    } finally {
      this.isTelling = false;
      this.untold = [];
    }
  }
}
