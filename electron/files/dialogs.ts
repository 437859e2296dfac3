import { join } from 'node:path';
import { dialog } from 'electron';
import type { BrowserWindow, FileFilter, OpenDialogOptions } from 'electron';
import { SCENE_EXTENSIONS } from '../../renderer/io/formats.ts';

const ALL_FILES: FileFilter = { name: 'All files', extensions: ['*'] };

const SCENES: FileFilter = {
  name: 'Gaussian splat scenes',
  extensions: [...SCENE_EXTENSIONS],
};
const PROJECTS: FileFilter = { name: 'SplatFormer projects', extensions: ['sfproj'] };

export const SCENE_FILTERS: FileFilter[] = [SCENES, ALL_FILES];
export const PROJECT_FILTERS: FileFilter[] = [PROJECTS];
export const OPEN_FILTERS: FileFilter[] = [
  { name: 'Scenes and projects', extensions: [...SCENES.extensions, ...PROJECTS.extensions] },
  ALL_FILES,
];
export const MODEL_FILTERS: FileFilter[] = [{ name: 'SplatFormer checkpoints', extensions: ['pth', 'pt'] }, ALL_FILES];
export const CAMERA_FILTERS: FileFilter[] = [{ name: 'Camera files', extensions: ['json', 'txt', 'bin'] }, ALL_FILES];

type OpenOptions = Pick<OpenDialogOptions, 'title' | 'filters' | 'buttonLabel'>;

export interface SaveOptions {
  readonly title: string;
  readonly suggestedName: string;
  readonly filters: FileFilter[];
  /** Where the dialog opens, in place of the folder that it would open in. */
  readonly folder?: string | undefined;
}

/** The system's file dialogs, over the app's window. Each resolves with nothing where it was cancelled. */
export class Dialogs {
  private ownFolder: string | undefined;

  /** @param lastFolder gives the folder where they open while no other was remembered */
  constructor(
    private readonly window: () => BrowserWindow,
    private readonly lastFolder: () => string | undefined,
  ) {}

  /** Dialogs for another kind of file, which remember a folder of their own. */
  forOtherFiles(): Dialogs {
    return new Dialogs(this.window, () => this.folder);
  }

  /** Opens later dialogs in this folder. */
  remember(folder: string): void {
    this.ownFolder = folder;
  }

  async openFile(options: OpenOptions): Promise<string | undefined> {
    return (await this.open(options, ['openFile']))[0];
  }

  openFiles(options: OpenOptions): Promise<string[]> {
    return this.open(options, ['openFile', 'multiSelections']);
  }

  /** A folder to read from. */
  async openFolder(options: OpenOptions): Promise<string | undefined> {
    return (await this.open(options, ['openDirectory']))[0];
  }

  openFolders(options: OpenOptions): Promise<string[]> {
    return this.open(options, ['openDirectory', 'multiSelections']);
  }

  /** A folder to write to, which may be made in the dialog. */
  async openOutputFolder(options: OpenOptions): Promise<string | undefined> {
    return (await this.open(options, ['openDirectory', 'createDirectory']))[0];
  }

  /** A place to save; the dialog has asked before a file there may be replaced. */
  async saveFile({ title, suggestedName, filters, folder = this.folder }: SaveOptions): Promise<string | undefined> {
    const { filePath, canceled } = await dialog.showSaveDialog(this.window(), {
      title,
      defaultPath: folder === undefined ? suggestedName : join(folder, suggestedName),
      filters,
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    return canceled || filePath === '' ? undefined : filePath;
  }

  private get folder(): string | undefined {
    return this.ownFolder ?? this.lastFolder();
  }

  private async open(
    options: OpenOptions,
    properties: NonNullable<OpenDialogOptions['properties']>,
  ): Promise<string[]> {
    const { folder } = this;
    const { filePaths } = await dialog.showOpenDialog(this.window(), {
      ...options,
      properties,
      ...(folder === undefined ? {} : { defaultPath: folder }),
    });
    return filePaths;
  }
}
