import type { JobOptions } from '../../../core/progress.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { Vec3 } from '../../../core/vector.ts';
import { matchPhotos } from '../../../judge/match-photos.ts';
import { captureUp, elevationOf } from '../../../judge/novelty.ts';
import { measuredCsv, meanOf } from '../../../judge/report.ts';
import type { MeasuredView } from '../../../judge/report.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { UP_DIRECTIONS } from '../../../camera/view-parameters.ts';
import type { UpAxis } from '../../../camera/view-parameters.ts';
import type { SceneFile } from '../../../bridge/files.ts';
import type { CommandId } from '../../../bridge/commands.ts';
import { ask } from '../../desktop.ts';
import { el } from '../../ui/dom.ts';
import type { AppContext, Feature } from '../../feature.ts';
import { measureViews } from '../../view/measure-views.ts';
import type { DrawScene } from '../../view/measure-views.ts';
import { camerasSection } from './cameras-section.ts';
import { CaptureStore, photoCount } from './capture-store.ts';
import type { Measurements } from './capture-store.ts';
import { Filmstrip } from './filmstrip.ts';
import { Frusta } from './frusta.ts';
import { Gauge } from './gauge.ts';
import { MeasureSection } from './measure-section.ts';
import { degreesText } from './measurement-table.ts';
import { PhotoView } from './photo-view.ts';
import { isCameraFileName, readCapture } from './read-capture.ts';

/** A flight into a photo is long enough to be followed and short enough not to be waited for. */
const FLIGHT_SECONDS = 0.3;
/** Cosine of 30 degrees. */
const COSINE_ALONG = 0.866;
const UP_NAMES: Record<UpAxis, string> = { y: '+Y', '-y': '−Y', z: '+Z' };
const NEEDS_CAPTURE: readonly CommandId[] = [
  'judge.openPhotos',
  'judge.closeCameras',
  'judge.showCameras',
  'judge.next',
  'judge.previous',
];

/** Judging the scene by its capture: cameras and photos, a gauge of how far the view is from them, measurements. */
export function judgeFeature(context: AppContext): Feature {
  const { actions, document, memory, refresh, run, viewport, dock } = context;
  const store = new CaptureStore();
  /** The scenes that were measured last. */
  let measured: readonly (SplatScene | undefined)[] = [];

  const photoUp = () => captureUp(store.state.capture?.cameras.map(({ parameters }) => parameters) ?? []);
  /** Elevations of all cameras in degrees, by the view's up direction; by the photos' own where no axis is near it. */
  const elevations = (): number[] => {
    const { centre, up } = viewport.view.guidesFrame;
    const byPhotos = photoUp();
    const isOblique = memory.current.upAxis === 'auto' && byPhotos !== undefined && axisAlong(byPhotos) === undefined;
    const chosen = isOblique ? byPhotos : up;
    return (store.state.capture?.cameras ?? []).map(({ parameters }) => elevationOf(parameters, centre, chosen));
  };
  const isStale = (): boolean =>
    measured[0] !== document.state.original || measured[1] !== document.state.refined?.scene;

  const filmstrip = new Filmstrip(store, choose, () => elevations().map(degreesText));
  const photoView = new PhotoView(context);
  const frusta = new Frusta(context, store, choose);
  const gauge = new Gauge(context, store, () => memory.current.showGauge);
  const measureSection = new MeasureSection({
    store,
    measure: () => run('judge.measure'),
    save: () => run('judge.save'),
    choose,
    isStale,
  });

  store.watch((state, before) => {
    if (state.selected === undefined && before.selected !== undefined) photoView.hide();
    if (state.measurements === undefined) measured = [];
    // The first call comes while the features are still being made.
    if (state !== before) refresh();
  });
  memory.watch(() => gauge.show());
  // Before the next watcher, which turns the scene by the capture that is left.
  store.closeWithScene(document);
  document.watch((state, before) => {
    if (state.original !== before.original) {
      leave();
      if (state.file !== before.file) turnUpright();
      frusta.draw();
      gauge.show();
    }
    if (state.original !== before.original || state.refined !== before.refined) measureSection.refresh();
  });
  viewport.watchFrames(() => {
    if (store.state.selected !== undefined && !viewport.view.isInPhoto) leave();
  });

  /** Flies into a camera and shows its photo. */
  function choose(camera: number): void {
    const { capture, photos } = store.state;
    const chosen = capture?.cameras[camera];
    if (chosen === undefined || document.state.original === undefined) return;
    const wantsMotion = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    viewport.view.lookThrough(chosen.parameters, wantsMotion ? FLIGHT_SECONDS : 0);
    store.update({ selected: camera });
    void photoView.show(chosen, photos[camera], (fitted) => viewport.view.lookThrough(fitted, 0));
  }

  /** Goes back from a photo's lens to the view's own. */
  function leaveLens(): void {
    viewport.view.fovYDegrees = memory.current.fovYDegrees;
    viewport.view.frameAll();
  }

  function leave(): void {
    if (store.state.selected !== undefined) store.update({ selected: undefined });
  }

  /**
   * Takes the photos' way up for this scene, where the person left that to the app: view, Refine and Save As go by it.
   * Returns the axis if the view turned.
   */
  function turnUpright(): UpAxis | undefined {
    const up = photoUp();
    if (memory.current.upAxis !== 'auto' || up === undefined || document.state.original === undefined) return undefined;
    const axis = axisAlong(up);
    if (axis === undefined) return undefined;
    document.update({ photosUp: axis });
    if (axis === axisAlong(viewport.view.guidesFrame.up)) return undefined;
    viewport.view.setUp(axis);
    return axis;
  }

  function step(by: 1 | -1): void {
    const count = store.state.capture?.cameras.length ?? 0;
    if (count === 0) return;
    const { selected } = store.state;
    choose(selected === undefined ? (by > 0 ? 0 : count - 1) : (selected + by + count) % count);
  }

  async function openCameras(asked: Promise<SceneFile | undefined>): Promise<void> {
    const file = await asked.catch((error: unknown) =>
      actions.report(toSplatError(error, 'io', 'The camera file could not be opened')),
    );
    if (file === undefined) return;
    const capture = await actions.job('open', `Reading ${file.name}`, (options) => readCapture(file, options));
    if (capture === undefined) return;
    store.update({ name: file.name, capture, photos: [], selected: undefined, measurements: undefined, isShown: true });
    const turned = turnUpright();
    dock.show('judge');
    const beside = await ask(
      window.desktop.photosBeside(
        file.id,
        capture.cameras.map(({ image }) => image),
      ),
    ).catch(() => []);
    // Another file may have been opened meanwhile.
    if (store.state.capture !== capture) return;
    store.update({ photos: beside.map((photo) => photo ?? undefined) });
    document.say(
      `Read ${capture.cameras.length} cameras from ${file.name}.${turned === undefined ? '' : ` Up is ${UP_NAMES[turned]} now, as the photos have it (View > Up Axis).`}`,
    );
  }

  async function openPhotos(): Promise<void> {
    const { capture } = store.state;
    const found = await ask(window.desktop.showOpenPhotos()).catch((error: unknown) =>
      actions.report(toSplatError(error, 'io', 'The photos could not be opened')),
    );
    if (found === undefined || capture === undefined || store.state.capture !== capture) return;
    const matches = matchPhotos(
      capture.cameras.map(({ image }) => image),
      found.map(({ path }) => path),
    );
    const photos = matches.map((match) => (match === undefined ? undefined : found[match]));
    if (photos.every((photo) => photo === undefined)) {
      document.complain(
        `None of the ${found.length} pictures in the folder belongs to a camera: the first camera's photo is called ${capture.cameras[0].image}.`,
      );
      return;
    }
    store.update({ photos });
    document.say(`Found ${photoCount(store.state)} of ${capture.cameras.length} photos.`);
  }

  async function measure(): Promise<void> {
    const { capture, photos } = store.state;
    const { original, refined, file } = document.state;
    if (capture === undefined || original === undefined || file === undefined) return;
    dock.show('judge');
    const cameras = photos.flatMap((photo, camera) => (photo === undefined ? [] : [camera]));
    const views = cameras.map((camera) => ({
      camera: capture.cameras[camera],
      photo: photos[camera] as NonNullable<(typeof photos)[number]>,
    }));
    const scenes = [original, ...(refined === undefined ? [] : [refined.scene])];
    const background = measureSection.chosenBackground;
    const outcomes = await actions.job('measure', 'Measuring', async (options: JobOptions) => {
      const studio = viewport.openStudio();
      try {
        const draws = scenes.map(
          (scene): DrawScene =>
            (camera, colour) =>
              studio.photograph({ kind: 'scene', scene }, camera, colour),
        );
        return await measureViews({ scenes: draws, views, background }, options);
      } finally {
        studio.close();
      }
    });
    if (outcomes === undefined || store.state.capture !== capture) return;
    const heights = elevations();
    const done = outcomes.flatMap((outcome, i): { readonly camera: number; readonly view: MeasuredView }[] => {
      if ('problem' in outcome) return [];
      const [before, after] = outcome.figures;
      return [
        {
          camera: cameras[i],
          view: { image: capture.cameras[cameras[i]].image, elevationDegrees: heights[cameras[i]], before, after },
        },
      ];
    });
    const problems = outcomes.flatMap((outcome) => ('problem' in outcome ? [outcome.problem.sentence] : []));
    if (done.length === 0) {
      document.complain(`No photo could be measured. ${problems[0] ?? ''}`.trim());
      return;
    }
    measured = [original, refined?.scene];
    store.update({
      measurements: {
        views: done.map(({ view }) => view),
        cameras: done.map(({ camera }) => camera),
        problems,
        sceneName: file.name,
      },
    });
    document.finish(summary(store.state.measurements), [{ label: 'Save table…', command: 'judge.save' }]);
  }

  async function save(): Promise<void> {
    const { measurements } = store.state;
    if (measurements === undefined) return;
    const name = `${measurements.sceneName.replace(/\.[^.]+$/, '')}-measured.csv`;
    const saved = await ask(window.desktop.saveMeasurements(name, measuredCsv(measurements.views))).catch(
      (error: unknown) => actions.report(toSplatError(error, 'io', 'The table could not be saved')),
    );
    if (saved !== undefined) document.finish(`Saved ${saved}.`, []);
  }

  return {
    commands: {
      'judge.openCameras': () => void openCameras(ask(window.desktop.showOpenCameras())),
      'judge.openPhotos': () => void openPhotos(),
      'judge.showCameras': () => store.update({ isShown: !store.state.isShown }),
      'judge.next': () => step(1),
      'judge.previous': () => step(-1),
      'judge.closeCameras': () => {
        if (store.state.selected !== undefined) leaveLens();
        store.close();
      },
      'judge.leave': leaveLens,
      'judge.measure': () => void measure(),
      'judge.save': () => void save(),
      'judge.gauge': () => memory.change({ showGauge: !memory.current.showGauge }),
    },
    state: () => {
      const { capture, selected, isShown, measurements } = store.state;
      const isBusy = document.state.job !== undefined;
      const disabled: CommandId[] = [];
      if (capture === undefined) disabled.push(...NEEDS_CAPTURE);
      if (selected === undefined) disabled.push('judge.leave');
      if (isBusy) disabled.push('judge.openCameras', 'judge.closeCameras');
      if (isBusy || photoCount(store.state) === 0 || document.state.original === undefined || !viewport.isReady)
        disabled.push('judge.measure');
      if (measurements === undefined) disabled.push('judge.save');
      const checked: CommandId[] = [];
      if (isShown && capture !== undefined) checked.push('judge.showCameras');
      if (memory.current.showGauge) checked.push('judge.gauge');
      return { disabled, checked };
    },
    panel: {
      id: 'judge',
      title: 'Judge',
      icon: 'photo',
      command: 'panel.judge',
      element: el('div', { class: 'panel' }, camerasSection({ store, filmstrip, run }), measureSection.element),
    },
    dropped: ([first]) => {
      if (first === undefined || !isCameraFileName(first.name)) return false;
      void openCameras(ask(window.desktop.openDroppedCameras(first)));
      return true;
    },
  };
}

/** The up axis of the View menu that lies along a direction, give or take what a hand-held capture is off by. */
function axisAlong(up: Vec3): UpAxis | undefined {
  return (Object.keys(UP_DIRECTIONS) as UpAxis[]).find(
    (axis) => UP_DIRECTIONS[axis].reduce((sum, value, i) => sum + value * up[i], 0) > COSINE_ALONG,
  );
}

/** The means in a sentence. */
function summary(measurements: Measurements | undefined): string {
  const views = measurements?.views ?? [];
  const decibels = (psnr: number | null): string => (psnr === null ? 'no difference' : `${psnr.toFixed(2)} dB`);
  const before = meanOf(views.map((view) => view.before));
  const afters = views.flatMap(({ after }) => (after === undefined ? [] : [after]));
  const many = `${views.length} ${views.length === 1 ? 'photo' : 'photos'}`;
  const skipped =
    measurements !== undefined && measurements.problems.length > 0
      ? ` ${measurements.problems.length} could not be measured.`
      : '';
  if (afters.length === 0)
    return `Measured against ${many}: ${decibels(before.psnr)}, SSIM ${before.ssim.toFixed(3)}.${skipped}`;
  const after = meanOf(afters);
  return `Measured against ${many}: ${decibels(before.psnr)} before, ${decibels(after.psnr)} after; SSIM ${before.ssim.toFixed(3)} and ${after.ssim.toFixed(3)}.${skipped}`;
}
