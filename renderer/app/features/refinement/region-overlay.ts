import { cameraCentre } from '../../../core/camera-parameters.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { distance } from '../../../core/vector.ts';
import type { Rgb, Vec3 } from '../../../core/vector.ts';
import { invertMask, selectByShape } from '../../../edit/selection.ts';
import { sphereLinesFrom } from '../../../edit/shapes.ts';
import type { Shape, Sphere } from '../../../edit/shapes.ts';
import { tintScene } from '../../../edit/tint.ts';
import type { Ball } from '../../../core/subject.ts';
import type { AppContext } from '../../feature.ts';
import { themeColour, watchTheme } from '../../ui/theme.ts';
import { ShapeHandles } from '../../view/shape-handles.ts';

const NEAR = 'region near';
const FAR = 'region far';
/** How faint the lines are that the sphere itself hides. */
const FAR_OPACITY = 0.35;
/** Of their own colour that splats outside lose, and what they take on instead. */
const SHADE_SHARE = 0.8;
const SHADE: Rgb = [0.33, 0.34, 0.36];
/** The scene is shaded once the sphere has come to rest; larger scenes would take too long and too much memory. */
const SHADE_AFTER_MS = 200;
const MOST_SHADED_SPLATS = 2_000_000;

/** What of the region is shown over the scene. */
export interface ShownRegion {
  readonly ball: Ball;
  /** The scene on screen: its splats outside are shaded. */
  readonly scene: SplatScene;
  /** With knobs to move it by. */
  readonly isOwn: boolean;
}

/**
 * Shows the region in the view: a sphere whose far side is fainter, knobs of a size on the screen, and in the scene
 * itself, at their own depth, the splats that stay as they are in grey. Nothing of it is in pictures or videos.
 */
export class RegionOverlay {
  private readonly handles: ShapeHandles;
  private shown: ShownRegion | undefined;
  private eye: Vec3 | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly context: Pick<AppContext, 'viewport' | 'overlay' | 'picture'>,
    changed: (ball: Ball) => void,
    /** A pointer took hold of a knob, or let go of it. */
    dragged: (isHeld: boolean) => void,
  ) {
    const { viewport, overlay } = context;
    this.handles = new ShapeHandles({
      layer: overlay,
      camera: (width, height) => viewport.view.parameters(width, height),
      changed: (shape: Shape) => {
        if (shape.kind === 'sphere') changed({ centre: shape.centre, radius: shape.radius });
      },
      grabbed: () => dragged(true),
      released: () => dragged(false),
      name: 'Region',
    });
    viewport.watchFrames(() => this.frameDrawn());
    watchTheme(() => this.drawLines());
  }

  /** Shows a region; undefined hides it. */
  show(shown: ShownRegion | undefined): void {
    const isSame = shown?.ball === this.shown?.ball && shown?.scene === this.shown?.scene;
    this.shown = shown;
    this.handles.show(shown?.isOwn === true ? sphereOf(shown.ball) : undefined);
    if (isSame) return;
    this.drawLines();
    clearTimeout(this.timer);
    if (shown === undefined) this.context.picture.standIn('region', undefined);
    else this.timer = setTimeout(() => this.shade(), SHADE_AFTER_MS);
  }

  /** Lines that face the camera are others once it has moved. */
  private frameDrawn(): void {
    if (this.shown === undefined) return;
    this.handles.position();
    const { eye } = this;
    if (eye === undefined || distance(eye, this.cameraCentre()) > 1e-6 * this.shown.ball.radius) this.drawLines();
  }

  private cameraCentre(): Vec3 {
    return cameraCentre(this.context.viewport.view.parameters(1, 1).worldToView);
  }

  private drawLines(): void {
    const { viewport } = this.context;
    if (this.shown === undefined) {
      viewport.showLines(NEAR, undefined);
      viewport.showLines(FAR, undefined);
      return;
    }
    this.eye = this.cameraCentre();
    const { near, far } = sphereLinesFrom(sphereOf(this.shown.ball), this.eye, themeColour('--accent'));
    viewport.showLines(FAR, { segments: far, widthPixels: devicePixelRatio, opacity: FAR_OPACITY });
    viewport.showLines(NEAR, { segments: near, widthPixels: 2 * devicePixelRatio, opacity: 1 });
  }

  private shade(): void {
    const { picture } = this.context;
    const { shown } = this;
    if (shown === undefined || shown.scene.count > MOST_SHADED_SPLATS) return picture.standIn('region', undefined);
    const outside = invertMask(selectByShape(shown.scene, sphereOf(shown.ball)));
    picture.standIn('region', { for: shown.scene, scene: tintScene(shown.scene, outside, SHADE, SHADE_SHARE) });
  }
}

function sphereOf({ centre, radius }: Ball): Sphere {
  return { kind: 'sphere', centre, radius };
}
