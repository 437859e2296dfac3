import type { CameraParameters } from '../../core/camera-parameters.ts';
import type { Shape } from '../../edit/shapes.ts';
import { dragHandle, handlesOf, moveSide, projectPoint } from '../../edit/shapes.ts';
import { el } from '../ui/dom.ts';

/** How far an arrow key moves a handle; with Shift ten times as far. */
const KEY_PIXELS = 4;
/** The farthest knob stands at least this far from the middle: those of a small shape would hide each other. */
const LEAST_REACH_PIXELS = 36;
const NAMES: Readonly<Record<string, string>> = {
  centre: 'Centre',
  'x+': 'Side towards +x',
  'x-': 'Side towards −x',
  'y+': 'Side towards +y',
  'y-': 'Side towards −y',
  'z+': 'Side towards +z',
  'z-': 'Side towards −z',
};
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface ShapeHandlesParts {
  /** The layer above the canvas. */
  readonly layer: HTMLElement;
  /** The view's camera for a picture of this size in CSS pixels. */
  readonly camera: (width: number, height: number) => CameraParameters;
  readonly changed: (shape: Shape) => void;
  /** A pointer takes hold of a knob: what follows is a drag of its own. */
  readonly grabbed?: () => void;
  /** It let go of it. */
  readonly released?: () => void;
  /** Tells the knobs of several shapes apart, in CSS and for screen readers. */
  readonly name?: string;
}

/** Knobs on a shape in the view: its centre and the middle of each side, dragged or moved by arrow keys. */
export class ShapeHandles {
  private readonly root = el('div');
  private readonly knobs = new Map<string, HTMLButtonElement>();
  private shape: Shape | undefined;

  constructor(private readonly parts: ShapeHandlesParts) {
    const { name: shapeName } = parts;
    this.root.className = shapeName === undefined ? 'shape-handles' : `shape-handles ${shapeName.toLowerCase()}`;
    for (const [id, side] of Object.entries(NAMES)) {
      const name = shapeName === undefined ? side : `${shapeName}: ${side}`;
      const knob = el('button', {
        class: `shape-handle axis-${id[0]}`,
        'aria-label': name,
        title: name,
        'data-handle': id,
      });
      knob.type = 'button';
      knob.addEventListener('pointerdown', (event) => this.pressed(knob, id, event));
      knob.addEventListener('keydown', (event) => this.keyed(id, event));
      this.knobs.set(id, knob);
      this.root.append(knob);
    }
    this.root.hidden = true;
    parts.layer.append(this.root);
  }

  /** Shows the handles of a shape; undefined hides them. */
  show(shape: Shape | undefined): void {
    this.shape = shape;
    this.root.hidden = shape === undefined;
    this.position();
  }

  /** Puts the knobs where the camera sees them; call it after each frame. */
  position(): void {
    const { shape } = this;
    if (shape === undefined) return;
    const { clientWidth: width, clientHeight: height } = this.parts.layer;
    const camera = this.parts.camera(width, height);
    const centre = projectPoint(camera, shape.centre);
    const places = handlesOf(shape).map(({ id, position }) => ({ id, at: projectPoint(camera, position) }));
    const reach = Math.max(
      ...places.map(({ at }) => (centre && at ? Math.hypot(at.x - centre.x, at.y - centre.y) : 0)),
    );
    const spread = reach > 0 ? Math.max(1, LEAST_REACH_PIXELS / reach) : 1;
    for (const { id, at } of places) {
      const knob = this.knobs.get(id);
      if (knob === undefined) continue;
      knob.hidden = at === undefined || at.x < 0 || at.y < 0 || at.x > width || at.y > height;
      if (at === undefined) continue;
      const [x, y] = centre === undefined ? [at.x, at.y] : spreadFrom(centre, at, spread);
      knob.classList.toggle('behind', centre !== undefined && at.depth > centre.depth * (1 + 1e-6));
      knob.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }
  }

  private pressed(knob: HTMLButtonElement, id: string, down: PointerEvent): void {
    const { shape } = this;
    if (shape === undefined || down.button !== 0) return;
    this.parts.grabbed?.();
    const camera = this.camera();
    const moved = (event: PointerEvent): void =>
      this.parts.changed(dragHandle(shape, id, camera, event.clientX - down.clientX, event.clientY - down.clientY));
    knob.setPointerCapture(down.pointerId);
    knob.addEventListener('pointermove', moved);
    const released = (): void => {
      knob.removeEventListener('pointermove', moved);
      this.parts.released?.();
    };
    knob.addEventListener('lostpointercapture', released, { once: true });
  }

  private keyed(id: string, event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const { shape } = this;
    if (step === undefined || shape === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const camera = this.camera();
    const pixels = KEY_PIXELS * (event.shiftKey ? 10 : 1);
    const handle = handlesOf(shape).find((candidate) => candidate.id === id);
    if (handle?.axis === undefined)
      return this.parts.changed(dragHandle(shape, id, camera, step[0] * pixels, step[1] * pixels));
    // Right and up push a side outwards, whichever way the axis points in the picture.
    const depth = projectPoint(camera, handle.position)?.depth ?? 0;
    this.parts.changed(moveSide(shape, id, ((step[0] - step[1]) * pixels * depth) / camera.fx));
  }

  private camera(): CameraParameters {
    const { clientWidth, clientHeight } = this.parts.layer;
    return this.parts.camera(clientWidth, clientHeight);
  }
}

interface PixelPlace {
  readonly x: number;
  readonly y: number;
}

/** A place moved away from a centre, by a factor on its distance. */
function spreadFrom(centre: PixelPlace, at: PixelPlace, factor: number): readonly [number, number] {
  return [centre.x + (at.x - centre.x) * factor, centre.y + (at.y - centre.y) * factor];
}
