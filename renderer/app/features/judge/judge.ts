import { z } from 'zod';
import type { CommandId } from '../../../bridge/commands.ts';
import type { PhotoFile } from '../../../bridge/capture.ts';
import type { SceneFile } from '../../../bridge/files.ts';
import { captureUp } from '../../../core/captured-up.ts';
import { toSplatError } from '../../../core/errors.ts';
import { axisAlong, UP_NAMES, type UpAxis } from '../../../core/up-axes.ts';
import { matchPhotos } from '../../../judge/match-photos.ts';
import { elevationOf } from '../../../judge/novelty.ts';
import { ask } from '../../desktop.ts';
import type { DocumentState } from '../../document/document.ts';
import type { AppContext, Feature, FeatureState } from '../../feature.ts';
import { column } from '../../ui/controls.ts';
import { camerasSection } from './cameras-section.ts';
import { CaptureStore, photoCount } from './capture-store.ts';
import { Filmstrip } from './filmstrip.ts';
import { Frusta } from './frusta.ts';
import { Gauge } from './gauge.ts';
import { MeasureSection } from './measure-section.ts';
import { Measuring } from './measure.ts';
import { offerBeside } from './offer-beside.ts';
import { degreesText } from './measurement-table.ts';
import { PhotoView } from './photo-view.ts';
import type { CaptureCameras } from '../../../judge/capture-cameras.ts';
import { localCapture } from '../../../judge/capture-cameras.ts';
import { isCameraFileName, readCapture } from './read-capture.ts';

/** A flight into a photo is long enough to be followed and short enough not to be waited for. */
const FLIGHT_SECONDS = 0.3;
const NEEDS_CAPTURE: readonly CommandId[] = [
  'judge.openPhotos',
  'judge.closeCameras',
  'judge.showCameras',
  'judge.next',
  'judge.previous',
];

const keptSchema = z.object({ isShown: z.boolean(), selected: z.int().min(0).optional().catch(undefined) });

/** Judging the scene by its capture: cameras and photos, a gauge of how far the view is from them, measurements. */
export class JudgeFeature implements Feature {
  readonly commands: Feature['commands'];
  readonly panel: NonNullable<Feature['panel']>;
  readonly kept: NonNullable<Feature['kept']>;
  private readonly store = new CaptureStore();
  private readonly photoView: PhotoView;
  private readonly frusta: Frusta;
  private readonly gauge: Gauge;
  private readonly measuring: Measuring;
  private readonly measureSection: MeasureSection;

  constructor(private readonly context: AppContext) {
    const { memory, run } = context;
    const choose = (camera: number): void => this.choose(camera);
    const filmstrip = new Filmstrip(this.store, choose, () => this.elevations().map(degreesText));
    this.photoView = new PhotoView(context);
    this.frusta = new Frusta(context, this.store, choose);
    this.gauge = new Gauge(context, this.store, () => memory.current.showGauge);
    offerBeside(context, this.store);
    this.measuring = new Measuring(context, this.store, () => this.elevations());
    this.measureSection = new MeasureSection({
      store: this.store,
      measure: () => run('judge.measure'),
      save: () => run('judge.save'),
      choose,
      isStale: () => this.measuring.isStale,
    });
    this.panel = {
      id: 'judge',
      title: 'Judge',
      icon: 'photo',
      command: 'panel.judge',
      element: column(camerasSection({ store: this.store, filmstrip, run }), this.measureSection.element),
    };
    context.actions.capturedCameras = () => this.store.state.capture?.cameras.map(({ parameters }) => parameters);
    this.kept = this.makeKept();
    this.commands = this.makeCommands();
    this.watch();
  }

  state(): FeatureState {
    const { beside, capture, selected, isShown, measurements } = this.store.state;
    const { document, viewport, memory } = this.context;
    const isBusy = document.state.job !== undefined;
    const disabled: CommandId[] = [];
    if (capture === undefined) disabled.push(...NEEDS_CAPTURE);
    if (selected === undefined) disabled.push('judge.leave');
    if (isBusy) disabled.push('judge.openCameras', 'judge.closeCameras');
    if (isBusy || beside === undefined || capture !== undefined) disabled.push('judge.openBeside');
    if (isBusy || photoCount(this.store.state) === 0 || document.state.original === undefined || !viewport.isReady)
      disabled.push('judge.measure');
    if (measurements === undefined) disabled.push('judge.save');
    const checked: CommandId[] = [];
    if (isShown && capture !== undefined) checked.push('judge.showCameras');
    if (memory.current.showGauge) checked.push('judge.gauge');
    return { disabled, checked };
  }

  dropped([first]: readonly File[]): boolean {
    if (first === undefined || !isCameraFileName(first.name)) return false;
    void this.openCameras(ask(window.desktop.openDroppedCameras(first)));
    return true;
  }

  private makeKept(): NonNullable<Feature['kept']> {
    return {
      id: 'judge',
      read: () => ({ isShown: this.store.state.isShown, selected: this.store.state.selected }),
      files: () => {
        const { fileId, chosenPhoto: photo } = this.store.state;
        return {
          ...(fileId === undefined ? {} : { cameras: fileId }),
          ...(photo === undefined ? {} : { photo: { id: photo.id, path: photo.path } }),
        };
      },
      restore: async (value, { cameras, photos }) => {
        if (cameras === undefined) return;
        await this.readCameras(cameras);
        if (photos !== undefined) this.takePhotos(photos);
        const { isShown, selected } = keptSchema.parse(value);
        this.store.update({ isShown });
        if (selected !== undefined) this.choose(selected);
      },
    };
  }

  private makeCommands(): Feature['commands'] {
    const { document, memory } = this.context;
    return {
      'judge.openCameras': () => void this.openCameras(ask(window.desktop.showOpenCameras())),
      'judge.openBeside': () => void this.openBeside(),
      'judge.openPhotos': () => void this.openPhotos(),
      'judge.showCameras': () => this.store.update({ isShown: !this.store.state.isShown }),
      'judge.next': () => this.step(1),
      'judge.previous': () => this.step(-1),
      'judge.closeCameras': () => {
        if (this.store.state.selected !== undefined) this.leaveLens();
        this.store.close();
        document.say('The cameras are closed.');
      },
      'judge.leave': () => this.leaveLens(),
      'judge.measure': () => void this.measuring.measure(this.measureSection.chosenBackground),
      'judge.save': () => void this.measuring.save(),
      'judge.gauge': () => memory.change({ showGauge: !memory.current.showGauge }),
    };
  }

  private watch(): void {
    const { document, memory, refresh, viewport } = this.context;
    this.store.watch((state, before) => {
      if (state.selected === undefined && before.selected !== undefined) this.photoView.hide();
      // The first call comes while the features are still being made.
      if (state !== before) refresh();
    });
    memory.watch(() => this.gauge.show());
    // Before the next watcher, which turns the scene by the capture that is left.
    this.store.closeWithScene(document);
    document.watch((state, before) => this.documentChanged(state, before));
    viewport.watchFrames(() => {
      if (this.store.state.selected !== undefined && !viewport.view.isInPhoto) this.leave();
    });
  }

  private documentChanged(state: DocumentState, before: DocumentState): void {
    if (state.original !== before.original) {
      this.leave();
      if (state.file !== before.file) {
        this.turnUpright();
        if (state.isSample) void this.openSampleCameras();
        else if (state.file !== undefined) void this.lookBeside(state.file);
      }
      this.frusta.draw();
      this.gauge.show();
    }
    if (state.original !== before.original || state.refined !== before.refined) this.measureSection.refresh();
  }

  /** The direction that the photos have for up, where they agree on one. */
  private get photoUp(): ReturnType<typeof captureUp> {
    return captureUp(this.store.state.capture?.cameras.map(({ parameters }) => parameters) ?? []);
  }

  /** Elevations of all cameras in degrees, by the view's up direction; by the photos' own where no axis is near it. */
  private elevations(): number[] {
    const { viewport, document } = this.context;
    const { centre, up } = viewport.view.guidesFrame;
    const { photoUp } = this;
    const isOblique =
      document.state.chosenUp === undefined && photoUp !== undefined && axisAlong(photoUp) === undefined;
    const chosen = isOblique ? photoUp : up;
    return (this.store.state.capture?.cameras ?? []).map(({ parameters }) => elevationOf(parameters, centre, chosen));
  }

  /** Flies into a camera and shows its photo. */
  private choose(camera: number): void {
    const { document, viewport } = this.context;
    const { capture, photos } = this.store.state;
    const chosen = capture?.cameras[camera];
    if (chosen === undefined || document.state.original === undefined) return;
    const wantsMotion = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    viewport.view.lookThrough(chosen.parameters, wantsMotion ? FLIGHT_SECONDS : 0);
    this.store.update({ selected: camera });
    void this.photoView.show(chosen, photos[camera], (fitted) => viewport.view.lookThrough(fitted, 0));
  }

  private step(by: 1 | -1): void {
    const count = this.store.state.capture?.cameras.length ?? 0;
    if (count === 0) return;
    const { selected } = this.store.state;
    this.choose(selected === undefined ? (by > 0 ? 0 : count - 1) : (selected + by + count) % count);
  }

  /** Goes back from a photo's lens to the view's own. */
  private leaveLens(): void {
    const { view } = this.context.viewport;
    view.fovYDegrees = this.context.memory.current.fovYDegrees;
    view.frameAll();
  }

  private leave(): void {
    if (this.store.state.selected !== undefined) this.store.update({ selected: undefined });
  }

  /**
   * Takes the up axis that the cameras held, where neither a person nor the file names one: view, Refine and Save As go
   * by it. Returns the axis if the view turned.
   */
  private turnUpright(): UpAxis | undefined {
    const { actions, document } = this.context;
    const before = document.state.up?.axis;
    actions.chooseUp(document.state.chosenUp);
    const after = document.state.up;
    return after?.source === 'cameras' && after.axis !== before ? after.axis : undefined;
  }

  private async openCameras(asked: Promise<SceneFile | undefined>): Promise<void> {
    const { actions } = this.context;
    const file = await asked.catch((error: unknown) =>
      actions.report(toSplatError(error, 'io', 'The camera file could not be opened')),
    );
    if (file !== undefined) await this.readCameras(file);
  }

  /** Offers the cameras that lie beside a scene; whether they are its own a person decides. */
  private async lookBeside(scene: SceneFile): Promise<void> {
    const beside = await ask(window.desktop.camerasBeside(scene.id)).catch(() => undefined);
    if (this.context.document.state.file === scene) this.store.update({ beside });
  }

  private async openBeside(): Promise<void> {
    const { beside } = this.store.state;
    if (beside !== undefined) await this.readCameras(beside);
  }

  /** The sample comes with its capture: it is there to be judged by, and not in the way of the first look. */
  private async openSampleCameras(): Promise<void> {
    const { actions, document } = this.context;
    const { file: sample } = document.state;
    try {
      const file = await ask(window.desktop.openSampleCameras());
      if (file === undefined) return;
      const read = await readCapture(file, {});
      if (document.state.file === sample) await this.takeCameras(file, read, false);
    } catch (error) {
      actions.report(toSplatError(error, 'io', "The sample's cameras could not be read"));
    }
  }

  private async readCameras(file: SceneFile): Promise<void> {
    const { actions, dock, document } = this.context;
    const read = await actions.job('open', `Reading ${file.name}`, (options) => readCapture(file, options));
    if (read === undefined) return;
    const taken = this.takeCameras(file, read, true);
    dock.show('judge');
    const note = await taken;
    if (note !== undefined) document.say(`Read ${read.cameras.length} cameras from ${file.name}.${note}`);
  }

  /**
   * Takes cameras, and the photos that lie beside them. Resolves with what else there is to say of them, undefined
   * where another file took their place meanwhile.
   */
  private async takeCameras(file: SceneFile, read: CaptureCameras, isShown: boolean): Promise<string | undefined> {
    const { document } = this.context;
    const capture = localCapture(read, document.state.original?.meta.origin);
    this.store.update({
      name: file.name,
      capture,
      fileId: file.id,
      chosenPhoto: undefined,
      photos: [],
      selected: undefined,
      measurements: undefined,
      isShown,
    });
    const turned = this.turnUpright();
    const images = capture.cameras.map(({ image }) => image);
    let problem = '';
    const beside = await ask(window.desktop.photosBeside(file.id, images)).catch((error: unknown) => {
      problem = ` ${toSplatError(error, 'io', 'The photos could not be found').sentence}`;
      return [];
    });
    // Another file may have been opened meanwhile.
    if (this.store.state.capture !== capture) return undefined;
    this.store.update({ photos: beside.map((photo) => photo ?? undefined) });
    const note = turned === undefined ? '' : ` Up is ${UP_NAMES[turned]} now, as the photos have it (View > Up Axis).`;
    return `${note}${problem}`;
  }

  private async openPhotos(): Promise<void> {
    const { actions } = this.context;
    const { capture } = this.store.state;
    const found = await ask(window.desktop.showOpenPhotos()).catch((error: unknown) =>
      actions.report(toSplatError(error, 'io', 'The photos could not be opened')),
    );
    if (found === undefined || this.store.state.capture !== capture) return;
    this.takePhotos(found);
  }

  /** Takes the photos of a folder that belong to the open cameras. */
  private takePhotos(found: readonly PhotoFile[]): void {
    const { document } = this.context;
    const { capture } = this.store.state;
    if (capture === undefined) return;
    const matches = matchPhotos(
      capture.cameras.map(({ image }) => image),
      found.map(({ path }) => path),
    );
    const photos = matches.map((match) => (match === undefined ? undefined : found[match]));
    if (photos.every((photo) => photo === undefined)) {
      document.complain(
        `None of the ${found.length} pictures in the folder belongs to a camera: ` +
          `the first camera's photo is called ${capture.cameras[0].image}.`,
      );
      return;
    }
    this.store.update({ photos, chosenPhoto: found[0] });
    document.say(`Found ${photoCount(this.store.state)} of ${capture.cameras.length} photos.`);
  }
}
