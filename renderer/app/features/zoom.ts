import type { CommandId } from '../../bridge/commands.ts';
import type { AppContext, Feature, FeatureState } from '../feature.ts';

/** The steps that browsers have; main accepts anything between. */
export const ZOOM_STEPS = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300] as const;

/** The next larger (direction 1) or smaller (-1) step, or undefined at the end. */
export function nextZoom(percent: number, direction: 1 | -1): number | undefined {
  return direction === 1 ? ZOOM_STEPS.find((step) => step > percent) : ZOOM_STEPS.findLast((step) => step < percent);
}

/** Size of texts and controls; the scene is drawn at the screen's own pixels whatever the zoom. */
export class ZoomFeature implements Feature {
  readonly commands: Feature['commands'] = {
    'view.zoomIn': () => this.zoomTo(nextZoom(this.percent, 1)),
    'view.zoomOut': () => this.zoomTo(nextZoom(this.percent, -1)),
    'view.zoomReset': () => this.zoomTo(100),
  };

  constructor(private readonly context: AppContext) {}

  state(): FeatureState {
    const disabled: CommandId[] = [];
    if (nextZoom(this.percent, 1) === undefined) disabled.push('view.zoomIn');
    if (nextZoom(this.percent, -1) === undefined) disabled.push('view.zoomOut');
    if (this.percent === 100) disabled.push('view.zoomReset');
    return { disabled, checked: [] };
  }

  private get percent(): number {
    return this.context.memory.current.zoomPercent;
  }

  private zoomTo(zoomPercent: number | undefined): void {
    if (zoomPercent === undefined) return;
    this.context.memory.change({ zoomPercent });
    this.context.document.say(`Interface size ${zoomPercent} %.`);
  }
}
