import { byId } from '../ui/dom.ts';
import type { AppContext, Feature } from '../feature.ts';

const FOCUSABLE =
  'button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"], wa-slider, wa-select, wa-input, wa-switch';
/** What lies over the scene: the timeline, the photo's bar, the ways to compare, the batch and its table. */
const OVERLAID = '[role="group"], section, table';

/** F6 goes round the parts of the window, so that nobody has to tab through all of one to reach the next. */
export function focusFeature({ canvas, overlay }: AppContext): Feature {
  const goOn = (): void => {
    const parts: readonly HTMLElement[] = [
      canvas,
      ...overlay.querySelectorAll<HTMLElement>(OVERLAID),
      byId('banner'),
      byId('dock'),
      byId('rail'),
      byId('toolbar'),
    ];
    // The last one is the innermost: the batch's table, not the sheet that it is in.
    const from = parts.findLastIndex((part) => part.contains(document.activeElement));
    for (let step = 1; step <= parts.length; step++) {
      const part = parts[(from + step) % parts.length];
      const target =
        part === canvas
          ? canvas
          : [...part.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) => element.checkVisibility());
      if (target === undefined) continue;
      // The ring belongs to keyboards, and this command is one.
      target.focus({ focusVisible: true } as FocusOptions);
      return;
    }
  };
  return { commands: { 'view.nextPart': goOn } };
}
