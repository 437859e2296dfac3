import { photoRectangle } from '../../../camera/photo-flight.ts';
import type { CameraParameters } from '../../../core/camera-parameters.ts';
import { toSplatError } from '../../../core/errors.ts';
import { cameraForPhoto } from '../../../judge/capture-cameras.ts';
import type { CaptureCamera } from '../../../judge/capture-cameras.ts';
import { decodeForScreen } from '../../../judge/decode-photo.ts';
import type { ReadableFile } from '../../../bridge/files.ts';
import { readFile } from '../../desktop.ts';
import type { AppContext } from '../../feature.ts';
import { iconButton } from '../../ui/buttons.ts';
import { SplitDivider } from '../../ui/divider.ts';
import { el } from '../../ui/dom.ts';

/** Taller photos are shown smaller: no screen shows more. */
const LARGEST_HEIGHT = 2160;
/** A part of the picture that is narrower than this share bears no name. */
const LEAST_NAMED = 0.15;

/**
 * The photo over the scene, seen through the photo's own lens, as far as a line that is dragged, and the bar that leads
 * to the other photos.
 */
export class PhotoView {
  private readonly picture = el('canvas', { class: 'photo-picture', 'aria-hidden': 'true' });
  private readonly name = el('span', { class: 'name' });
  private readonly divider = new SplitDivider({
    label: 'Line between photo and scene',
    first: 'photo',
    moved: (share) => {
      this.share = share;
      this.cut();
    },
  });
  private readonly photoTag = el('span', { class: 'photo-tag photo', text: 'Photo', 'aria-hidden': 'true' });
  private readonly sceneTag = el('span', { class: 'photo-tag scene', text: 'Scene', 'aria-hidden': 'true' });
  private readonly frame = el(
    'div',
    { class: 'photo-frame' },
    this.picture,
    this.photoTag,
    this.sceneTag,
    this.divider.element,
  );
  /** Of the picture's width that shows the photo, kept from one photo to the next. */
  private share = 0.5;
  private readonly bar: HTMLElement;
  private shown: { readonly photo: ReadableFile | undefined; readonly hasPicture: boolean } | undefined;

  constructor(private readonly context: Pick<AppContext, 'viewport' | 'canvas' | 'overlay' | 'actions' | 'run'>) {
    const { overlay, viewport, run } = context;
    this.bar = el(
      'div',
      { class: 'photo-bar', 'aria-label': 'Photo' },
      iconButton('previous', 'Previous photo (,)', () => run('judge.previous')),
      this.name,
      iconButton('next', 'Next photo (.)', () => run('judge.next')),
      iconButton('close', 'Leave the photo', () => run('judge.leave')),
    );
    this.bar.setAttribute('role', 'group');
    this.frame.hidden = true;
    this.bar.hidden = true;
    // Below whatever else lies over the scene.
    overlay.prepend(this.frame);
    overlay.append(this.bar);
    viewport.watchFrames(() => this.position());
  }

  /**
   * Shows the bar for a camera that is flown into and, once its photo is read and the flight over, the photo.
   * @param fit hears the camera as it is for the photo's own size, where only the photo tells that
   */
  async show(
    camera: CaptureCamera,
    photo: ReadableFile | undefined,
    fit: (fitted: CameraParameters) => void,
  ): Promise<void> {
    const { image } = camera;
    const wanted = { photo, hasPicture: false };
    this.shown = wanted;
    this.name.textContent = image;
    this.name.title = image;
    this.bar.hidden = false;
    this.frame.hidden = true;
    if (photo === undefined) return;
    try {
      const bitmap = await decodeForScreen(photo.name, await readFile(photo), LARGEST_HEIGHT);
      if (this.shown !== wanted) {
        bitmap.close();
        return;
      }
      const fitted = cameraForPhoto(camera, bitmap.width, bitmap.height);
      if (!camera.sizeIsKnown) fit(fitted);
      this.picture.width = bitmap.width;
      this.picture.height = bitmap.height;
      this.picture.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
      this.shown = { photo, hasPicture: true };
      this.position();
    } catch (error) {
      this.context.actions.report(toSplatError(error, 'io', `The photo ${photo.name} could not be shown`));
    }
  }

  hide(): void {
    this.shown = undefined;
    this.bar.hidden = true;
    this.frame.hidden = true;
  }

  private cut(): void {
    this.divider.show('vertical', this.share);
    this.frame.style.setProperty('--line-at', `${100 * this.share}%`);
    this.photoTag.hidden = this.share < LEAST_NAMED;
    this.sceneTag.hidden = this.share > 1 - LEAST_NAMED;
  }

  /** Keeps the photo where the lens shows it. */
  private position(): void {
    const camera = this.context.viewport.view.photoCamera;
    this.frame.hidden = this.shown?.hasPicture !== true || camera === undefined;
    if (this.frame.hidden) return;
    const { clientWidth, clientHeight } = this.context.canvas;
    const { x, y, width, height } = photoRectangle(camera as CameraParameters, clientWidth, clientHeight);
    Object.assign(this.frame.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    this.cut();
  }
}
