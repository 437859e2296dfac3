import { toSplatError } from '../../core/errors.ts';
import type { SplatError } from '../../core/errors.ts';
import type { JobOptions, Progress } from '../../core/progress.ts';
import { paceOf, RefineClock } from '../../core/refine-clock.ts';
import type { RefinePace } from '../../core/refine-clock.ts';
import type { FileStage } from '../../core/stages.ts';
import type { CameraParameters } from '../../core/camera-parameters.ts';
import type { SplatScene } from '../../core/splat-scene.ts';
import { splats } from '../../core/units.ts';
import type { PageViews } from '../../io/encode-options.ts';
import type { SplatMask } from '../../edit/selection.ts';
import { EXTENSIONS_IN_WORDS, sceneStem } from '../../core/writable-formats.ts';
import type { WritableFormatId } from '../../core/writable-formats.ts';
import type { RefineSettings } from '../../project/scene-version.ts';
import { switchesOf } from '../../refine/residual-blend.ts';
import { sceneBounds } from '../../camera/scene-bounds.ts';
import { UP_NAMES, type UpAxis } from '../../core/up-axes.ts';
import { withUp, type ResolvedUp } from '../../core/up-axis.ts';
import { encodeInBackground } from '../../workers/scene-client.ts';
import { blendScene } from './blend-scene.ts';
import type { ModelFile, SaveTarget, SceneFile } from '../../bridge/files.ts';
import type { OpenedFile, ProjectFile } from '../../bridge/project.ts';
import { ask, loadScene, MOST_ARRAY_BYTES, writeScene } from '../desktop.ts';
import { finalScene, isUnsaved, shownScene, suggestedName } from './document.ts';
import type { Job, SceneDocument } from './document.ts';
import type { ModelBytes } from '../../bridge/inference-messages.ts';
import type { ModelChoice } from './model-choice.ts';
import { refineWithBestBackend } from './refine-backend.ts';
import { keptOf, noteOnSelection, notesOn, refineFigures, selectedInWords } from './refine-words.ts';

/** How often the time that is left is told anew. */
const TELL_TIME_MS = 250;

/** Where what a refinement took is remembered. */
export interface Paces {
  get(key: string): RefinePace | undefined;
  set(key: string, pace: RefinePace): unknown;
}

/** Opens a project that main has read, and saves the one that is open; each says whether it did. */
export interface ProjectOpener {
  open(project: ProjectFile): Promise<boolean>;
  save(): Promise<boolean>;
}

/** Everything that changes the document. One job at a time; a failed or cancelled one leaves the document as it was. */
export class Actions {
  /** Asked before each refinement, with the model at hand; one that answers false ends it there. */
  readonly gates: ((scene: SplatScene, model: ModelBytes) => Promise<boolean>)[] = [];

  /** Asked before a scene is opened in the place of another; one that answers false ends it there. */
  readonly openGates: ((file: OpenedFile) => Promise<boolean>)[] = [];

  /** What opens and saves projects. */
  projects: ProjectOpener | undefined;

  /** Asks for the format of a save; undefined ends it there. */
  chooseFormat: () => Promise<WritableFormatId | undefined> = () => Promise.resolve('inria-ply');

  /** Where a web page of the scene begins, and its places to visit. */
  pageViews: () => PageViews | undefined = () => undefined;

  /** The cameras of the capture that is open, in the scene's own axes: the evidence by which an answer is proved. */
  capturedCameras: () => readonly CameraParameters[] | undefined = () => undefined;

  /** Resolves when what is to be seen now is on screen, or can't be soon. */
  pictureDrawn: () => Promise<void> = () => Promise.resolve();

  /** What earlier refinements took, by model and device: what time is left is told by them. */
  paces: Paces = new Map();

  constructor(
    private readonly document: SceneDocument,
    private readonly models: ModelChoice,
    private readonly prefersCpu: () => boolean,
  ) {}

  async chooseScene(): Promise<void> {
    const file = await this.guard(() => ask(window.desktop.showOpen()), 'The file dialog failed');
    if (file !== undefined) await this.open(file);
  }

  /** Opens what main gave a handle for. The sample is no recent file, and asks for no saving. */
  async open(file: OpenedFile, isSample = false): Promise<void> {
    if (this.isBusy(`Opening ${file.name}`)) return;
    for (const gate of this.openGates) if (!(await gate(file))) return;
    if ('neighbours' in file) return this.openScene(file, isSample);
    await this.projects?.open(file);
  }

  private async openScene(file: SceneFile, isSample: boolean): Promise<void> {
    const title = `Opening ${file.name}`;
    const startedMs = performance.now();
    const scene = await this.job('open', title, async ({ signal, onProgress }) => {
      const onPreview = (preview: SplatScene): Promise<void> => this.preview(preview, signal);
      const read = await loadScene(file, { signal, onProgress, onPreview, mostArrayBytes: MOST_ARRAY_BYTES });
      this.document.open(file, read, isSample);
      return read;
    });
    if (scene === undefined) return;
    this.document.say(`Opened ${file.name} in ${seconds(startedMs)}.${noteOnDegree(scene)}`);
    if (!isSample) await window.desktop.rememberScene(file.id);
  }

  /** Has a preview on screen until its job ends, whatever comes of it. Resolves when it is there. */
  private async preview(preview: SplatScene, signal: AbortSignal | undefined): Promise<void> {
    const { job } = this.document.state;
    if (job === undefined || signal?.aborted === true) return;
    this.document.update({ job: { ...job, preview } });
    await this.pictureDrawn();
  }

  async openSample(): Promise<void> {
    const file = await this.guard(() => ask(window.desktop.openSample()), 'The sample could not be opened');
    if (file !== undefined) await this.open(file, true);
  }

  async dropFiles(files: readonly File[]): Promise<void> {
    const first = files[0];
    if (first === undefined || this.isBusy(`Opening ${first.name}`)) return;
    const file = await this.guard(() => ask(window.desktop.openDropped(first)), 'The dropped file could not be opened');
    if (file !== undefined) await this.open(file);
  }

  /**
   * Refines the scene as edited, at the model's own strength. `mask`: the splats that may change, of which the network
   * still sees all.
   */
  async refine(mask?: SplatMask): Promise<void> {
    const { original } = this.document.state;
    if (original === undefined) return;
    const model = await this.job('refine', 'Loading the model', (options) => this.models.read(options));
    if (model === undefined || !this.isStillOpen(original)) return;
    for (const gate of this.gates) if (!(await gate(original, model)) || !this.isStillOpen(original)) return;
    const startedMs = performance.now();
    const result = await this.job('refine', 'Refining', (options) => this.runNetwork(original, model, options));
    if (result === undefined || !this.isStillOpen(original)) return;
    const took = (performance.now() - startedMs) / 1000;
    const { report, residuals } = result;
    const settings: RefineSettings = { strength: 1, switches: switchesOf(), mask };
    const scene = mask === undefined ? result.scene : await blendScene(original, residuals, settings);
    if (!this.isStillOpen(original)) return;
    const refined = {
      scene,
      seconds: took,
      description: `${this.models.name}, ${result.backend}`,
      modelId: model.id,
      residuals,
      settings,
      figures: refineFigures(report, sceneBounds(original).radius, mask !== undefined),
    };
    this.document.step(mask === undefined ? 'Refine' : 'Refine Selection', { refined }, { shown: 'after' });
    const what = mask === undefined ? splats(report.refined) : selectedInWords(residuals.rows, mask);
    const refinedIn = `${what} in ${seconds(startedMs)} (${result.backend})`;
    const notes = notesOn(report, this.document.state.up) + noteOnSelection(residuals.rows, mask);
    this.document.finish(
      `Refined ${refinedIn}.${keptOf(report)}${notes} Press B to compare.`,
      [
        { label: 'Compare', command: 'refine.compare' },
        { label: 'Take It Back', command: 'refine.takeBack' },
        { label: 'Save As…', command: 'file.saveAs' },
      ],
      { title: `Refined ${refinedIn}`, figures: refined.figures, note: notes.trim() },
    );
  }

  /** Refines with a bar that moves and says what time is left, also while the network reports nothing. */
  private async runNetwork(original: SplatScene, model: ModelBytes, options: JobOptions) {
    const paceKey = `${model.name} ${this.prefersCpu() ? 'CPU' : 'GPU'}`;
    const clock = new RefineClock(original.count, this.paces.get(paceKey), performance.now());
    let stage: FileStage = 'region';
    const tell = (): void => {
      const { fraction, remainingSeconds } = clock.at(performance.now());
      options.onProgress?.({ stage, fraction, remainingSeconds });
    };
    const timer = setInterval(tell, TELL_TIME_MS);
    try {
      const result = await refineWithBestBackend(original, model, this.prefersCpu(), {
        signal: options.signal,
        up: this.document.state.up?.axis,
        region: this.document.state.region,
        cameras: this.capturedCameras(),
        onProgress: (progress: Progress<FileStage>) => {
          ({ stage } = progress);
          clock.heard(progress, performance.now());
          tell();
        },
      });
      this.paces.set(paceKey, paceOf(result.report.milliseconds, original.count));
      return result;
    } finally {
      clearInterval(timer);
    }
  }

  /** Takes the refinement back: by undoing where it is the last step, else by a step of its own. */
  takeBack(): void {
    const { history, refined } = this.document.state;
    if (history === undefined || refined === undefined) return;
    const { index, steps } = history;
    if (index > 0 && steps[index - 1].state.refined === undefined) this.document.goTo(index - 1);
    else this.document.step('Take the Refinement Back', { refined: undefined }, { shown: 'before' });
    this.document.say('The scene is as it was before it was refined.');
  }

  /**
   * Whether the scene is still the one that a refinement began with: residuals fit no other. Says so where it is not.
   */
  private isStillOpen(original: SplatScene): boolean {
    const isOpen = this.document.state.original === original;
    if (!isOpen) this.document.complain('The scene was not refined, because it changed meanwhile. Refine again.');
    return isOpen;
  }

  compare(): void {
    const { refined, shown } = this.document.state;
    if (refined === undefined) return;
    this.document.update({ shown: shown === 'after' ? 'before' : 'after' });
  }

  cancel(): void {
    this.document.state.job?.cancel();
  }

  /**
   * Saves the refined scene if there is one, else the open scene, under a name of its own. The file names the up axis
   * that was chosen. Resolves with whether it was saved.
   */
  async saveAs(): Promise<boolean> {
    const { file } = this.document.state;
    if (file === undefined || this.isBusy('Saving the scene')) return false;
    const format = await this.chooseFormat();
    if (format === undefined) return false;
    const name = suggestedName(this.document.state, format);
    const choose = (): Promise<SaveTarget | undefined> => ask(window.desktop.showSave(name, format, file.id));
    return this.saveTo(await this.guard(choose, 'The scene was not saved'));
  }

  /**
   * Saves the project where one is open, else the scene where it was saved last, else under a name of its own. Resolves
   * with whether a file holds it.
   */
  async save(): Promise<boolean> {
    const { savedTo, project } = this.document.state;
    if (project !== undefined && this.projects !== undefined) return this.projects.save();
    if (savedTo === undefined) return this.saveAs();
    if (!isUnsaved(this.document.state)) {
      this.document.say(`${savedTo.name} holds the scene as it is.`);
      return true;
    }
    if (this.isBusy('Saving the scene')) return false;
    return this.saveTo(await this.guard(() => ask(window.desktop.saveAgain(savedTo.id)), 'The scene was not saved'));
  }

  private async saveTo(target: SaveTarget | undefined): Promise<boolean> {
    const scene = finalScene(this.document.state);
    if (target === undefined || scene === undefined) return false;
    const startedMs = performance.now();
    const { format } = target;
    if (format === undefined) {
      // Another name than the chosen one could be that of a file that nobody was asked about.
      await window.desktop.abandonSave(target.id);
      this.document.complain(
        `${target.name} was not saved, because its name does not end in a format that can be written. ` +
          `Save it as ${EXTENSIONS_IN_WORDS}.`,
      );
      return false;
    }
    const saved = await this.write(target, async (options) => {
      const encoded = await encodeInBackground(namingUp(scene, this.document.state.up), format, {
        ...options,
        stem: sceneStem(target.name),
        views: this.pageViews(),
      });
      await writeScene(target, encoded);
      return encoded.notes;
    });
    if (saved === undefined) return false;
    this.document.saved(scene, target);
    this.document.exported(target, [`Saved ${target.name} in ${seconds(startedMs)}.`, ...saved].join(' '));
    return true;
  }

  /** Says of a scene whose up axis is a guess what was guessed, with a way to tell; nothing waits for the answer. */
  askUp(): void {
    const { up, message } = this.document.state;
    if (up === undefined || up.isSure || message.isError) return;
    this.document.add(`Up may be ${UP_NAMES[up.axis]}: nothing in the file tells.`, [
      { label: 'Choose Up…', command: 'view.upAsk' },
    ]);
  }

  /** Takes the axis that a person chose as up for this scene; undefined leaves it to file, cameras and splats. */
  chooseUp(chosen: UpAxis | undefined): void {
    this.document.chooseUp(chosen, this.capturedCameras());
    const { up, message } = this.document.state;
    const isAnswer = message.actions?.some(({ command }) => command === 'view.upAsk') === true;
    if (up !== undefined && isAnswer) this.document.say(`Up is ${UP_NAMES[up.axis]}.`);
  }

  /** Takes a checkpoint for the next Refine; undefined is the shipped one. */
  useModel(file: ModelFile | undefined): void {
    this.models.choose(file);
    this.document.update({ modelName: this.models.name });
    this.document.say(`Refine uses ${this.models.name}.`);
  }

  get shown(): SplatScene | undefined {
    return shownScene(this.document.state);
  }

  /**
   * Runs the job that writes a file whose place was chosen. Where it fails, is cancelled or can't begin, nothing is
   * left of the file.
   */
  async write<T>(target: SaveTarget, body: (options: JobOptions) => Promise<T>): Promise<T | undefined> {
    const title = `Saving ${target.name}`;
    if (this.isBusy(title)) {
      await window.desktop.abandonSave(target.id);
      return undefined;
    }
    return this.job('save', title, async (options) => {
      try {
        return await body(options);
      } catch (error) {
        await window.desktop.abandonSave(target.id);
        throw error;
      }
    });
  }

  /**
   * Runs a job with progress and cancel. Resolves with undefined where it failed, was cancelled or can't begin beside
   * another, and says so.
   */
  async job<T>(kind: Job['kind'], title: string, body: (options: JobOptions) => Promise<T>): Promise<T | undefined> {
    if (this.isBusy(title)) return undefined;
    const abort = new AbortController();
    const job: Job = { kind, title, stage: '', fraction: 0, startedMs: performance.now(), cancel: () => abort.abort() };
    this.document.update({ job, message: { text: '', isError: false } });
    try {
      return await body({
        signal: abort.signal,
        onProgress: (progress) => {
          const { preview } = this.document.state.job ?? job;
          this.document.update({ job: { ...job, preview, ...progress } });
        },
      });
    } catch (error) {
      this.report(toSplatError(error, 'io', `${title} failed`));
      return undefined;
    } finally {
      this.document.update({ job: undefined });
    }
  }

  /** Whether another job keeps this one from beginning; says which. */
  isBusy(title: string): boolean {
    const { job } = this.document.state;
    if (job !== undefined)
      this.document.complain(
        `${title} did not start, because “${job.title}” is still running. ` +
          'Wait for it to finish or cancel it, then try again.',
      );
    return job !== undefined;
  }

  async guard<T>(body: () => Promise<T>, context: string): Promise<T | undefined> {
    try {
      return await body();
    } catch (error) {
      this.report(toSplatError(error, 'io', context));
      return undefined;
    }
  }

  report(error: SplatError): void {
    if (error.code === 'cancelled') {
      this.document.say(error.message);
      return;
    }
    this.document.complain(error.sentence);
    const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? error.cause.message}` : '';
    void window.desktop.log('error', `${error.code}: ${error.sentence}${cause}`.slice(0, 20_000));
  }
}

/** The scene as a file is to name its up axis. */
function namingUp(scene: SplatScene, up: ResolvedUp | undefined): SplatScene {
  return up === undefined ? scene : withUp(scene, up);
}

/** That a scene holds less than its file, as a sentence that follows another. */
function noteOnDegree({ shDegree, meta: { degreeInFile } }: SplatScene): string {
  if (degreeInFile === undefined) return '';
  const why =
    degreeInFile === 4 && shDegree === 3
      ? 'Harmonics of degree 4 are beyond those that are known here'
      : `It is too large for harmonics of degree ${degreeInFile}`;
  return ` ${why}: colours are shown and saved with degree ${shDegree}, and the file stays as it is.`;
}

function seconds(sinceMs: number): string {
  const value = (performance.now() - sinceMs) / 1000;
  return `${value.toFixed(value < 10 ? 1 : 0)} s`;
}
