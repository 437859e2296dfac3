import type { ViewSettings } from '../../bridge/settings.ts';

/** The choices that are remembered between starts: read anywhere, changed in one place, written by main. */
export class ViewMemory {
  private readonly listeners: ((settings: ViewSettings) => void)[] = [];

  constructor(private settings: ViewSettings) {}

  get current(): ViewSettings {
    return this.settings;
  }

  /** Calls `listener` after each change. */
  watch(listener: (settings: ViewSettings) => void): void {
    this.listeners.push(listener);
  }

  change(patch: Partial<ViewSettings>): void {
    this.settings = { ...this.settings, ...patch };
    void window.desktop.rememberView(this.settings);
    for (const listener of this.listeners) listener(this.settings);
  }
}
