/** A state that is replaced as a whole, and those who watch it. */
export class WatchedState<State extends object> {
  private readonly listeners: ((state: State, before: State) => void)[] = [];

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  /** Calls `listener` at once, and after each change. */
  watch(listener: (state: State, before: State) => void): void {
    this.listeners.push(listener);
    listener(this.current, this.current);
  }

  update(patch: Partial<State>): void {
    const before = this.current;
    this.current = { ...before, ...patch };
    for (const listener of this.listeners) listener(this.current, before);
  }
}
