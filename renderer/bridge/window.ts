import { z } from 'zod';
import type { ErrorRecord } from '../core/errors.ts';
import { listOf } from '../core/list-of.ts';
import { recordOf } from '../core/record-of.ts';
import type { ModelFile } from './files.ts';
import type { RenderJobRequest } from './jobs.ts';
import { message } from './message.ts';
import type { LeftSession, OpenedFile } from './project.ts';
import type { GraphicsMode, ViewSettings } from './settings.ts';
import { viewSettingsSchema } from './settings.ts';

/** What the page found when it asked for a WebGPU adapter. */
const graphicsReportSchema = z.strictObject({
  usable: z.boolean(),
  /** Adapter in words, or why there is none. */
  description: z.string().max(2000),
  isSoftware: z.boolean(),
});
export type GraphicsReport = Readonly<z.infer<typeof graphicsReportSchema>>;

/** What refines: `auto` is WebGPU where the adapter is real and the CPU where it is not. */
export type InferenceDevice = 'auto' | 'webgpu' | 'cpu';

/** What the page has to know before it can begin. */
export interface StartUp {
  readonly appVersion: string;
  readonly systemDescription: string;
  readonly graphicsMode: GraphicsMode;
  readonly view: ViewSettings;
  /** Whether no scene was named, so that the sample opens. */
  readonly isSample: boolean;
  /** Whether that is the one that comes with the app, not one that the command line put in its place. */
  readonly isShippedSample: boolean;
  /**
   * Scene or project to open at once: named on the command line, or the sample. None after the page's process ended,
   * and where a session is restored.
   */
  readonly scene?: OpenedFile | undefined;
  /** What is left of a session that did not end as it should: to be restored at once, or only if a person wants it. */
  readonly leftSession?: LeftSession | undefined;
  /** Model from --model, or the one chosen the last time; the shipped model is used without one. */
  readonly model?: ModelFile | undefined;
  /** Why the model of the last time could not be had again. */
  readonly modelProblem?: ErrorRecord | undefined;
  /** Why the scene or model named on the command line could not be opened, or the page's process ended before. */
  readonly problem?: ErrorRecord | undefined;
  readonly defaultModel?: ModelFile | undefined;
  readonly device: InferenceDevice;
  readonly renderJob?: RenderJobRequest | undefined;
}

const commandIds = listOf(z.string().max(64), { max: 500 });

/** Commands that are on offer now, and the ticked ones. */
const menuStateSchema = z.strictObject({
  disabled: commandIds,
  checked: commandIds,
  /** Labels that say more than the table's own: `Undo Refine`. */
  labels: recordOf(z.string().max(64), z.string().max(200)),
});
export type MenuState = Readonly<z.infer<typeof menuStateSchema>>;

/** What closing the window would lose: nothing, changes of the scene, or a file that is being written. */
const unsavedWorkSchema = z.enum(['nothing', 'changes', 'save']);
export type UnsavedWork = z.infer<typeof unsavedWorkSchema>;

const logLevelSchema = z.enum(['info', 'warning', 'error']);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** What the page may ask about the window and the app as a whole. */
export const WINDOW_MESSAGES = {
  startUp: message<() => StartUp>(),
  /**
   * Reports how the adapter probe went. `restarting` means that the app is about to start again with other switches.
   */
  reportGraphics: message<(report: GraphicsReport) => 'continue' | 'restarting'>(graphicsReportSchema),
  rememberView: message<(view: ViewSettings) => void>(viewSettingsSchema),
  setMenuState: message<(state: MenuState) => void>(menuStateSchema),
  /** Reports what would be lost, so that main asks before the window closes. */
  setUnsavedWork: message<(work: UnsavedWork) => void>(unsavedWorkSchema),
  /** Whether the save that main asked for with `onSaveToLeave` brought everything into a file. */
  savedToLeave: message<(isSaved: boolean) => void>(z.boolean()),
  /**
   * Starts the app again with what is open.
   * @param isKept whether all of it is on disk; otherwise main asks about what is unsaved
   */
  restart: message<(isKept: boolean) => void>(z.boolean()),
  copyText: message<(text: string) => void>(z.string().max(1 << 20)),
  /** Last lines of the log file. */
  recentLog: message<() => string>(),
  log: message<(level: LogLevel, text: string) => void>(logLevelSchema, z.string().max(20_000)),
};
