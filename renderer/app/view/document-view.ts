import type { CameraPose } from '../../camera/camera-pose.ts';
import { sceneBounds } from '../../camera/scene-bounds.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import type { UpAxis } from '../../core/up-axes.ts';
import { resolveUp } from '../../core/up-axis.ts';
import type { DocumentState, SceneDocument } from '../document/document.ts';
import type { Viewport } from './viewport.ts';

/** What a preview is looked at by, and the way back from it. */
interface PreviewLook {
  readonly axis: UpAxis;
  /** Where the document's scene was seen from. */
  readonly pose: CameraPose;
  readonly goBack: () => void;
}

/**
 * Keeps the view in line with the document: a scene that was opened is looked at anew, edits keep the view. A preview
 * is looked at as its scene will be, which then keeps the view; where nothing comes of it, the view is as before.
 */
export class DocumentView {
  private preview: PreviewLook | undefined;

  constructor(
    document: SceneDocument,
    private readonly viewport: Pick<Viewport, 'lookAtScene' | 'view'>,
  ) {
    document.watch((state, before) => this.changed(state, before));
  }

  /** Where the document's scene is seen from, also while the preview of another is looked at. */
  get pose(): CameraPose {
    return this.preview?.pose ?? this.viewport.view.pose;
  }

  private changed(state: DocumentState, before: DocumentState): void {
    const { view } = this.viewport;
    const { file, original, up, job } = state;
    const isOpened = file !== before.file;
    if (job?.preview !== undefined) this.preview ??= this.lookAt(job.preview);
    const left = job?.preview === undefined ? this.preview : undefined;
    if (left !== undefined) this.preview = undefined;
    if (!isOpened) left?.goBack();
    if (original === undefined || up === undefined) return;
    if (isOpened) {
      if (left?.axis !== up.axis) this.viewport.lookAtScene(original, up.axis);
      return;
    }
    if (original !== before.original) view.setBounds(sceneBounds(original));
    if (up.axis !== before.up?.axis) view.setUp(up.axis);
  }

  private lookAt(preview: SplatScene): PreviewLook {
    const { view } = this.viewport;
    const look = { axis: resolveUp(preview).axis, pose: view.pose, goBack: view.remember() };
    this.viewport.lookAtScene(preview, look.axis);
    return look;
  }
}
