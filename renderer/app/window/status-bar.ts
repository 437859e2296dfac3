import type { ShownExtent } from '../../core/shown-extent.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { splats } from '../../core/units.ts';
import { shortNumber } from '../ui/controls.ts';
import { el } from '../ui/dom.ts';
import type { Message } from '../document/document.ts';

/** What is said of a scene of which less is shown than all splats. */
const EXTENTS: Readonly<Record<ShownExtent, readonly [label: string, detail: string]>> = {
  whole: ['', ''],
  preview: ['Preview', 'A sample of the splats, enlarged, which stands for the scene until all of it is read.'],
  reduced: [
    'Shown reduced',
    'The graphics adapter would take too long to draw all of these splats, so merged ones stand for them in the ' +
      'window. What is saved, refined or selected is the whole scene.',
  ],
};

/** The row of facts below the scene. Facts that are not known are not shown. */
export class StatusBar {
  private readonly message = el('span', { class: 'message', 'aria-live': 'polite' });
  private readonly splats = el('span', { class: 'splats' });
  private readonly reduced = el('span', { class: 'reduced' });
  private readonly elevation = el('span', { class: 'elevation', title: 'Height of the view above what it looks at' });
  private readonly grid = el('span', { class: 'grid', title: 'Side of a square of the grid, in world units' });
  private readonly fov = el('span', { class: 'fov', title: 'Vertical field of view' });
  private readonly rate = el('span', { class: 'rate', title: 'Measured while the view moves' });
  private readonly adapter = el('span', { class: 'adapter' });

  constructor(root: HTMLElement) {
    root.append(this.message, this.splats, this.reduced, this.grid, this.elevation, this.fov, this.rate, this.adapter);
  }

  showMessage({ text, isError }: Message): void {
    this.message.textContent = text;
    this.message.title = text;
    this.message.classList.toggle('error', isError);
  }

  showScene(scene: SplatScene | undefined): void {
    this.splats.textContent = scene === undefined ? '' : `${splats(scene.count)} · SH ${scene.shDegree}`;
    this.splats.title =
      scene === undefined ? '' : `${scene.meta.format}${scene.meta.antialiased ? ', anti-aliased' : ''}`;
  }

  /** Says where the window shows less than all splats, whatever the camera does. */
  showExtent(extent: ShownExtent): void {
    const [label, detail] = EXTENTS[extent];
    setText(this.reduced, label);
    this.reduced.title = detail;
  }

  showView(elevationDegrees: number, fovYDegrees: number): void {
    setText(this.elevation, `Elevation ${Math.round(elevationDegrees)}°`);
    setText(this.fov, `FOV ${Math.round(fovYDegrees)}°`);
  }

  /** Says how large a square of the grid is; undefined where there is none. */
  showGrid(square: number | undefined): void {
    setText(this.grid, square === undefined ? '' : `Grid ${shortNumber(square)}`);
  }

  /** Frames a second as measured, or undefined while nothing has been measured. */
  showRate(framesPerSecond: number | undefined): void {
    setText(
      this.rate,
      framesPerSecond === undefined
        ? ''
        : `${framesPerSecond < 10 ? framesPerSecond.toFixed(1) : Math.round(framesPerSecond)} fps`,
    );
  }

  showAdapter({ label, detail }: { readonly label: string; readonly detail: string }): void {
    this.adapter.textContent = label;
    this.adapter.title = detail;
  }
}

/** Leaves the text node alone while it says the same: this runs with every frame. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
