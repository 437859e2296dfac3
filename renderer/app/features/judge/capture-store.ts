import type { CaptureCameras } from '../../../judge/capture-cameras.ts';
import { localCapture } from '../../../judge/capture-cameras.ts';
import type { MeasuredView } from '../../../judge/report.ts';
import type { PhotoFile } from '../../../bridge/capture.ts';
import type { ReadableFile, SceneFile } from '../../../bridge/files.ts';
import type { SceneDocument } from '../../document/document.ts';
import { WatchedState } from '../../document/watched-state.ts';

/** What a measurement brought. */
export interface Measurements {
  readonly views: readonly MeasuredView[];
  /** Index of each view's camera. */
  readonly cameras: readonly number[];
  /** Sentences about photos that could not be measured. */
  readonly problems: readonly string[];
  /** The scene's file, for the name of the table. */
  readonly sceneName: string;
}

export interface CaptureState {
  /** The camera file's name; '' while none is open. */
  readonly name: string;
  readonly capture: CaptureCameras | undefined;
  /** Handle of the camera file. */
  readonly fileId: string | undefined;
  /** A camera file that lies beside the scene, to be offered while none is open. */
  readonly beside: SceneFile | undefined;
  /** A photo of the folder that was chosen for the photos; undefined where they were found beside the cameras. */
  readonly chosenPhoto: PhotoFile | undefined;
  /** The photo of each camera, where it was found. */
  readonly photos: readonly (ReadableFile | undefined)[];
  /** Index of the camera that is looked through or flown to. */
  readonly selected: number | undefined;
  readonly isShown: boolean;
  readonly measurements: Measurements | undefined;
}

const NONE_OPEN: CaptureState = {
  name: '',
  capture: undefined,
  fileId: undefined,
  beside: undefined,
  chosenPhoto: undefined,
  photos: [],
  selected: undefined,
  isShown: true,
  measurements: undefined,
};

/** The open capture: its cameras, photos and measurements. The feature's parts watch it. */
export class CaptureStore extends WatchedState<CaptureState> {
  constructor() {
    super(NONE_OPEN);
  }

  close(): void {
    this.update({ ...NONE_OPEN, beside: this.state.beside });
  }

  /**
   * Closes the capture when another scene takes the place of the one that it shows. Cameras that were opened first wait
   * for their scene.
   */
  closeWithScene(document: SceneDocument): void {
    document.watch(({ file, original }, before) => {
      if (file === before.file) return;
      if (before.file !== undefined) return this.update(NONE_OPEN);
      const { capture } = this.state;
      const origin = original?.meta.origin;
      if (capture !== undefined && origin !== undefined) this.update({ capture: localCapture(capture, origin) });
    });
  }
}

/** How many cameras have a photo. */
export function photoCount({ photos }: CaptureState): number {
  return photos.filter((photo) => photo !== undefined).length;
}
