import { framingOf } from '../../../camera/framing.ts';
import { viewpointCamera } from '../../../core/camera-file.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { UP_AXES, UP_DIRECTIONS, UP_NAMES, type UpAxis } from '../../../core/up-axes.ts';
import { add, cross, normalise, scale } from '../../../core/vector.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { iconButton, rowButton } from '../../ui/buttons.ts';
import { el } from '../../ui/dom.ts';

/** Sides of a picture, in pixels. */
const WIDTH = 132;
const HEIGHT = 99;
const FOV_DEGREES = 40;
/** How far above the scene's middle it is looked at from, as a slope. */
const SLOPE = 0.35;

/** Asks by small pictures of the scene which axis is up; nothing waits for the answer. */
export class UpQuestionFeature implements Feature {
  readonly commands: Feature['commands'] = { 'view.upAsk': () => void this.ask() };
  private readonly pictures = el('div', { class: 'up-pictures', role: 'group', 'aria-label': 'Up axis' });
  private readonly card = el(
    'section',
    { class: 'up-question', 'aria-label': 'Which way is up?' },
    el('h2', { text: 'Which picture stands upright?' }),
    iconButton('close', 'Close', () => this.close()),
    this.pictures,
  );

  constructor(private readonly context: AppContext) {
    this.card.hidden = true;
    context.overlay.append(this.card);
    context.document.watch((state, before) => {
      if (state.file !== before.file) this.card.hidden = true;
    });
    this.card.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.close();
      event.stopPropagation();
    });
  }

  private async ask(): Promise<void> {
    const { document, viewport, actions } = this.context;
    const scene = document.state.original;
    if (scene === undefined) return;
    const buttons = UP_AXES.map((axis) => this.pictureButton(axis));
    this.pictures.replaceChildren(...buttons.map(({ button }) => button));
    this.card.hidden = false;
    buttons[0].button.focus();
    try {
      const studio = viewport.openStudio();
      try {
        for (const [i, axis] of UP_AXES.entries()) {
          const camera = cameraFor(viewport.view.sceneBounds, axis);
          const background = viewport.backgroundColour;
          const pixels = await studio.photograph({ kind: 'scene', scene }, camera, background);
          buttons[i].canvas.getContext('2d')?.putImageData(new ImageData(pixels, WIDTH, HEIGHT), 0, 0);
          if (!this.isAskingAbout(scene)) break;
        }
      } finally {
        studio.close();
      }
    } catch (error) {
      actions.report(toSplatError(error, 'gpu-error', 'The pictures could not be drawn'));
    }
  }

  private isAskingAbout(scene: SplatScene): boolean {
    return !this.card.hidden && this.context.document.state.original === scene;
  }

  private pictureButton(axis: UpAxis): { readonly button: HTMLButtonElement; readonly canvas: HTMLCanvasElement } {
    const canvas = el('canvas');
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const choose = (): void => {
      this.context.actions.chooseUp(axis);
      this.close();
    };
    const button = rowButton(choose, canvas, el('span', { text: `${UP_NAMES[axis]} is up` }));
    if (this.context.document.state.up?.axis === axis) button.setAttribute('aria-current', 'true');
    return { button, canvas };
  }

  private close(): void {
    this.card.hidden = true;
    this.context.canvas.focus();
  }
}

/** A camera that looks at all of a scene from a little above, held so that an axis is up. */
function cameraFor(bounds: AppContext['viewport']['view']['sceneBounds'], axis: UpAxis) {
  const up = UP_DIRECTIONS[axis];
  const side = cross(up, axis.endsWith('x') ? UP_DIRECTIONS.y : UP_DIRECTIONS.x);
  const { target, distance } = framingOf(bounds, FOV_DEGREES, WIDTH / HEIGHT);
  const position = add(target, scale(normalise(add(side, scale(up, SLOPE))), distance));
  const viewpoint = { position, target, up, rollDegrees: 0, fovYDegrees: FOV_DEGREES };
  return viewpointCamera(viewpoint, WIDTH, HEIGHT);
}
