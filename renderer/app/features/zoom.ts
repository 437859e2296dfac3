import type { AppContext, Feature } from '../feature.ts';

/** The steps that browsers have; main accepts anything between. */
export const ZOOM_STEPS = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300] as const;

/** The next larger (direction 1) or smaller (-1) step, or undefined at the end. */
export function nextZoom(percent: number, direction: 1 | -1): number | undefined {
  return direction === 1 ? ZOOM_STEPS.find((step) => step > percent) : ZOOM_STEPS.findLast((step) => step < percent);
}

/** Size of texts and controls; the scene is drawn at the screen's own pixels whatever the zoom. */
export function zoomFeature({ memory, document }: AppContext): Feature {
  const zoomTo = (zoomPercent: number | undefined): void => {
    if (zoomPercent === undefined) return;
    memory.change({ zoomPercent });
    document.say(`Zoom ${zoomPercent}%.`);
  };
  return {
    commands: {
      'view.zoomIn': () => zoomTo(nextZoom(memory.current.zoomPercent, 1)),
      'view.zoomOut': () => zoomTo(nextZoom(memory.current.zoomPercent, -1)),
      'view.zoomReset': () => zoomTo(100),
    },
    state: () => {
      const { zoomPercent } = memory.current;
      return {
        disabled: [
          ...(nextZoom(zoomPercent, 1) === undefined ? ['view.zoomIn' as const] : []),
          ...(nextZoom(zoomPercent, -1) === undefined ? ['view.zoomOut' as const] : []),
          ...(zoomPercent === 100 ? ['view.zoomReset' as const] : []),
        ],
        checked: [],
      };
    },
  };
}
