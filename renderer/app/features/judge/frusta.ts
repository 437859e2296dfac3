import type { CameraParameters } from '../../../core/camera-parameters.ts';
import { frustumDepth, frustumSegments, pickFrustum } from '../../../judge/frusta.ts';
import type { AppContext } from '../../feature.ts';
import { themeColour, watchTheme } from '../../ui/theme.ts';
import type { CaptureStore } from './capture-store.ts';

/** A pointer that moves less than this clicks, in CSS pixels. */
const CLICK_PIXELS = 4;
const LINE_PIXELS = 1.5;

/** Draws the cameras in the scene and lets the pointer choose one. */
export class Frusta {
  private depth = 1;
  private hovered: number | undefined;
  private pressedAt: readonly [number, number] | undefined;

  constructor(
    private readonly context: Pick<AppContext, 'viewport' | 'canvas'>,
    private readonly store: CaptureStore,
    /** Chooses a camera by its index. */
    private readonly choose: (index: number) => void,
  ) {
    const { canvas } = context;
    store.watch((state, before) => {
      if (state.capture !== before.capture) this.hovered = undefined;
      if (state.capture !== before.capture || state.isShown !== before.isShown || state.selected !== before.selected)
        this.draw();
    });
    canvas.addEventListener('pointerdown', ({ clientX, clientY }) => {
      this.pressedAt = [clientX, clientY];
    });
    canvas.addEventListener('pointermove', (event) => this.hover(event));
    canvas.addEventListener('pointerleave', () => this.setHovered(undefined));
    canvas.addEventListener('click', (event) => this.click(event));
    watchTheme(() => this.draw());
  }

  /** Draws the frusta anew, at a size that fits their distance from the scene. */
  draw(): void {
    const { viewport } = this.context;
    const { selected } = this.store.state;
    const cameras = this.visible();
    // Through a photo's own lens its frustum and its neighbours would only cover the picture.
    if (cameras.length === 0 || selected !== undefined) {
      viewport.showLines('cameras', undefined);
      return;
    }
    this.depth = frustumDepth(cameras, viewport.view.guidesFrame.centre);
    const [plain, accent] = ['--quiet', '--accent'].map(themeColour);
    const segments = frustumSegments(cameras, this.depth, (index) => (index === this.hovered ? accent : plain));
    viewport.showLines('cameras', { segments, widthPixels: LINE_PIXELS * devicePixelRatio, opacity: 1 });
  }

  private visible(): readonly CameraParameters[] {
    const { capture, isShown } = this.store.state;
    return capture === undefined || !isShown ? [] : capture.cameras.map(({ parameters }) => parameters);
  }

  private at({ offsetX, offsetY }: MouseEvent): number | undefined {
    const { viewport, canvas } = this.context;
    if (this.store.state.selected !== undefined) return undefined;
    const cameras = this.visible();
    if (cameras.length === 0) return undefined;
    return pickFrustum(
      cameras,
      this.depth,
      viewport.view.parameters(canvas.clientWidth, canvas.clientHeight),
      offsetX,
      offsetY,
    );
  }

  private hover(event: PointerEvent): void {
    if (event.buttons === 0) this.setHovered(this.at(event));
  }

  private setHovered(index: number | undefined): void {
    if (index === this.hovered) return;
    this.hovered = index;
    const { canvas } = this.context;
    canvas.style.cursor = index === undefined ? '' : 'pointer';
    canvas.title = index === undefined ? '' : (this.store.state.capture?.cameras[index].image ?? '');
    this.draw();
  }

  private click(event: MouseEvent): void {
    const [x, y] = this.pressedAt ?? [Infinity, Infinity];
    if (Math.hypot(event.clientX - x, event.clientY - y) > CLICK_PIXELS) return;
    const index = this.at(event);
    if (index === undefined) return;
    this.setHovered(undefined);
    this.choose(index);
  }
}
