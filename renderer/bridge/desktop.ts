import type { Rgb } from '../core/vector.ts';
import type { ModelFacts, ModelInfo, ModelTransfer } from './models.ts';
import type { BatchBridge } from './batch.ts';
import type { Progress } from '../core/progress.ts';
import type { CaptureBridge } from './capture.ts';
import type { RefineJobBridge, RefineJobRequest } from './refine-job.ts';
import type { ShowBridge, VideoJobRequest } from './show.ts';

/**
 * What the page may ask of the desktop. The preload script implements it; Electron's main process answers.
 * Files appear as opaque handles that main gave out; a path never reaches the page.
 */

/** A file that main lets the page read, by handle. */
export interface ReadableFile {
  readonly id: string;
  /** File name without folder; of a scene's neighbour, its path below the scene's folder. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
}

/** A scene file; formats made of several files bring their neighbours (readable on demand). */
export interface SceneFile extends ReadableFile {
  readonly neighbours: readonly ReadableFile[];
}

/** A model's weights, with the JSON file of the same name beside it when there is one. */
export interface ModelFile extends ReadableFile {
  /** Which model of the registry it is; a file named on the command line is none. */
  readonly model?: { readonly id: string; readonly name: string; readonly copies: number } | undefined;
  readonly sidecar?: ReadableFile | undefined;
}

/** A new file being written; nothing of it is visible at its place until `finishSave`. */
export interface SaveTarget {
  readonly id: string;
  readonly name: string;
}

/** How Chromium was told to find a GPU: as it comes, X11 with Vulkan, or the software adapter. */
export type GraphicsMode = 'default' | 'x11-vulkan' | 'software';

/** What the page found when it asked for a WebGPU adapter. */
export interface GraphicsReport {
  readonly usable: boolean;
  /** Adapter in words, or why there is none. */
  readonly description: string;
  readonly isSoftware: boolean;
}

export type UpAxisChoice = 'auto' | 'y' | '-y' | 'z';

export type ThemeChoice = 'system' | 'dark' | 'light';

/** Choices that are remembered between starts. */
export interface ViewSettings {
  readonly fovYDegrees: number;
  readonly upAxis: UpAxisChoice;
  readonly showGrid: boolean;
  readonly showAxes: boolean;
  readonly theme: ThemeChoice;
  /** Size of texts and controls, 100 as designed. */
  readonly zoomPercent: number;
  /** Width of the dock beside the scene. */
  readonly dockWidth: number;
  /** Id of the dock's open panel, '' for none. */
  readonly openPanel: string;
  /** Whether the first start's hint was dismissed. */
  readonly hintDismissed: boolean;
  /** Whether a chip over the scene tells how far the view is from the capture. */
  readonly showGauge: boolean;
}

/** One picture to make without a window. */
export interface PictureJobRequest {
  readonly kind: 'render';
  readonly scene: SceneFile;
  readonly camera: {
    readonly worldToView: readonly number[];
    readonly fx: number;
    readonly fy: number;
    readonly cx: number;
    readonly cy: number;
  };
  readonly width: number;
  readonly height: number;
  readonly background: Rgb;
}

/** Photos to measure a scene against. */
export interface MetricsJobRequest {
  readonly kind: 'metrics';
  readonly scene: SceneFile;
  readonly views: readonly {
    readonly image: string;
    readonly photo: ReadableFile;
    readonly camera: PictureJobRequest['camera'] & {
      readonly width: number;
      readonly height: number;
      readonly sizeIsKnown: boolean;
    };
  }[];
  readonly background: Rgb;
}

/** What became of each view, in order; a PSNR of null is the infinite one of equal pictures. */
export type MetricsJobAnswer = readonly (
  { readonly psnr: number | null; readonly ssim: number } | { readonly problem: string }
)[];

/** A job of electron/render-job-schema.ts with its files by handle. */
export type RenderJobRequest = PictureJobRequest | MetricsJobRequest | RefineJobRequest | VideoJobRequest;

/** What refines: `auto` is WebGPU where the adapter is real and the CPU where it is not. */
export type InferenceDevice = 'auto' | 'webgpu' | 'cpu';

export interface StartUp {
  readonly appVersion: string;
  readonly systemDescription: string;
  readonly graphicsMode: GraphicsMode;
  readonly view: ViewSettings;
  /** Whether no scene was named, so that the sample opens. */
  readonly isSample: boolean;
  /** Scene to open at once: named on the command line, or the sample. None after the page's process ended. */
  readonly scene?: SceneFile | undefined;
  /** Model from --model, or the one chosen the last time; the shipped model is used without one. */
  readonly model?: ModelFile | undefined;
  /** Why the model of the last time could not be had again. */
  readonly modelProblem?: DesktopFailure | undefined;
  /** Why the scene or model named on the command line could not be opened, or the page's process ended before. */
  readonly problem?: DesktopFailure | undefined;
  readonly defaultModel?: ModelFile | undefined;
  readonly device: InferenceDevice;
  readonly renderJob?: RenderJobRequest | undefined;
}

export interface DesktopFailure {
  readonly code: string;
  readonly message: string;
  readonly advice?: string | undefined;
}

/** Errors cross the process border as data. */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: DesktopFailure };

/** Commands that are on offer now, and the ticked ones. */
export interface MenuState {
  readonly disabled: readonly string[];
  readonly checked: readonly string[];
  /** Labels that say more than the table's own: `Undo Refine`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** What closing the window would lose: nothing, changes of the scene, or a file that is being written. */
export type UnsavedWork = 'nothing' | 'changes' | 'save';

export type LogLevel = 'info' | 'warning' | 'error';

export interface DesktopBridge extends BatchBridge, CaptureBridge, RefineJobBridge, ShowBridge {
  startUp(): Promise<Answer<StartUp>>;
  /**
   * Tells main how the adapter probe went. `restarting` means that the app is about to start again with other switches.
   */
  reportGraphics(report: GraphicsReport): Promise<Answer<'continue' | 'restarting'>>;
  showOpenScene(): Promise<Answer<SceneFile | undefined>>;
  showOpenModel(): Promise<Answer<ModelFile | undefined>>;
  openDropped(file: File): Promise<Answer<SceneFile>>;
  openDroppedModel(file: File): Promise<Answer<ModelFile>>;
  readChunk(id: string, offset: number, length: number): Promise<Answer<Uint8Array>>;
  closeFile(id: string): Promise<Answer<undefined>>;
  /** Asks where to save; `inputId` is the open scene's file, which is never overwritten. */
  showSave(suggestedName: string, inputId: string | undefined): Promise<Answer<SaveTarget | undefined>>;
  writeChunk(id: string, bytes: Uint8Array): Promise<Answer<undefined>>;
  finishSave(id: string): Promise<Answer<undefined>>;
  abandonSave(id: string): Promise<Answer<undefined>>;
  rememberView(view: ViewSettings): Promise<Answer<undefined>>;
  rememberScene(id: string): Promise<Answer<undefined>>;
  setMenuState(state: MenuState): Promise<Answer<undefined>>;
  /** Tells main what would be lost, so that it asks before the window closes. */
  setUnsavedWork(work: UnsavedWork): Promise<Answer<undefined>>;
  /** Whether the save that main asked for with `onSaveToLeave` brought everything into a file. */
  savedToLeave(isSaved: boolean): Promise<Answer<undefined>>;
  copyText(text: string): Promise<Answer<undefined>>;
  /** Last lines of the log file. */
  recentLog(): Promise<Answer<string>>;
  log(level: LogLevel, message: string): Promise<Answer<undefined>>;
  /** How far the render job is; main hands it to the process that waits for it. */
  reportRenderJob(progress: Progress): Promise<Answer<undefined>>;
  /** The job's answer, whole: main writes it where the job says and ends the process. */
  finishRenderJob(answer: Uint8Array): Promise<Answer<undefined>>;
  failRenderJob(message: string): Promise<Answer<undefined>>;
  /**
   * Starts native inference in its own process; its MessagePort arrives at the window as a `splatformer-inference`
   * message.
   */
  connectInference(): Promise<Answer<undefined>>;
  /** Ends that process at once, and with it whatever it computes. */
  stopInference(): Promise<Answer<undefined>>;
  listModels(): Promise<Answer<readonly ModelInfo[]>>;
  /** A model that is here, by its ID. */
  openModel(id: string): Promise<Answer<ModelFile>>;
  /** Remembers the model that Refine uses at the next start. */
  chooseModel(id: string): Promise<Answer<undefined>>;
  /** Keeps a checkpoint in the list of models by its handle, with what the page found in it. */
  rememberModel(fileId: string, facts: ModelFacts): Promise<Answer<ModelFile>>;
  /** Takes a checkpoint of the person's own off the list; its file stays. */
  forgetModel(id: string): Promise<Answer<undefined>>;
  /**
   * Fetches a model of the catalogue, or goes on with it; resolves once it is installed. Progress comes by
   * `onModelChanged`.
   */
  downloadModel(id: string): Promise<Answer<undefined>>;
  cancelModelDownload(id: string): Promise<Answer<undefined>>;
  /** Deletes a fetched model, or what an interrupted download left. */
  removeModel(id: string): Promise<Answer<undefined>>;
  /** Opens the authors' page in the person's browser. */
  openModelPage(id: string): Promise<Answer<undefined>>;
  /** Main memory of this machine, in bytes. */
  memory(): Promise<Answer<{ readonly freeBytes: number; readonly totalBytes: number }>>;
  onCommand(listener: (id: string) => void): void;
  onOpenScene(listener: (answer: Answer<SceneFile>) => void): void;
  /** Called where a person chose to save before the window closes; `savedToLeave` answers. */
  onSaveToLeave(listener: () => void): void;
  /** Called when a download began, moved (`transfer`) or ended, and when a model came or went. */
  onModelChanged(
    listener: (change: { readonly id: string; readonly transfer?: ModelTransfer | undefined }) => void,
  ): void;
}

declare global {
  interface Window {
    readonly desktop: DesktopBridge;
  }
}
