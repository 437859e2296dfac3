import { basename } from 'node:path';
import { app, shell } from 'electron';
import { reportPage } from '../../renderer/batch/report-page.ts';
import type { BatchAdded } from '../../renderer/batch/view.ts';
import type { BATCH_MESSAGES, BatchSettingsPatch } from '../../renderer/bridge/batch.ts';
import type { SaveTarget } from '../../renderer/bridge/files.ts';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import { fileStem } from '../../renderer/core/writable-formats.ts';
import { writeFileAtomically } from '../../renderer/io/node-write.ts';
import { SCENE_FILTERS } from '../files/dialogs.ts';
import type { Dialogs } from '../files/dialogs.ts';
import type { FileTable } from '../files/files.ts';
import { requireScene } from '../files/named-content.ts';
import type { BatchHost } from './host.ts';

export interface BatchHandlerParts {
  readonly host: BatchHost;
  readonly files: FileTable;
  readonly dialogs: Dialogs;
}

/** Answers to the page's messages about the batch. */
export function batchHandlers({ host, files, dialogs }: BatchHandlerParts): HandlersOf<typeof BATCH_MESSAGES> {
  const add = async (paths: readonly string[]): Promise<BatchAdded | undefined> =>
    paths.length === 0 ? undefined : host.add(paths);
  return {
    batchView: () => host.view,
    batchAddFiles: async () =>
      add(await dialogs.openFiles({ title: 'Add scenes to the batch', filters: SCENE_FILTERS })),
    batchAddFolder: async () => add(await dialogs.openFolders({ title: 'Add a folder of scenes to the batch' })),
    batchAddDropped: (paths) => host.add(paths),
    batchChooseOutput: async () => {
      const outputFolder = await dialogs.openOutputFolder({
        title: 'Where the refined scenes go',
        buttonLabel: 'Use Folder',
      });
      if (outputFolder !== undefined) host.change({ outputFolder, outputFolderIsChosen: true });
    },
    batchChange: (patch) => host.change(settingsOf(patch, files)),
    batchRun: (action) => {
      if (action === 'start') return host.start();
      return action === 'pause' ? host.pause() : host.cancelAll();
    },
    batchItems: (action, ids) => host[action](ids),
    batchScene: async (id, which) => {
      const path = host.pathOf(id, which);
      await requireScene(path);
      return files.admitScene(path);
    },
    batchReveal: (id) => shell.showItemInFolder(host.revealablePath(id)),
    batchSaveReport: () => saveReport(host, dialogs, files),
    batchDismissResume: () => host.dismissResume(),
  };
}

function settingsOf({ modelId, ...patch }: BatchSettingsPatch, files: FileTable) {
  if (modelId === undefined) return patch;
  if (modelId === null) return { ...patch, model: null };
  const path = files.pathOf(modelId);
  return { ...patch, model: { path, name: fileStem(basename(path)) } };
}

/**
 * Asks where and writes the report in the format that the name asks for. Returns the file, undefined where it was left.
 */
async function saveReport(host: BatchHost, dialogs: Dialogs, files: FileTable): Promise<SaveTarget | undefined> {
  const report = host.report(`${app.getName()} ${app.getVersion()}`);
  const path = await dialogs.saveFile({
    title: 'Save the report',
    suggestedName: 'batch-report.html',
    folder: report.settings.outputFolder,
    filters: [
      { name: 'Web page', extensions: ['html'] },
      { name: 'JSON', extensions: ['json'] },
    ],
  });
  if (path === undefined) return undefined;
  const text = path.toLowerCase().endsWith('.json') ? `${JSON.stringify(report, null, 2)}\n` : reportPage(report);
  await writeFileAtomically(path, new TextEncoder().encode(text), { overwrite: true });
  return files.admitSaved(path);
}
