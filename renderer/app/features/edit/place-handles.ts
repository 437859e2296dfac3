import type { CameraParameters } from '../../../core/camera-parameters.ts';
import type { Vec3 } from '../../../core/vector.ts';
import { dragPlaceHandle, drawPlaceHandle, keyPlaceHandle, PLACE_HANDLES } from '../../../edit/place-drag.ts';
import type { PlaceChange, PlaceHandle, PicturePoint } from '../../../edit/place-drag.ts';

const SVG = 'http://www.w3.org/2000/svg';
const KNOB_PIXELS = 7;
const NAMES: Readonly<Record<PlaceHandle, string>> = {
  'move-x': 'Move along X',
  'move-y': 'Move along Y',
  'move-z': 'Move along Z',
  'turn-x': 'Turn about X',
  'turn-y': 'Turn about Y',
  'turn-z': 'Turn about Z',
  scale: 'Scale',
  move: 'Move',
};
/** [to the right, upwards] */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export interface PlaceHandlesParts {
  /** The layer above the canvas. */
  readonly layer: HTMLElement;
  readonly camera: (width: number, height: number) => CameraParameters;
  /** A drag so far, from where it began. */
  readonly dragged: (change: PlaceChange) => void;
  /** The drag is done. */
  readonly released: () => void;
  /** Escape was pressed during the drag. */
  readonly cancelled: () => void;
  /** A step by a key. */
  readonly stepped: (change: PlaceChange) => void;
}

interface Parts {
  readonly group: SVGGElement;
  readonly line: SVGPolylineElement;
  /** Wider than the line, to take hold of. */
  readonly hit: SVGPolylineElement;
  readonly knob: SVGCircleElement;
}

/** Arrows, rings and knobs in the view that move, turn and scale the scene, dragged or stepped by arrow keys. */
export class PlaceHandles {
  private readonly root = document.createElementNS(SVG, 'svg');
  private readonly handles = new Map<PlaceHandle, Parts>();
  private centre: Vec3 | undefined;

  constructor(private readonly parts: PlaceHandlesParts) {
    this.root.setAttribute('class', 'place-handles');
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', 'Place the scene');
    for (const handle of PLACE_HANDLES) this.handles.set(handle, this.make(handle));
    this.root.append(...[...this.handles.values()].map(({ group }) => group));
    parts.layer.append(this.root);
    this.show(undefined);
  }

  /** Shows the handles about a point of the world; undefined hides them. */
  show(centre: Vec3 | undefined): void {
    this.centre = centre;
    this.root.classList.toggle('off', centre === undefined);
    this.position();
  }

  /** Draws them where the camera sees them; call it after each frame. */
  position(): void {
    const { centre } = this;
    if (centre === undefined) return;
    const camera = this.camera();
    for (const [handle, { group, line, hit, knob }] of this.handles) {
      const drawing = drawPlaceHandle(handle, centre, camera);
      group.classList.toggle('off', drawing === undefined);
      if (drawing === undefined) continue;
      const points = drawing.line.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
      line.setAttribute('points', points);
      hit.setAttribute('points', points);
      knob.classList.toggle('off', drawing.knob === undefined);
      knob.setAttribute('cx', String(drawing.knob?.[0] ?? 0));
      knob.setAttribute('cy', String(drawing.knob?.[1] ?? 0));
    }
  }

  private make(handle: PlaceHandle): Parts {
    const group = document.createElementNS(SVG, 'g');
    const line = document.createElementNS(SVG, 'polyline');
    const hit = document.createElementNS(SVG, 'polyline');
    const knob = document.createElementNS(SVG, 'circle');
    const title = document.createElementNS(SVG, 'title');
    title.textContent = NAMES[handle];
    group.setAttribute('class', `place-handle axis-${handle.at(-2) === '-' ? handle.at(-1) : 'none'}`);
    group.setAttribute('role', 'button');
    group.setAttribute('tabindex', '0');
    group.setAttribute('aria-label', NAMES[handle]);
    hit.setAttribute('class', 'hit');
    knob.setAttribute('r', String(KNOB_PIXELS));
    group.append(title, line, hit, knob);
    group.addEventListener('pointerdown', (event) => this.pressed(handle, group, event));
    group.addEventListener('keydown', (event) => this.keyed(handle, event));
    return { group, line, hit, knob };
  }

  private pressed(handle: PlaceHandle, group: SVGGElement, down: PointerEvent): void {
    const { centre, parts } = this;
    if (centre === undefined || down.button !== 0) return;
    const camera = this.camera();
    const from = this.pointOf(down);
    let isCancelled = false;
    const moved = (event: PointerEvent): void =>
      parts.dragged(dragPlaceHandle(handle, centre, camera, from, this.pointOf(event)));
    const escaped = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      isCancelled = true;
      group.releasePointerCapture(down.pointerId);
    };
    const released = (): void => {
      group.removeEventListener('pointermove', moved);
      window.removeEventListener('keydown', escaped, { capture: true });
      group.classList.remove('held');
      if (isCancelled) parts.cancelled();
      else parts.released();
    };
    group.classList.add('held');
    group.setPointerCapture(down.pointerId);
    group.addEventListener('pointermove', moved);
    window.addEventListener('keydown', escaped, { capture: true });
    group.addEventListener('lostpointercapture', released, { once: true });
  }

  private keyed(handle: PlaceHandle, event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step === undefined || this.centre === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const times = event.shiftKey ? 10 : 1;
    this.parts.stepped(keyPlaceHandle(handle, this.centre, this.camera(), [step[0] * times, step[1] * times]));
  }

  private pointOf({ clientX, clientY }: PointerEvent): PicturePoint {
    const { left, top } = this.parts.layer.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  private camera(): CameraParameters {
    const { clientWidth, clientHeight } = this.parts.layer;
    return this.parts.camera(clientWidth, clientHeight);
  }
}
