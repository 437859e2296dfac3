import { join } from 'node:path';
import { app, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import type { Handlers } from '../renderer/bridge/desktop.ts';
import type { RenderJob } from '../renderer/bridge/jobs.ts';
import type { MenuState } from '../renderer/bridge/window.ts';
import type { Progress } from '../renderer/core/progress.ts';
import type { StartArguments } from './start/arguments.ts';
import type { BatchDesktop } from './batch/desktop.ts';
import { batchHandlers } from './batch/handlers.ts';
import { admitCameras, listPhotos } from './capture/files.ts';
import { captureHandlers } from './capture/handlers.ts';
import { Dialogs } from './files/dialogs.ts';
import type { FileTable } from './files/files.ts';
import { fileHandlers } from './files/handlers.ts';
import { requireCameras } from './files/named-content.ts';
import { projectHandlers } from './files/project-handlers.ts';
import { Projects } from './files/projects.ts';
import { SceneStore } from './files/scene-store.ts';
import type { SessionStore } from './files/session-store.ts';
import { jobHandlers } from './jobs/handlers.ts';
import { reportAdapter } from './jobs/refine-job.ts';
import type { LogFile } from './log.ts';
import { modelHandlers } from './models/handlers.ts';
import type { ModelHandlerParts } from './models/handlers.ts';
import type { InferenceHost } from './processes/inference.ts';
import type { SettingsStore } from './settings.ts';
import { showHandlers } from './show/handlers.ts';
import { startUp } from './start/start-up.ts';
import type { Graphics } from './window/graphics.ts';
import { updateHandlers } from './updates/handlers.ts';
import type { Updates } from './updates/updates.ts';
import { windowHandlers } from './window/handlers.ts';
import type { LeaveGuard } from './window/leave-guard.ts';
import type { PageEnds } from './window/page-ends.ts';

export interface HandlerParts {
  readonly window: () => BrowserWindow;
  readonly files: FileTable;
  readonly projects: Projects;
  readonly session: SessionStore;
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
  readonly updates: Updates;
  readonly systemDescription: string;
  /** Starts the app again with what is open, of which `isKept` says whether all is on disk. */
  readonly restart: (isKept: boolean) => void;
  readonly setMenuState: (state: MenuState) => void;
  readonly recentChanged: () => void;
  /** Reports to whoever started a render job how far it is. */
  readonly reportProgress: (progress: Progress) => void;
  /** Ends the process with an exit code once the page has nothing more to do. */
  readonly end: (code: number, sentence?: string) => void;
}

/** Projects and the session, with all that they may refer to. */
export function makeProjects(files: FileTable, session: SessionStore): Projects {
  return new Projects({
    ...{ files, session },
    appVersion: app.getVersion(),
    admitCameras: async (path) => {
      // A project may be anyone's: what it names has to be cameras.
      await requireCameras(path);
      return admitCameras(path, files);
    },
    listPhotos: (folder) => listPhotos(folder, files),
  });
}

/** Answers to the page's messages: each subject's handlers, with what they share. */
export function makeHandlers(parts: HandlerParts): Handlers {
  const { window, files, projects, session, settings, batch, renderJob } = parts;
  const dialogs = new Dialogs(window, () => settings.get().lastFolder);
  const sampleScene = parts.started.sample ?? join(parts.modelsFolder, 'sample.ply');
  const rememberScene = (path: string): void => {
    // What the command line writes is no file that a person worked on in the window.
    if (renderJob !== undefined) return;
    settings.rememberScene(path);
    parts.recentChanged();
  };
  return {
    startUp: () =>
      startUp({
        ...parts,
        openAny: (path) => projects.openAny(path),
        appVersion: app.getVersion(),
        graphicsMode: parts.graphics.mode,
        registry: parts.models.registry,
        sampleScene,
      }),
    ...windowHandlers({
      ...parts,
      graphicsFound: (report) => {
        batch.graphicsFound(report);
        if (renderJob === undefined) void parts.updates.started();
        if (renderJob?.kind === 'refine') reportAdapter(report);
      },
    }),
    ...fileHandlers({
      files,
      sampleScene,
      dialogs,
      memory: new SceneStore(join(app.getPath('userData'), 'scene-memory'), 'What was chosen for the scene'),
      reveal: (path) => shell.showItemInFolder(path),
      rememberScene,
    }),
    ...projectHandlers({ files, dialogs, projects, session, rememberScene }),
    ...modelHandlers(parts.models),
    ...captureHandlers({
      files,
      dialogs: dialogs.forOtherFiles(),
      sampleCameras:
        parts.started.sample === undefined ? join(parts.modelsFolder, 'sample/transforms.json') : undefined,
    }),
    ...showHandlers({
      files,
      scenes: new SceneStore(join(app.getPath('userData'), 'scenes'), 'The bookmarks and paths of the scene'),
      dialogs: dialogs.forOtherFiles(),
    }),
    ...batchHandlers({ host: batch.host, files, dialogs }),
    ...updateHandlers(parts.updates),
    connectInference: () => parts.inference.connect(window().webContents),
    stopInference: () => parts.inference.stop(),
    ...jobHandlers({ job: renderJob, files, reportProgress: parts.reportProgress, end: parts.end }),
  };
}
