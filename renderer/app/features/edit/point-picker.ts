import { pickPoint } from '../../../camera/pick.ts';
import type { Vec3 } from '../../../core/vector.ts';
import { projectPoint } from '../../../edit/shapes.ts';
import { el } from '../../ui/dom.ts';
import type { PictureAt } from '../../view/picture-at.ts';

export interface PointPickerParts {
  readonly canvas: HTMLCanvasElement;
  /** The layer above the canvas. */
  readonly layer: HTMLElement;
  /** What is drawn at a point of the canvas. */
  readonly pictureAt: (x: number, y: number) => PictureAt;
  /** After each point, and once it was given up. */
  readonly changed: () => void;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A pointer that moved less than this between press and release has clicked, in CSS pixels. */
const CLICK_PIXELS = 4;

/**
 * Lets a person click points of the scene, and keeps a mark on each and a line along them; drags turn the view as
 * ever.
 */
export class PointPicker {
  private chosen: readonly Vec3[] = [];
  private wanted = 0;
  private done: ((points: readonly Vec3[]) => void) | undefined;
  private readonly root = el('div', { class: 'picked-points' });
  private readonly line = document.createElementNS(SVG, 'polyline');
  private marks: readonly HTMLElement[] = [];
  private down: readonly [number, number] | undefined;
  /** Where the last point was clicked: the marks stand in that picture, of two side by side. */
  private last: readonly [number, number] = [0, 0];

  constructor(private readonly parts: PointPickerParts) {
    const { canvas, layer } = parts;
    const drawing = document.createElementNS(SVG, 'svg');
    drawing.append(this.line);
    this.root.append(drawing);
    layer.append(this.root);
    canvas.addEventListener('pointerdown', ({ offsetX, offsetY }) => (this.down = [offsetX, offsetY]));
    canvas.addEventListener('click', ({ offsetX, offsetY }) => this.clicked(offsetX, offsetY));
  }

  /** The points so far. */
  get points(): readonly Vec3[] {
    return this.chosen;
  }

  /** How many points are still to be clicked. */
  get missing(): number {
    return this.wanted - this.chosen.length;
  }

  /** Begins anew with no points, and calls `done` with all of them after the last. */
  start(count: number, done: (points: readonly Vec3[]) => void): void {
    this.done = done;
    this.set([], count);
  }

  /** Takes the marks away and waits for no more points. */
  clear(): void {
    this.set([], 0);
  }

  /** Puts the marks where the camera sees them; call it after each frame. */
  position(): void {
    if (this.chosen.length === 0) return this.line.setAttribute('points', '');
    const { camera, x, y } = this.parts.pictureAt(...this.last);
    const [left, top] = [this.last[0] - x, this.last[1] - y];
    const places = this.chosen.map((point) => {
      const at = projectPoint(camera, point);
      return at && { x: at.x + left, y: at.y + top };
    });
    places.forEach((at, index) => {
      const mark = this.marks[index];
      mark.hidden = at === undefined;
      if (at !== undefined) mark.style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px)`;
    });
    const seen = places.filter((at) => at !== undefined);
    this.line.setAttribute('points', seen.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '));
  }

  private clicked(x: number, y: number): void {
    const [fromX, fromY] = this.down ?? [x, y];
    if (this.missing <= 0 || Math.hypot(x - fromX, y - fromY) > CLICK_PIXELS) return;
    const at = this.parts.pictureAt(x, y);
    const point = at.scene === undefined ? undefined : pickPoint(at.scene, at.camera, at.x, at.y);
    if (point === undefined) return;
    this.last = [x, y];
    this.set([...this.chosen, point], this.wanted);
    if (this.missing === 0) this.done?.(this.chosen);
  }

  private set(points: readonly Vec3[], wanted: number): void {
    const isSame = points.length === this.chosen.length && wanted === this.wanted;
    this.chosen = points;
    this.wanted = wanted;
    this.parts.canvas.classList.toggle('picking', this.missing > 0);
    for (const mark of this.marks) mark.remove();
    this.marks = points.map((_, index) => el('span', { text: String(index + 1) }));
    this.root.append(...this.marks);
    this.position();
    if (!isSame) this.parts.changed();
  }
}
