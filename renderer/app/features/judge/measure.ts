import { toSplatError } from '../../../core/errors.ts';
import type { JobOptions } from '../../../core/progress.ts';
import type { SplatScene } from '../../../core/splat-scene.ts';
import { sceneStem } from '../../../core/writable-formats.ts';
import { measuredCsv, meansOf } from '../../../judge/report.ts';
import type { MeasuredView } from '../../../judge/report.ts';
import { ask } from '../../desktop.ts';
import type { AppContext } from '../../feature.ts';
import type { Rgb } from '../../../core/vector.ts';
import { measureViews } from '../../view/measure-views.ts';
import type { DrawScene, PhotographedView, ViewOutcome } from '../../view/measure-views.ts';
import type { CaptureState, CaptureStore, Measurements } from './capture-store.ts';

/** Measures the scene, before and after, against the capture's photos and keeps the figures. */
export class Measuring {
  /** The scenes that were measured last. */
  private measured: readonly (SplatScene | undefined)[] = [];

  constructor(
    private readonly context: AppContext,
    private readonly store: CaptureStore,
    /** Elevations of all cameras in degrees. */
    private readonly elevations: () => readonly number[],
  ) {
    store.watch(({ measurements }) => {
      if (measurements === undefined) this.measured = [];
    });
  }

  /** Whether the scenes are no longer those that were measured. */
  get isStale(): boolean {
    const { original, refined } = this.context.document.state;
    return this.measured[0] !== original || this.measured[1] !== refined?.scene;
  }

  /** @param background rgb 0..1, behind the splats and behind what is transparent in a photo */
  async measure(background: Rgb): Promise<void> {
    const { actions, dock, document } = this.context;
    const { capture } = this.store.state;
    const { original, refined, file } = document.state;
    if (capture === undefined || original === undefined || file === undefined) return;
    dock.show('judge');
    const { cameras, views } = photographed(this.store.state);
    const scenes = [original, ...(refined === undefined ? [] : [refined.scene])];
    const outcomes = await actions.job('measure', 'Measuring', (options) =>
      this.drawAndMeasure(scenes, views, background, options),
    );
    if (outcomes === undefined || this.store.state.capture !== capture) return;
    const measurements = this.collect(outcomes, cameras, file.name);
    if (measurements.views.length === 0) {
      document.complain(`No photo could be measured. ${measurements.problems[0] ?? ''}`.trim());
      return;
    }
    this.measured = [original, refined?.scene];
    this.store.update({ measurements });
    document.finish(summary(measurements), [{ label: 'Save table…', command: 'judge.save' }]);
  }

  async save(): Promise<void> {
    const { actions, document } = this.context;
    const { measurements } = this.store.state;
    if (measurements === undefined) return;
    const name = `${sceneStem(measurements.sceneName)}-measured.csv`;
    const saved = await ask(window.desktop.saveMeasurements(name, measuredCsv(measurements.views))).catch(
      (error: unknown) => actions.report(toSplatError(error, 'io', 'The table could not be saved')),
    );
    if (saved !== undefined) document.exported(saved, `Saved ${saved.name}.`);
  }

  private async drawAndMeasure(
    scenes: readonly SplatScene[],
    views: readonly PhotographedView[],
    background: Rgb,
    options: JobOptions,
  ): Promise<ViewOutcome[]> {
    const studio = this.context.viewport.openStudio();
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
  }

  private collect(outcomes: readonly ViewOutcome[], cameras: readonly number[], sceneName: string): Measurements {
    const elevations = this.elevations();
    const { capture } = this.store.state;
    const views: MeasuredView[] = [];
    const measuredCameras: number[] = [];
    const problems: string[] = [];
    outcomes.forEach((outcome, i) => {
      if ('problem' in outcome) return problems.push(outcome.problem.sentence);
      const camera = cameras[i];
      const [before, after] = outcome.figures;
      measuredCameras.push(camera);
      const image = capture?.cameras[camera].image ?? '';
      return views.push({ image, elevationDegrees: elevations[camera], before, after });
    });
    return { views, cameras: measuredCameras, problems, sceneName };
  }
}

/** The cameras that have a photo, by index and as views. */
function photographed({ capture, photos }: CaptureState): {
  readonly cameras: readonly number[];
  readonly views: readonly PhotographedView[];
} {
  const cameras: number[] = [];
  const views: PhotographedView[] = [];
  photos.forEach((photo, index) => {
    if (photo === undefined || capture === undefined) return;
    cameras.push(index);
    views.push({ camera: capture.cameras[index], photo });
  });
  return { cameras, views };
}

/** The means in a sentence. */
function summary({ views, problems }: Measurements): string {
  const decibels = (psnr: number | null): string => (psnr === null ? 'no difference' : `${psnr.toFixed(2)} dB`);
  const { before, after } = meansOf(views);
  const many = `${views.length} ${views.length === 1 ? 'photo' : 'photos'}`;
  const skipped = problems.length > 0 ? ` ${problems.length} could not be measured.` : '';
  if (after === undefined)
    return `Measured against ${many}: ${decibels(before.psnr)}, SSIM ${before.ssim.toFixed(3)}.${skipped}`;
  return (
    `Measured against ${many}: ${decibels(before.psnr)} before, ${decibels(after.psnr)} after; ` +
    `SSIM ${before.ssim.toFixed(3)} and ${after.ssim.toFixed(3)}.${skipped}`
  );
}
