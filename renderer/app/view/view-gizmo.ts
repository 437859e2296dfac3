import { cosineBetween, scale, vec3, type Vec3 } from '../../core/vector.ts';
import type { CameraParameters } from '../../core/camera-parameters.ts';
import { el } from '../ui/dom.ts';

/** From the middle of the gizmo to the middle of an end, CSS pixels. */
const ARM_PIXELS = 34;
/** A view along an end is one that is off it by less than about a degree. */
const ALONG = 0.9998;

const AXES: readonly (readonly [name: 'x' | 'y' | 'z', axis: Vec3])[] = [
  ['x', [1, 0, 0]],
  ['y', [0, 1, 0]],
  ['z', [0, 0, 1]],
];

interface End {
  readonly button: HTMLButtonElement;
  /** From the middle to a named end. */
  readonly arm: HTMLElement | undefined;
  readonly direction: Vec3;
}

/** The scene's axes in a corner of the view, as they stand on screen. Each end is a button that looks from its side. */
export class ViewGizmo {
  readonly element = el('div', { class: 'view-gizmo', role: 'group', 'aria-label': 'View gizmo' });
  private readonly ends: readonly End[];
  /** From the scene to the camera. */
  private towardsCamera: Vec3 = [0, 0, 1];

  constructor(private readonly lookFrom: (direction: Vec3) => void) {
    this.ends = AXES.flatMap(([name, axis]) => ([1, -1] as const).map((side) => this.makeEnd(name, axis, side)));
    this.element.append(...this.ends.flatMap(({ button, arm }) => (arm === undefined ? [button] : [arm, button])));
  }

  /** Turns with the camera; call it after each frame. */
  show({ worldToView: m }: Pick<CameraParameters, 'worldToView'>): void {
    this.towardsCamera = [-m[8], -m[9], -m[10]];
    for (const { button, arm, direction } of this.ends) {
      const [right, down, away] = vec3(
        (row) => m[4 * row] * direction[0] + m[4 * row + 1] * direction[1] + m[4 * row + 2] * direction[2],
      );
      const [x, y] = [right * ARM_PIXELS, down * ARM_PIXELS];
      const depth = String(Math.round(100 - 50 * away));
      button.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
      button.style.zIndex = depth;
      button.classList.toggle('far', away > 0.1);
      if (arm === undefined) continue;
      arm.style.transform = `rotate(${Math.atan2(y, x).toFixed(4)}rad)`;
      arm.style.width = `${Math.hypot(x, y).toFixed(1)}px`;
      arm.style.zIndex = depth;
    }
  }

  private makeEnd(name: string, axis: Vec3, side: 1 | -1): End {
    const letter = name.toUpperCase();
    const title = `Look from ${side > 0 ? '+' : '−'}${letter}`;
    const className = `end axis-${name}${side < 0 ? ' negative' : ''}`;
    const button = el('button', { class: className, title, 'aria-label': title });
    button.type = 'button';
    button.textContent = side > 0 ? letter : '';
    const direction = scale(axis, side);
    button.addEventListener('click', () => this.clicked(direction));
    return { button, direction, arm: side > 0 ? el('i', { class: `arm axis-${name}` }) : undefined };
  }

  /** The end that is looked from hides the other one: a second click looks from there. */
  private clicked(direction: Vec3): void {
    this.lookFrom(cosineBetween(direction, this.towardsCamera) > ALONG ? scale(direction, -1) : direction);
  }
}
