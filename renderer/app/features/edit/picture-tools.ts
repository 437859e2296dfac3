import type { SplatScene } from '../../../core/splat-scene.ts';
import { selectByOutline, selectByPick, selectByStroke } from '../../../edit/picture-selection.ts';
import type { PicturePoint } from '../../../edit/picture-selection.ts';
import type { Combination, SplatMask } from '../../../edit/selection.ts';
import type { PictureAt } from '../../view/picture-at.ts';

/** Tools that select by a drag or a click on the picture. */
export type PictureTool = 'rectangle' | 'lasso' | 'brush' | 'pick';

export function isPictureTool(tool: string): tool is PictureTool {
  return ['rectangle', 'lasso', 'brush', 'pick'].includes(tool);
}

export interface PictureToolsParts {
  readonly canvas: HTMLCanvasElement;
  /** The layer above the canvas. */
  readonly layer: HTMLElement;
  /** What is drawn at a point of the canvas. */
  readonly pictureAt: (x: number, y: number) => PictureAt;
  /** The scene that is selected from. */
  readonly scene: () => SplatScene | undefined;
  readonly found: (found: SplatMask, how: Combination, tool: PictureTool) => void;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Draws with the pointer's main button on the canvas while a tool is chosen, in the place of turning the view; the
 * wheel and the other buttons move the view as ever. Shift adds to the selection, Alt takes out of it.
 */
export class PictureTools {
  /** Pixels. */
  brushRadius = 24;
  private tool: PictureTool | undefined;
  private points: PicturePoint[] = [];
  private readonly drawing = document.createElementNS(SVG, 'svg');
  private readonly outline = document.createElementNS(SVG, 'polyline');
  private readonly tip = document.createElementNS(SVG, 'circle');

  constructor(private readonly parts: PictureToolsParts) {
    const { canvas, layer } = parts;
    this.drawing.setAttribute('class', 'picture-tool');
    this.drawing.append(this.outline, this.tip);
    layer.append(this.drawing);
    this.use(undefined);
    // Before the controls of the view, which listen to the canvas too.
    canvas.addEventListener('pointerdown', (event) => this.pressed(event), { capture: true });
    canvas.addEventListener('pointermove', (event) => this.showTip(event));
    canvas.addEventListener('pointerleave', () => this.tip.setAttribute('r', '0'));
  }

  /** Chooses a tool; undefined gives the main button back to the view. */
  use(tool: PictureTool | undefined): void {
    if (tool === this.tool && tool !== undefined) return;
    this.tool = tool;
    this.parts.canvas.classList.toggle('selecting', tool !== undefined);
    this.clear();
  }

  private pressed(down: PointerEvent): void {
    const { tool } = this;
    const { canvas } = this.parts;
    if (tool === undefined || down.button !== 0 || this.parts.scene() === undefined) return;
    down.stopImmediatePropagation();
    canvas.focus();
    canvas.setPointerCapture(down.pointerId);
    this.points = [pointOf(down)];
    const moved = (event: PointerEvent): void => this.draw(tool, event);
    const ended = (event: PointerEvent): void => {
      canvas.removeEventListener('pointermove', moved);
      canvas.removeEventListener('lostpointercapture', ended);
      this.select(tool, event);
    };
    canvas.addEventListener('pointermove', moved);
    canvas.addEventListener('lostpointercapture', ended);
    this.draw(tool, down);
  }

  private draw(tool: PictureTool, event: PointerEvent): void {
    if (tool === 'pick') return;
    if (tool === 'rectangle') this.points = [this.points[0], pointOf(event)];
    else this.points.push(pointOf(event));
    const shown = tool === 'rectangle' ? corners(this.points) : this.points;
    const closed = tool === 'brush' ? shown : [...shown, shown[0]];
    this.outline.setAttribute('points', closed.map((point) => point.join()).join(' '));
    this.outline.setAttribute('class', tool);
    this.outline.setAttribute('stroke-width', String(tool === 'brush' ? 2 * this.brushRadius : 1.5));
  }

  private select(tool: PictureTool, { shiftKey, altKey }: PointerEvent): void {
    const scene = this.parts.scene();
    const drawn = this.points;
    this.clear();
    if (scene === undefined) return;
    // Of two pictures side by side the one in which the drag began counts.
    const [fromX, fromY] = drawn[0];
    const { camera, x, y } = this.parts.pictureAt(fromX, fromY);
    const points = drawn.map((point): PicturePoint => [point[0] - fromX + x, point[1] - fromY + y]);
    const found = {
      rectangle: () => selectByOutline(scene, camera, corners(points)),
      lasso: () => selectByOutline(scene, camera, points),
      brush: () => selectByStroke(scene, camera, points, this.brushRadius),
      pick: () => selectByPick(scene, camera, points[0]),
    }[tool]();
    this.parts.found(found, altKey ? 'subtract' : shiftKey ? 'add' : 'replace', tool);
  }

  private showTip(event: PointerEvent): void {
    const [x, y] = pointOf(event);
    this.tip.setAttribute('cx', String(x));
    this.tip.setAttribute('cy', String(y));
    this.tip.setAttribute('r', this.tool === 'brush' ? String(this.brushRadius) : '0');
  }

  private clear(): void {
    this.points = [];
    this.outline.setAttribute('points', '');
    this.tip.setAttribute('r', '0');
  }
}

function pointOf({ offsetX, offsetY }: PointerEvent): PicturePoint {
  return [offsetX, offsetY];
}

function corners(points: readonly PicturePoint[]): PicturePoint[] {
  const [ax, ay] = points[0];
  const [bx, by] = points[points.length - 1];
  return [
    [ax, ay],
    [bx, ay],
    [bx, by],
    [ax, by],
  ];
}
