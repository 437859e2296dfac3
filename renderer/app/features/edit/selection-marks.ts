import type { CameraParameters } from '../../../core/camera-parameters.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import type { Ball } from '../../../core/subject.ts';
import type { Rgb } from '../../../core/vector.ts';
import { markedBalls } from '../../../edit/marked-balls.ts';
import type { SplatMask } from '../../../edit/selection.ts';
import { projectPoint } from '../../../edit/shapes.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** What is seen with a smaller radius gets a mark; the mark's ring has this one, in CSS pixels. */
const RING_RADIUS = 11;
const CROSS = 'M0 -19V-13 M0 13V19 M-19 0H-13 M13 0H19';

export interface Marked {
  readonly mask: SplatMask;
  readonly colour: Rgb;
}

/** Rings around marked splats that are so few, or seen so small, that their colour alone would not be found. */
export class SelectionMarks {
  private readonly root = document.createElementNS(SVG, 'svg');
  private marks: readonly { readonly ball: Ball; readonly mark: SVGElement }[] = [];
  private shown: (Marked & { readonly scene: SplatScene }) | undefined;

  constructor(
    private readonly layer: HTMLElement,
    /** Undefined where no one camera shows the picture. */
    private readonly camera: (width: number, height: number) => CameraParameters | undefined,
  ) {
    this.root.setAttribute('class', 'selection-marks');
    layer.append(this.root);
  }

  /**
   * Marks splats of a scene; undefined takes all marks away.
   * @param scene as it is drawn
   */
  show(scene: SplatScene | undefined, marked: Marked | undefined): void {
    const isSame = scene === this.shown?.scene && marked?.mask === this.shown?.mask;
    if (isSame && marked?.colour === this.shown?.colour) return;
    const isOf = scene !== undefined && marked?.mask.length === scene.count;
    this.shown = isOf ? { ...marked, scene } : undefined;
    this.marks = this.shown === undefined ? [] : markedBalls(this.shown.scene, this.shown.mask).map(withMark);
    this.root.style.color = `rgb(${marked?.colour.map((part) => Math.round(255 * part)).join() ?? ''})`;
    this.root.replaceChildren(...this.marks.map(({ mark }) => mark));
    this.position();
  }

  /** Puts the marks where the camera sees their splats; call it after each frame. */
  position(): void {
    if (this.marks.length === 0) return;
    const camera = this.camera(this.layer.clientWidth, this.layer.clientHeight);
    for (const { ball, mark } of this.marks) {
      const at = camera === undefined ? undefined : projectPoint(camera, ball.centre);
      const isSmall = at !== undefined && (ball.radius * (camera?.fx ?? 0)) / at.depth < RING_RADIUS;
      mark.classList.toggle('off', !isSmall);
      if (isSmall) mark.setAttribute('transform', `translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`);
    }
  }
}

function withMark(ball: Ball): { readonly ball: Ball; readonly mark: SVGElement } {
  const mark = document.createElementNS(SVG, 'g');
  const ring = document.createElementNS(SVG, 'circle');
  ring.setAttribute('r', String(RING_RADIUS));
  const cross = document.createElementNS(SVG, 'path');
  cross.setAttribute('d', CROSS);
  mark.append(ring, cross);
  return { ball, mark };
}
