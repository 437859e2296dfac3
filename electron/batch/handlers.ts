import { basename, join } from 'node:path';
import { app, dialog, shell } from 'electron';
import type { BrowserWindow, OpenDialogOptions } from 'electron';
import { reportPage } from '../../renderer/batch/report-page.ts';
import type { BatchAdded, BatchSettingsPatch } from '../../renderer/batch/view.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import type { FileTable } from '../files/files.ts';
import type { Handlers } from '../ipc.ts';
import type { BATCH_CHANNEL_ARGUMENTS } from './channels.ts';
import type { BatchHost } from './host.ts';

export interface BatchHandlerParts {
  readonly host: BatchHost;
  readonly files: FileTable;
  readonly window: () => BrowserWindow;
  readonly sceneFilters: Electron.FileFilter[];
  /** Where dialogs open at first. */
  readonly lastFolder: () => string | undefined;
}

/** Answers to the page's messages about the batch. */
export function makeBatchHandlers({
  host,
  files,
  window,
  sceneFilters,
  lastFolder,
}: BatchHandlerParts): Pick<Handlers, keyof typeof BATCH_CHANNEL_ARGUMENTS> {
  const choose = async (options: OpenDialogOptions): Promise<string[]> => {
    const folder = lastFolder();
    const { filePaths } = await dialog.showOpenDialog(window(), {
      ...options,
      ...(folder === undefined ? {} : { defaultPath: folder }),
    });
    return filePaths;
  };
  const addChosen = async (options: OpenDialogOptions): Promise<BatchAdded | undefined> => {
    const paths = await choose(options);
    return paths.length === 0 ? undefined : host.add(paths);
  };
  return {
    batchView: () => host.view,
    batchAddFiles: () =>
      addChosen({
        title: 'Add scenes to the batch',
        filters: sceneFilters,
        properties: ['openFile', 'multiSelections'],
      }),
    batchAddFolder: () =>
      addChosen({ title: 'Add a folder of scenes to the batch', properties: ['openDirectory', 'multiSelections'] }),
    batchAddDropped: (paths) => host.add(paths),
    batchChooseOutput: async () => {
      const [outputFolder] = await choose({
        title: 'Where the refined scenes go',
        buttonLabel: 'Use Folder',
        properties: ['openDirectory', 'createDirectory'],
      });
      if (outputFolder !== undefined) host.change({ outputFolder, outputFolderIsChosen: true });
      return undefined;
    },
    batchChange: (patch) => {
      host.change(settingsOf(patch as BatchSettingsPatch, files));
      return undefined;
    },
    batchRun: async (action) => {
      if (action === 'start') await host.start();
      else if (action === 'pause') host.pause();
      else await host.cancelAll();
      return undefined;
    },
    batchItems: async (action, ids) => {
      await host[action](ids);
      return undefined;
    },
    batchScene: (id, which) => files.admitScene(host.pathOf(id, which)),
    batchReveal: (id) => {
      shell.showItemInFolder(host.revealablePath(id));
      return undefined;
    },
    batchSaveReport: () => saveReport(host, window()),
    batchDismissResume: () => {
      host.dismissResume();
      return undefined;
    },
  };
}

function settingsOf({ modelId, ...patch }: BatchSettingsPatch, files: FileTable) {
  if (modelId === undefined) return patch;
  if (modelId === null) return { ...patch, model: null };
  const path = files.pathOf(modelId);
  return { ...patch, model: { path, name: basename(path).replace(/\.[^.]+$/, '') } };
}

/**
 * Asks where and writes the report in the format that the name asks for. Returns the name, undefined where it was left.
 */
async function saveReport(host: BatchHost, window: BrowserWindow): Promise<string | undefined> {
  const report = host.report(`${app.getName()} ${app.getVersion()}`);
  const { filePath, canceled } = await dialog.showSaveDialog(window, {
    title: 'Save the report',
    defaultPath: join(report.settings.outputFolder, 'batch-report.html'),
    filters: [
      { name: 'Web page', extensions: ['html'] },
      { name: 'JSON', extensions: ['json'] },
    ],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  });
  if (canceled || filePath === '') return undefined;
  const text = filePath.toLowerCase().endsWith('.json') ? `${JSON.stringify(report, null, 2)}\n` : reportPage(report);
  await writeFileAtomically(filePath, new TextEncoder().encode(text), { overwrite: true });
  return basename(filePath);
}
