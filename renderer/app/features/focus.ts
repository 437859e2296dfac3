import { byId } from '../dom.ts';
import type { AppContext, Feature } from '../feature.ts';

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex="0"], wa-slider, wa-select, wa-input, wa-switch';

/** F6 goes round the parts of the window, so that nobody has to tab through all of one to reach the next. */
export function focusFeature({ canvas }: AppContext): Feature {
  const parts = [canvas, byId('dock'), byId('rail'), byId('toolbar')];
  const goOn = (): void => {
    const from = parts.findIndex((part) => part.contains(document.activeElement));
    for (let step = 1; step <= parts.length; step++) {
      const part = parts[(from + step) % parts.length] as HTMLElement;
      const target = part === canvas ? canvas : part.querySelector<HTMLElement>(FOCUSABLE);
      if (part.hidden || target === null) continue;
      // The ring belongs to keyboards, and this command is one.
      target.focus({ focusVisible: true } as FocusOptions);
      return;
    }
  };
  return { commands: { 'view.nextPart': goOn } };
}
