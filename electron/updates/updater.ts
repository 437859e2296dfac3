import { createRequire } from 'node:module';
import type * as ElectronUpdater from 'electron-updater';
import type { AppUpdater, CancellationToken, UpdateFileInfo, UpdateInfo } from 'electron-updater';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider';
import { SplatError, cancelled } from '../../renderer/core/errors.ts';
import { DOWNLOAD_TIMES } from '../models/download.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { connectionError, hostOf } from '../models/http.ts';
import { isNewer } from './signed-feed.ts';
import type { SignedFeed } from './signed-feed.ts';
import { TransferGuard } from './transfer-guard.ts';

const CONNECTION_ADVICE = 'Check the internet connection, then try again.';
const ADVICE = 'Nothing was installed. Try again later, or tell the makers of this build.';

export interface UpdaterParts {
  /** Folder of the feeds and the files that they name. */
  readonly feed: string;
  /** Version that runs. */
  readonly running: string;
  /** The file that tells electron-updater its own settings: the folder in the person's cache. */
  readonly channelFile: string;
  /** Fetches a feed by its name and believes it. */
  readonly fetchFeed: (name: string) => Promise<SignedFeed>;
  /** Says whether names of hosts may be asked for. */
  readonly allowHostNames: (isAllowed: boolean) => void;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** What the feed offers that is newer. */
export interface UpdateOffer {
  readonly version: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly released: string;
}

export interface UpdateTransfer {
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number, totalBytes: number) => void;
}

/**
 * electron-updater with a feed that has to be signed: what it takes for its feed is only what `fetchFeed` believes, and
 * what it downloads is a file of that feed, by its size and SHA-512.
 */
export class Updater {
  /** A file by its path, for an AppImage whose name has a version and gets another. */
  private renamed: string | undefined;

  private constructor(
    private readonly updater: AppUpdater,
    private readonly newToken: () => CancellationToken,
    private readonly guard: TransferGuard,
    private readonly parts: UpdaterParts,
  ) {
    updater.on('appimage-filename-updated', (path) => (this.renamed = path));
  }

  /** Makes what installs on this system; only now is electron-updater loaded. */
  static open(parts: UpdaterParts): Updater {
    const library = createRequire(import.meta.url)('electron-updater') as typeof ElectronUpdater;
    const { autoUpdater } = library;
    /** The feed as electron-updater asks for it. */
    class SignedProvider extends library.Provider<UpdateInfo> {
      constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
        super(runtime);
      }
      async getLatestVersion(): Promise<UpdateInfo> {
        const feed = await parts.fetchFeed(`${this.getDefaultChannelName()}.yml`);
        isNewer(feed, parts.running, hostOf(parts.feed));
        const [{ url, sha512 }] = feed.files;
        const { version, releaseDate } = feed;
        return { version, releaseDate, files: [...feed.files], path: url, sha512 };
      }
      resolveFiles({ files }: UpdateInfo): { url: URL; info: UpdateFileInfo }[] {
        return files.map((info) => ({ url: new URL(info.url, parts.feed), info }));
      }
    }
    autoUpdater.updateConfigPath = parts.channelFile;
    autoUpdater.setFeedURL({ provider: 'custom', updateProvider: SignedProvider });
    Object.assign(autoUpdater, {
      autoDownload: false,
      autoInstallOnAppQuit: true,
      disableDifferentialDownload: true,
      disableWebInstaller: true,
      allowDowngrade: false,
      logger: {
        info: (text: unknown) => parts.log('info', `Update: ${String(text)}`),
        warn: (text: unknown) => parts.log('warning', `Update: ${String(text)}`),
        error: (text: unknown) => parts.log('error', `Update: ${String(text)}`),
      },
    });
    return new Updater(
      autoUpdater,
      () => new library.CancellationToken(),
      new TransferGuard(autoUpdater.netSession),
      parts,
    );
  }

  /** Where the app that was installed begins, where that is not this process's own executable. */
  get newExecutable(): string | undefined {
    return this.renamed ?? process.env['APPIMAGE'];
  }

  /** Asks the feed. @throws SplatError as `fetchFeed`, and where it offers an older version */
  async check(): Promise<UpdateOffer | undefined> {
    const result = await this.updater.checkForUpdates();
    if (result === null || !result.isUpdateAvailable) return undefined;
    const { version, releaseDate, files } = result.updateInfo;
    return { version, released: releaseDate, bytes: this.fileOf(files).size ?? 0 };
  }

  /** Downloads what the last check offered and checks it; it is installed by `install` or by quitting. */
  async download(offer: UpdateOffer, { signal, onProgress }: UpdateTransfer): Promise<void> {
    const token = this.newToken();
    let hasStalled = false;
    const stop = (): void => token.cancel();
    const stall = (): void => {
      hasStalled = true;
      stop();
    };
    let timer = setTimeout(stall, DOWNLOAD_TIMES.stallMs);
    const moved = ({ transferred, total }: { readonly transferred: number; readonly total: number }): void => {
      clearTimeout(timer);
      timer = setTimeout(stall, DOWNLOAD_TIMES.stallMs);
      onProgress(transferred, total);
    };
    signal.addEventListener('abort', stop);
    this.updater.on('download-progress', moved);
    const forbidNames = this.allowNames();
    this.guard.begin(offer.bytes, forbidNames);
    try {
      await this.updater.downloadUpdate(token);
    } catch (error) {
      const problem = this.guard.end();
      if (signal.aborted) throw cancelled('The download of the update');
      throw this.inWords(error, hasStalled, problem);
    } finally {
      this.guard.end();
      forbidNames();
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      this.updater.off('download-progress', moved);
    }
  }

  /** Says whether quitting installs what was downloaded. */
  set installsAtQuit(isWanted: boolean) {
    this.updater.autoInstallOnAppQuit = isWanted;
  }

  /** Installs by the system's own installer, which starts the app again once this process is gone. */
  installAndStartAgain(): void {
    this.updater.quitAndInstall(true, true);
  }

  /** Allows names of hosts to be asked for, until what it returns is called first. */
  private allowNames(): () => void {
    let isAllowed = true;
    this.parts.allowHostNames(true);
    return () => {
      if (isAllowed) this.parts.allowHostNames(false);
      isAllowed = false;
    };
  }

  /** The file of a feed that this system takes, as electron-updater picks it. */
  private fileOf(files: readonly UpdateFileInfo[]): UpdateFileInfo {
    const ending = endingOf(process.platform, process.env);
    const fitting = files.filter(({ url }) => url.toLowerCase().endsWith(ending.toLowerCase()));
    const file = fitting.find(({ url }) => url.includes(process.arch)) ?? fitting[0];
    if (file !== undefined) return file;
    throw new SplatError(
      'invalid-file',
      `The update feed of ${hostOf(this.parts.feed)} names no file of the kind that this copy came as (${ending}).`,
      'Get the new version the way you got this one.',
    );
  }

  private inWords(error: unknown, hasStalled: boolean, problem: string | undefined): SplatError {
    const host = hostOf(this.parts.feed);
    const { code, message } = error as NodeJS.ErrnoException;
    if (problem !== undefined) return new SplatError('network', problem, ADVICE, { cause: error });
    if (hasStalled) return new SplatError('network', `${host} stopped sending.`, 'Try again later.', { cause: error });
    if (code === 'ERR_CHECKSUM_MISMATCH')
      return new SplatError(
        'invalid-file',
        `The file that ${host} sent is not the one that the signed feed names (its SHA-512 differs).`,
        ADVICE,
        { cause: error },
      );
    const status = /\bstatus (\d{3})\b/.exec(message)?.[1];
    if (status !== undefined)
      return new SplatError('network', `${host} answered with an error (${status}).`, 'Try again later.', {
        cause: error,
      });
    return transferError(error, this.parts.feed);
  }
}

/** What a system or a network says of a failed download, in words of people. */
export function transferError(error: unknown, feed: string): SplatError {
  if (error instanceof SplatError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (message.includes('net::ERR_'))
    return new SplatError('network', connectionError(error, feed).message, CONNECTION_ADVICE, { cause: error });
  if (code?.startsWith('E') === true) return fileError(error, 'written', 'The update');
  return new SplatError('network', 'The update could not be downloaded.', 'Try again later.', { cause: error });
}

/**
 * Whether the system's installer, or an AppImage, put this copy where it is.
 * @param packageType what `package-type` beside the archive says, of a Linux package
 */
export function canReplaceItself(
  platform: NodeJS.Platform,
  env: Readonly<NodeJS.ProcessEnv>,
  packageType: string | undefined,
): boolean {
  return platform !== 'linux' || env['APPIMAGE'] !== undefined || packageType?.trim() === 'deb';
}

/** How files of the kind end that a copy was installed from. */
export function endingOf(platform: NodeJS.Platform, env: Readonly<NodeJS.ProcessEnv>): string {
  if (platform === 'win32') return '.exe';
  if (platform === 'darwin') return '.zip';
  return env['APPIMAGE'] === undefined ? '.deb' : '.AppImage';
}
