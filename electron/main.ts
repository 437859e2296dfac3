import { rmSync } from 'node:fs';
import { arch, cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { app, dialog, nativeImage, nativeTheme, session, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import type { MenuState } from '../renderer/bridge/window.ts';
import type { EventName, EventValue } from '../renderer/bridge/events.ts';
import { sentenceOf } from '../renderer/core/errors.ts';
import { formatBytes } from '../renderer/core/units.ts';
import { isFile, readArguments } from './start/arguments.ts';
import type { StartArguments } from './start/arguments.ts';
import { BatchDesktop } from './batch/desktop.ts';
import { answerOf, toFailure } from './failure.ts';
import { FileTable } from './files/files.ts';
import { SessionStore } from './files/session-store.ts';
import { sceneTitle } from './files/scene-files.ts';
import { Graphics, restartArguments } from './window/graphics.ts';
import { makeHandlers, makeProjects } from './handlers.ts';
import { InferenceHost } from './processes/inference.ts';
import { registerHandlers, sendEvent } from './window/ipc.ts';
import { LeaveGuard } from './window/leave-guard.ts';
import { LogFile } from './log.ts';
import { installMenu } from './window/menu.ts';
import { chooseCatalogue, isAllowedAddress } from './models/catalogue.ts';
import type { Catalogue } from './models/catalogue.ts';
import { DOWNLOAD_TIMES } from './models/download.ts';
import { nodeDownloadFiles } from './models/download-files.ts';
import { ModelDownloads } from './models/downloads.ts';
import { electronGet } from './models/electron-http.ts';
import { readModelBytes } from './models/model-bytes.ts';
import { INSTALLED_FOLDER, ModelRegistry } from './models/registry.ts';
import { HostNames, fetchNothingUnasked, keepOffNetwork } from './window/network-guard.ts';
import { PageEnds } from './window/page-ends.ts';
import { registerScheme, serveFolder } from './window/protocol.ts';
import { readRenderJob } from './jobs/render-job.ts';
import type { RenderJob } from '../renderer/bridge/jobs.ts';
import { keepCrashReports } from './report/crash-reports.ts';
import { reportProblem } from './report/report-problem.ts';
import { finishSelfTest, selfTestJob } from './start/self-test.ts';
import { SettingsStore } from './settings.ts';
import { taskEnd } from './jobs/task-end.ts';
import { UpdateDesktop } from './updates/desktop.ts';
import { whenToldToEnd } from './window/told-to-end.ts';
import { describeAbout } from './window/identity.ts';
import { createWindow, preloadFile } from './window/window.ts';

/**
 * A render job that hangs (a driver, a damaged GPU) must end by itself; large scenes on software take minutes a
 * picture.
 */
const RENDER_JOB_SILENCE_MS = 15 * 60_000;

const appFolder = app.getAppPath();
const folders = {
  page: join(app.getAppPath(), 'dist', 'page'),
  // Packaged builds keep the models beside the archive, where native code can map them.
  models: app.isPackaged ? join(process.resourcesPath, 'models') : join(app.getAppPath(), 'models'),
  batchScript: join(app.getAppPath(), 'dist', 'electron', 'batch-process.js'),
  inferenceScript: join(app.getAppPath(), 'dist', 'electron', 'inference-process.js'),
};
const userDataOverride = app.commandLine.getSwitchValue('user-data-dir');
if (userDataOverride !== '') app.setPath('userData', userDataOverride);

const crashFolder = join(app.getPath('userData'), 'Crashpad');
keepCrashReports(crashFolder);

const started = readArguments(process.argv.slice(1), process.cwd(), appFolder);
const log = new LogFile(join(app.getPath('userData'), 'splatformer.log'));
const settings = new SettingsStore(join(app.getPath('userData'), 'settings.json'), (message) =>
  log.write('warning', message),
);
const files = new FileTable();
const sessionStore = new SessionStore(app.getPath('userData'));
const projects = makeProjects(files, sessionStore);
const pageEnds = new PageEnds();
const inference = new InferenceHost(folders.inferenceScript, log);
const models = new ModelRegistry({
  catalogue: loadCatalogue(started),
  installedFolder: join(app.getPath('userData'), INSTALLED_FOLDER),
  own: () => settings.get().models.own,
});
const batch = new BatchDesktop({
  userDataFolder: app.getPath('userData'),
  script: folders.batchScript,
  shippedModel: { path: join(folders.models, `${models.defaultId}.pth`), name: models.defaultId },
  log,
  window: () => window,
});
const leaveGuard = new LeaveGuard({
  ask: async (question) =>
    (await (window === undefined ? dialog.showMessageBox(question) : dialog.showMessageBox(window, question))).response,
  save: () => sendToPage('saveToLeave', undefined),
  discarded: () => void sessionStore.drop(),
  isBatchAtWork: () => batch.host.isAtWork,
});
const hostNames = new HostNames(app);
const allowHostNames = (isAllowed: boolean): void => hostNames.allow(isAllowed);
const get = electronGet(allowHostNames, (host, error) =>
  log.write('warning', `The connection to ${host} failed: ${error.message}`),
);
const downloads = makeDownloads();
const updates = new UpdateDesktop({
  ...{ get, allowHostNames },
  atStart: () => settings.get().updates.atStart,
  rememberAtStart: (atStart) => settings.update({ updates: { atStart } }),
  log: (level, text) => log.write(level, text),
  changed: (view) => sendToPage('updateChanged', view),
  restartArguments: () => restartArguments(process.argv.slice(1), graphics.mode),
});
const selfTestPicture = join(tmpdir(), `splatformer-self-test-${process.pid}.png`);
const renderJob = loadRenderJob(started);
// Jobs and self-tests run beside an open app; people get one window.
const isTask = renderJob !== undefined;
const graphics = new Graphics(app, settings, isTask);
const end = taskEnd({
  files,
  complain,
  exit: (code) => {
    inference.stop();
    app.exit(code);
  },
});
let window: BrowserWindow | undefined;
let menuState: MenuState = { disabled: [], checked: [], labels: {} };
let silenceTimer: NodeJS.Timeout | undefined;
/** Whether what is open is to come back at the next start. */
let isSessionLeft = false;
/** Whether the session has been dropped, or is being. */
let isEnding = false;

if (!isTask && !app.requestSingleInstanceLock()) app.exit(0);
registerScheme();
fetchNothingUnasked(app);

// Not awaited at the top level: Electron holds back its ready event until this module has run.
void app
  .whenReady()
  .then(start)
  .catch((error: unknown) => end(1, toFailure(error).message));

async function start(): Promise<void> {
  whenToldToEnd(endWhenTold);
  log.write('info', `Started ${app.getVersion()} on ${systemDescription()}, graphics mode ${graphics.mode}.`);
  hostNames.forbid();
  await keepOffNetwork(session.defaultSession, (url) =>
    log.write('warning', `A request to ${new URL(url).origin} was blocked: the app stays off the network.`),
  );
  serveFolder(folders.page);
  if (!isTask) await batch.host.load();
  registerHandlers(
    makeHandlers({
      window: openWindow,
      files,
      projects,
      session: sessionStore,
      settings,
      log,
      graphics,
      inference,
      batch,
      updates: updates.updates,
      leaveGuard,
      started,
      pageEnds,
      renderJob,
      modelsFolder: folders.models,
      models: { registry: models, downloads, files, settings, openPage: (url) => shell.openExternal(url) },
      systemDescription: systemDescription(),
      restart,
      setMenuState: (state) => {
        menuState = state;
        refreshMenu();
      },
      recentChanged: refreshMenu,
      reportProgress: (progress) => {
        awaitProgress();
        process.stdout.write(`${JSON.stringify(progress)}\n`);
      },
      end: (code, sentence) => void (started.selfTest && code === 0 ? endSelfTest() : end(code, sentence)),
    }),
  );
  describeAbout();
  nativeTheme.themeSource = settings.get().view.theme;
  refreshMenu();
  openWindow();
  if (renderJob !== undefined) awaitProgress();
}

/** A task ends as cancelled. The window closes without a question, which nobody could be there to answer. */
function endWhenTold(): void {
  if (isTask) void end(1, 'The job was cancelled.');
  else {
    // Whoever ends the app from outside, as a system that shuts down does, has asked nobody: it comes back.
    isSessionLeft = true;
    leaveGuard.leaveAnyway(() => app.quit());
  }
}

/** Starts the app again in its graphics mode, with what is open; asks first what would not come back. */
function restart(isKept: boolean): void {
  const goOn = (): void => {
    const ready = Promise.allSettled([sessionStore.want(), files.abandonAllSaves()]);
    void ready.then(() => (updates.updates.isToInstall ? restartInstalled() : graphics.restart(graphics.mode)));
  };
  if (isKept) leaveGuard.leaveToReturn(goOn);
  else leaveGuard.leave(goOn);
}

/** As `restart`, with what is downloaded installed on the way. */
function restartInstalled(): void {
  isSessionLeft = true;
  updates.installAndStartAgain();
}

/** Ends a render job that says nothing for too long. */
function awaitProgress(): void {
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(() => void end(1, 'The job made no progress in 15 minutes.'), RENDER_JOB_SILENCE_MS);
}

function openWindow(): BrowserWindow {
  if (window !== undefined) return window;
  window = createWindow({ hidden: isTask, preloadFile: preloadFile(app.getAppPath()), settings, leaveGuard });
  window.on('closed', () => {
    window = undefined;
    void files.abandonAllSaves();
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    log.write('error', `The page's process ended: ${details.reason} (${details.exitCode}).`);
    // What was not saved went with it.
    leaveGuard.setUnsavedWork('nothing');
    if (isTask) void end(1, `The renderer's process ended (${details.reason}).`);
    else if (details.reason !== 'clean-exit') void files.abandonAllSaves().finally(() => loadAgain(details.reason));
  });
  return window;
}

/** Loads the page again after its process ended; where that happens again and again, only if a person wants it. */
async function loadAgain(reason: string): Promise<void> {
  if (pageEnds.add(reason) === 'ask' && window !== undefined) {
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: 'The window ended twice within a minute.',
      detail: 'Load it again without a scene, or quit. Help > Show Log File has the reason.',
      buttons: ['Reload', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response === 1) return app.quit();
    pageEnds.forgive();
  }
  window?.webContents.reload();
}

/** Sends an event to the page, if there is one. */
function sendToPage<Name extends EventName>(name: Name, value: EventValue<Name>): void {
  if (window !== undefined) sendEvent(window.webContents, name, value);
}

function refreshMenu(): void {
  const recentScenes = settings.get().recentScenes.map((path) => ({ path, title: sceneTitle(path) }));
  installMenu(menuState, recentScenes, {
    runCommand: (id) => sendToPage('command', id),
    openRecent: openScene,
    clearRecent: () => {
      settings.update({ recentScenes: [] });
      refreshMenu();
    },
    resetGraphics: () =>
      leaveGuard.leave(() => void files.abandonAllSaves().finally(() => graphics.restart('default'))),
    showLog: () => void shell.openPath(log.path),
    reportProblem: () => void reportProblem({ window, log, crashFolder, systemDescription: systemDescription() }),
  });
}

/** Hands a scene or a project to the page of the running app. */
function openScene(path: string): void {
  const target = openWindow();
  if (target.isMinimized()) target.restore();
  target.focus();
  void answerOf(() => projects.openAny(path)).then((answer) => sendEvent(target.webContents, 'openFile', answer));
}

app.on('second-instance', (_event, argv, workingFolder) => {
  const { scene } = readArguments(argv.slice(1), workingFolder, appFolder);
  if (scene !== undefined) openScene(scene);
  else window?.focus();
});

app.on('open-file', (event, path) => {
  event.preventDefault();
  if (isFile(path)) void app.whenReady().then(() => openScene(path));
});

app.on('child-process-gone', (_event, details) => {
  const isMeant = details.reason === 'clean-exit' || inference.wasStopped(details.name);
  log.write(isMeant ? 'info' : 'error', `A ${details.type} process ended: ${details.reason} (${details.exitCode}).`);
});

app.on('window-all-closed', () => {
  downloads.cancelAll();
  updates.updates.cancel();
  inference.stop();
  app.quit();
});

app.on('will-quit', (event) => {
  const isDone = isTask || isSessionLeft || isEnding;
  if (batch.host.isClosed && isDone) return;
  event.preventDefault();
  isEnding = true;
  // The batch leaves nothing half-written, and the next start offers to go on. Of what is open nothing is unsaved.
  const ends: Promise<void>[] = [];
  if (!batch.host.isClosed) ends.push(batch.host.close());
  if (!isDone) ends.push(sessionStore.drop());
  void Promise.allSettled(ends).finally(() => app.quit());
});

/** The picture is written: tries the model in its own process, then ends with 0 or 1. */
async function endSelfTest(): Promise<void> {
  const answer = await answerOf(() =>
    finishSelfTest({
      readPicture: () => nativeImage.createFromPath(selfTestPicture).toBitmap(),
      refine: async (scene) =>
        inference.refine({
          scene,
          model: await readModelBytes(models),
          knowledge: { up: 'z', region: 'all', cameras: undefined },
        }),
      say: (line) => process.stdout.write(`${line}\n`),
    }),
  );
  rmSync(selfTestPicture, { force: true });
  await end(answer.ok ? 0 : 1, answer.ok ? undefined : sentenceOf(answer.failure));
}

function loadRenderJob({ renderJob: file, selfTest }: StartArguments): RenderJob | undefined {
  if (selfTest) return selfTestJob(join(folders.models, 'sample.ply'), selfTestPicture);
  if (file === undefined) return undefined;
  try {
    return readRenderJob(file);
  } catch (error) {
    refuseToStart(error);
    return undefined;
  }
}

function loadCatalogue({ modelCatalogue }: StartArguments): Catalogue {
  try {
    return chooseCatalogue({
      override: modelCatalogue ?? '',
      userDataOverride,
      isPackaged: app.isPackaged,
      shippedFolder: folders.models,
    });
  } catch (error) {
    refuseToStart(error);
    throw error;
  }
}

function makeDownloads(): ModelDownloads {
  const tools = {
    get,
    files: nodeDownloadFiles,
    isAllowed: (url: string) => isAllowedAddress(url, models.isForTests),
    ...DOWNLOAD_TIMES,
  };
  return new ModelDownloads(models, tools, (id) =>
    sendToPage('modelChanged', { id, transfer: downloads.transferOf(id) }),
  );
}

/** Ends the process before it has begun anything. */
function refuseToStart(error: unknown): void {
  complain(toFailure(error).message);
  app.exit(1);
}

function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
  log.write('error', sentence);
}

function systemDescription(): string {
  const processor = cpus()[0]?.model ?? 'unknown processor';
  const { electron, chrome } = process.versions;
  const system = `${process.platform} ${arch()} ${release()}, Electron ${electron}, Chromium ${chrome}`;
  return `${system}, ${processor} × ${cpus().length}, ${formatBytes(totalmem())}`;
}
