import { basename, extname, join } from 'node:path';
import { app, clipboard, dialog, nativeTheme } from 'electron';
import type { BrowserWindow } from 'electron';
import type { ModelFile, StartUp } from '../renderer/bridge/desktop.ts';
import type { Progress } from '../renderer/core/progress.ts';
import type { BatchDesktop } from './batch/desktop.ts';
import { makeBatchHandlers } from './batch/handlers.ts';
import { captureHandlers } from './capture/handlers.ts';
import { answerOf, toFailure } from './failure.ts';
import type { FileTable } from './files/files.ts';
import type { Graphics } from './window/graphics.ts';
import type { InferenceHost } from './processes/inference.ts';
import type { Handlers } from './ipc.ts';
import type { LeaveGuard } from './window/leave-guard.ts';
import type { LogFile } from './log.ts';
import { admit, modelHandlers } from './models/handlers.ts';
import type { ModelHandlerParts } from './models/handlers.ts';
import type { SettingsStore } from './settings.ts';
import { isFile } from './arguments.ts';
import type { StartArguments } from './arguments.ts';
import type { PageEnds } from './window/page-ends.ts';
import { refineJobHandlers, tellAdapter } from './jobs/refine-job.ts';
import { requestOf, writeAnswer } from './jobs/render-job.ts';
import type { RenderJob } from './render-job-schema.ts';
import { showHandlers } from './show/handlers.ts';
import { SceneStore } from './show/scene-store.ts';
import type { MenuState } from '../renderer/bridge/desktop.ts';
import { withEnding } from './files/with-ending.ts';

const SCENE_FILTERS = [
  { name: 'Gaussian splat scenes', extensions: ['ply', 'splat', 'ksplat', 'spz', 'sog', 'json'] },
  { name: 'All files', extensions: ['*'] },
];
const MODEL_FILTERS = [
  { name: 'SplatFormer checkpoints', extensions: ['pth', 'pt'] },
  { name: 'All files', extensions: ['*'] },
];
const SAVE_FILTERS = [
  { name: 'PLY (full precision)', extensions: ['ply'] },
  { name: 'SPZ (compressed)', extensions: ['spz'] },
];

export interface HandlerParts {
  readonly window: () => BrowserWindow;
  readonly files: FileTable;
  readonly settings: SettingsStore;
  readonly log: LogFile;
  readonly graphics: Graphics;
  readonly inference: InferenceHost;
  readonly batch: BatchDesktop;
  readonly leaveGuard: LeaveGuard;
  readonly started: StartArguments;
  readonly pageEnds: PageEnds;
  readonly renderJob: RenderJob | undefined;
  readonly modelsFolder: string;
  readonly models: ModelHandlerParts;
  readonly appVersion: string;
  readonly systemDescription: string;
  readonly setMenuState: (state: MenuState) => void;
  readonly recentChanged: () => void;
  /** Tells whoever started a render job how far it is. */
  readonly reportProgress: (progress: Progress) => void;
  /** Ends the process with an exit code once the page has nothing more to do. */
  readonly end: (code: number, sentence?: string) => void;
}

/** Answers to the page's messages, one by one. */
export function makeHandlers(parts: HandlerParts): Handlers {
  const { files, settings, log, graphics, inference } = parts;
  return {
    startUp: () => startUp(parts),
    reportGraphics: (report) => {
      log.write(report.usable ? 'info' : 'warning', `Graphics mode ${graphics.mode}: ${report.description}`);
      parts.batch.graphicsFound(report);
      const decision = graphics.decide(report);
      if (decision === 'continue' && parts.renderJob?.kind === 'refine') tellAdapter(report);
      if (decision === 'continue' && parts.started.selfTest)
        parts.end(report.usable ? 0 : 1, report.usable ? undefined : report.description);
      return decision;
    },
    showOpenScene: async () => {
      const path = await pick(parts, 'Open a scene', SCENE_FILTERS);
      return path === undefined ? undefined : files.admitScene(path);
    },
    showOpenModel: async () => {
      const path = await pick(parts, 'Open a checkpoint', MODEL_FILTERS);
      return path === undefined ? undefined : files.admitModel(path);
    },
    openDropped: (path) => files.admitScene(path),
    openDroppedModel: (path) => files.admitModel(path),
    readChunk: (id, offset, length) => files.read(id, offset, length),
    closeFile: async (id) => {
      await files.close(id);
      return undefined;
    },
    showSave: async (suggestedName, inputId) => {
      const folder = inputId === undefined ? settings.get().lastFolder : join(files.pathOf(inputId), '..');
      const { filePath, canceled } = await dialog.showSaveDialog(parts.window(), {
        title: 'Save the scene',
        defaultPath: folder === undefined ? suggestedName : join(folder, suggestedName),
        filters: suggestedName.endsWith('.spz') ? [...SAVE_FILTERS].reverse() : SAVE_FILTERS,
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      if (canceled || filePath === '') return undefined;
      return files.beginSave(
        extname(filePath) === '' ? await withEnding(filePath, extname(suggestedName)) : filePath,
        inputId,
      );
    },
    writeChunk: async (id, bytes) => {
      await files.write(id, bytes);
      return undefined;
    },
    finishSave: async (id) => {
      const path = await files.finishSave(id);
      // What the command line writes is no file that a person worked on in the window.
      if (parts.renderJob !== undefined) return undefined;
      settings.rememberScene(path);
      parts.recentChanged();
      return undefined;
    },
    abandonSave: async (id) => {
      await files.abandonSave(id);
      return undefined;
    },
    rememberView: (view) => {
      settings.update({ view });
      nativeTheme.themeSource = view.theme;
      parts.window().webContents.setZoomFactor(view.zoomPercent / 100);
      return undefined;
    },
    rememberScene: (id) => {
      settings.rememberScene(files.pathOf(id));
      parts.recentChanged();
      return undefined;
    },
    setMenuState: (state) => {
      parts.setMenuState(state);
      return undefined;
    },
    setUnsavedWork: (work) => {
      parts.leaveGuard.setUnsavedWork(work);
      if (process.platform === 'darwin') parts.window().setDocumentEdited(work === 'changes');
      return undefined;
    },
    savedToLeave: (isSaved) => {
      parts.leaveGuard.saved(isSaved);
      return undefined;
    },
    copyText: (text) => {
      clipboard.writeText(text);
      return undefined;
    },
    recentLog: () => log.tail(),
    log: (level, message) => {
      log.write(level, message);
      return undefined;
    },
    reportRenderJob: (progress) => {
      parts.reportProgress(progress);
      return undefined;
    },
    finishRenderJob: async (answer) => {
      if (parts.renderJob !== undefined) {
        const written = await answerOf(() => writeAnswer(parts.renderJob as RenderJob, answer, files));
        parts.end(
          written.ok ? 0 : 1,
          written.ok ? undefined : `${written.failure.message} ${written.failure.advice ?? ''}`.trim(),
        );
      }
      return undefined;
    },
    failRenderJob: (sentence) => {
      if (parts.renderJob !== undefined) parts.end(1, sentence);
      return undefined;
    },
    ...refineJobHandlers(parts.renderJob, files),
    ...showHandlers({
      files,
      scenes: new SceneStore(join(app.getPath('userData'), 'scenes')),
      window: parts.window,
      renderJob: parts.renderJob,
      lastFolder: () => settings.get().lastFolder,
    }),
    connectInference: () => {
      inference.connect(parts.window().webContents);
      return undefined;
    },
    stopInference: () => {
      inference.stop();
      return undefined;
    },
    ...makeBatchHandlers({
      host: parts.batch.host,
      files,
      window: parts.window,
      sceneFilters: SCENE_FILTERS,
      lastFolder: () => settings.get().lastFolder,
    }),
    ...captureHandlers({ files, window: parts.window, lastFolder: () => settings.get().lastFolder }),
    ...modelHandlers(parts.models),
  };
}

async function startUp(parts: HandlerParts): Promise<StartUp> {
  const { files, settings, started, renderJob } = parts;
  const { registry } = parts.models;
  const shipped = await admit(parts.models, registry.defaultId).catch(() => undefined);
  const problem = parts.pageEnds.takeProblem();
  const common = {
    appVersion: parts.appVersion,
    systemDescription: parts.systemDescription,
    graphicsMode: parts.graphics.mode,
    view: settings.get().view,
    isSample: started.scene === undefined && problem === undefined,
    defaultModel: shipped,
    device: started.device,
  };
  try {
    if (renderJob !== undefined) return { ...common, renderJob: await requestOf(renderJob, files) };
    const chosen = started.model === undefined ? await answerOf(() => chosenModel(parts)) : undefined;
    const model =
      started.model === undefined
        ? chosen?.ok === true
          ? chosen.value
          : undefined
        : await namedModel(parts, started.model);
    const modelProblem = chosen?.ok === false ? chosen.failure : undefined;
    // The scene of the start may be what ended the page before.
    if (problem !== undefined) return { ...common, model, modelProblem, problem };
    const scene = await files.admitScene(started.scene ?? join(parts.modelsFolder, 'sample.ply'));
    return { ...common, scene, model, modelProblem };
  } catch (error) {
    return { ...common, problem: toFailure(error) };
  }
}

/**
 * The model of the last time, where another than the shipped one was chosen. @throws SplatError `io` where it is no
 * longer here
 */
function chosenModel({ settings, models }: HandlerParts): Promise<ModelFile | undefined> {
  const { chosen } = settings.get().models;
  return chosen === undefined ? Promise.resolve(undefined) : admit(models, chosen);
}

/** The model that the command line named: a file, or a model's ID. */
async function namedModel({ files, models }: HandlerParts, path: string): Promise<ModelFile> {
  return isFile(path) ? files.admitModel(path) : admit(models, (await models.registry.resolve(basename(path))).id);
}

async function pick(parts: HandlerParts, title: string, filters: Electron.FileFilter[]): Promise<string | undefined> {
  const folder = parts.settings.get().lastFolder;
  const { filePaths } = await dialog.showOpenDialog(parts.window(), {
    title,
    filters,
    properties: ['openFile'],
    ...(folder === undefined ? {} : { defaultPath: folder }),
  });
  return filePaths[0];
}
