import { cameraCentre } from '../../../core/camera-parameters.ts';
import {
  ASSUMED_ELEVATION_DEGREES,
  cameraCentres,
  elevationOf,
  noveltyByCameras,
  noveltyByElevation,
} from '../../../judge/novelty.ts';
import type { Novelty, NoveltyLevel } from '../../../judge/novelty.ts';
import { shownScene } from '../../document/document.ts';
import { el } from '../../ui/dom.ts';
import type { AppContext } from '../../feature.ts';
import type { CaptureStore } from './capture-store.ts';

const LEVEL_TEXTS: Record<NoveltyLevel, string> = {
  inside: 'Seen by the capture',
  edge: 'Beside the capture',
  outside: 'Far from the capture',
};
const ASSUMED_TEXTS: Record<NoveltyLevel, string> = {
  inside: 'Likely seen',
  edge: 'Likely beside the capture',
  outside: 'Likely far from the capture',
};
/** Distances nearer than this to the capture's own are not worth a word. */
const NOTABLE_RATIO = 1.25;

/** A chip over the scene that says how far the view is from those that were photographed. */
export class Gauge {
  private readonly text = el('span');
  private readonly element = el(
    'div',
    { class: 'gauge' },
    el('span', { class: 'dot', 'aria-hidden': 'true' }),
    this.text,
  );
  private centres: Float64Array = new Float64Array(0);

  constructor(
    private readonly context: Pick<AppContext, 'viewport' | 'canvas' | 'corner' | 'document'>,
    store: CaptureStore,
    private readonly isWanted: () => boolean,
  ) {
    this.element.setAttribute('role', 'note');
    context.corner.append(this.element);
    store.watch(({ capture }, before) => {
      if (capture !== before.capture)
        this.centres = cameraCentres(capture?.cameras.map(({ parameters }) => parameters) ?? []);
      this.show();
    });
    context.viewport.watchFrames(() => this.show());
  }

  show(): void {
    const { viewport, canvas, document } = this.context;
    this.element.hidden = !this.isWanted() || shownScene(document.state) === undefined;
    if (this.element.hidden) return;
    const camera = viewport.view.parameters(Math.max(1, canvas.clientWidth), Math.max(1, canvas.clientHeight));
    const { centre, up } = viewport.view.guidesFrame;
    const novelty =
      this.centres.length === 0
        ? noveltyByElevation(elevationOf(camera, centre, up))
        : noveltyByCameras(cameraCentre(camera.worldToView), this.centres, centre);
    this.element.dataset['level'] = novelty.level;
    this.element.title = titleOf(novelty);
    this.text.textContent = textOf(novelty);
  }
}

function textOf({ level, angleDegrees, distanceRatio, nearest }: Novelty): string {
  const degrees = `${Math.round(angleDegrees)}°`;
  if (nearest === undefined) return `${ASSUMED_TEXTS[level]} · ${degrees}`;
  return `${LEVEL_TEXTS[level]} · ${degrees}${distanceText(distanceRatio ?? 1)}`;
}

function distanceText(ratio: number): string {
  if (ratio > NOTABLE_RATIO) return ` · ${ratio.toFixed(1)}× as far`;
  if (ratio < 1 / NOTABLE_RATIO) return ` · ${(1 / ratio).toFixed(1)}× nearer`;
  return '';
}

function titleOf({ nearest, distanceRatio }: Novelty): string {
  if (nearest === undefined) {
    return (
      'No cameras are known, so the height alone counts: ' +
      `photos from up to ${ASSUMED_ELEVATION_DEGREES}° above or below the middle are assumed. ` +
      "Open the capture's cameras (Camera > Open Cameras…) for the real angle."
    );
  }
  return (
    "Angle about the scene's middle to the nearest of the capture's cameras; " +
    `the view is ${(distanceRatio ?? 1).toFixed(2)} times as far from the middle as that camera. ` +
    'Far from the photos a scene shows what was never seen.'
  );
}
