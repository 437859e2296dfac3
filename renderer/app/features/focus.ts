import { byId } from '../ui/dom.ts';
import type { AppContext, Feature } from '../feature.ts';

const FOCUSABLE =
  'button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"], ' +
  'wa-slider, wa-select, wa-input, wa-switch';
/** What lies over the scene: the timeline, the photo's bar, the ways to compare, the batch and its table. */
const OVERLAID = '[role="group"], section, table';

/** F6 goes round the parts of the window, so that nobody has to tab through all of one to reach the next. */
export class FocusFeature implements Feature {
  readonly commands = { 'view.nextPart': () => this.goOn() };

  constructor(private readonly context: AppContext) {}

  private goOn(): void {
    const parts = this.parts();
    // The last one is the innermost: the batch's table, not the sheet that it is in.
    const from = parts.findLastIndex((part) => part.contains(document.activeElement));
    for (let step = 1; step <= parts.length; step++) {
      const target = this.targetIn(parts[(from + step) % parts.length]);
      if (target === undefined) continue;
      // The ring belongs to keyboards, and this command is one.
      target.focus({ focusVisible: true });
      return;
    }
  }

  private parts(): readonly HTMLElement[] {
    const { canvas, overlay } = this.context;
    const overlaid = overlay.querySelectorAll<HTMLElement>(OVERLAID);
    return [canvas, ...overlaid, byId('banner'), byId('dock'), byId('rail'), byId('toolbar')];
  }

  private targetIn(part: HTMLElement): HTMLElement | undefined {
    if (part === this.context.canvas) return part;
    return [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) => element.checkVisibility());
  }
}
