import { join } from 'node:path';
import { app, dialog, shell } from 'electron';
import type { BrowserWindow } from 'electron';
import { toFailure } from '../failure.ts';
import type { LogFile } from '../log.ts';
import { crashReports } from './crash-reports.ts';
import { writeProblemReport } from './problem-report.ts';

export interface ReportParts {
  readonly window: BrowserWindow | undefined;
  readonly log: LogFile;
  readonly crashFolder: string;
  readonly systemDescription: string;
}

/** Help > Report a Problem: asks where to, packs what is known there, and shows it. Nothing leaves the machine. */
export async function reportProblem({ window, log, crashFolder, systemDescription }: ReportParts): Promise<void> {
  const options = {
    title: 'Save the Report for You to Look At',
    defaultPath: join(app.getPath('documents'), `splatformer-report-${new Date().toISOString().slice(0, 10)}.zip`),
    filters: [{ name: 'Zip archives', extensions: ['zip'] }],
  };
  const { filePath } = await (window === undefined
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options));
  if (filePath === '') return;
  const diagnostics = [
    `${app.getName()} ${app.getVersion()}`,
    systemDescription,
    ...Object.entries(app.getGPUFeatureStatus()).map(([feature, status]) => `${feature}: ${status}`),
  ];
  try {
    await writeProblemReport(filePath, {
      diagnostics: `${diagnostics.join('\n')}\n`,
      files: [log.path, log.oldPath, ...crashReports(crashFolder)],
    });
    shell.showItemInFolder(filePath);
  } catch (error) {
    dialog.showErrorBox('The report could not be written', toFailure(error).message);
  }
}
