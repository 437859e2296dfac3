import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { sentenceOf } from '../../renderer/core/errors.ts';
import type { UpdateView } from '../../renderer/bridge/updates.ts';
import { toFailure } from '../failure.ts';
import { DOWNLOAD_TIMES } from '../models/download.ts';
import { hostOf } from '../models/http.ts';
import type { HttpGet } from '../models/http.ts';
import { fetchFeed } from './fetch-feed.ts';
import { CHANNEL_FILE, readChannel } from './update-channel.ts';
import type { UpdateChannel } from './update-channel.ts';
import { Updater, canReplaceItself } from './updater.ts';
import { Updates } from './updates.ts';
import type { UpdateParts } from './updates.ts';

export interface UpdateDesktopParts {
  readonly atStart: UpdateParts['atStart'];
  readonly rememberAtStart: UpdateParts['rememberAtStart'];
  readonly log: UpdateParts['log'];
  readonly get: HttpGet;
  readonly allowHostNames: (isAllowed: boolean) => void;
  readonly changed: (view: UpdateView) => void;
  /** Arguments with which the app starts again. */
  readonly restartArguments: () => string[];
}

const NO_FEED =
  'This build has no update feed, so it does not look for new versions. Get them the way you got this one.';
const NOT_INSTALLED =
  'This copy was unpacked and not installed, so it can not replace itself. Get new versions the way you got this one.';

/** New versions of the installed app, as main has them. */
export class UpdateDesktop {
  readonly updates: Updates;
  private updater: Updater | undefined;

  constructor(private readonly parts: UpdateDesktopParts) {
    const { channel, impossible } = findChannel();
    this.updates = new Updates({
      ...parts,
      version: app.getVersion(),
      host: channel === undefined ? '' : hostOf(channel.feed),
      impossible,
      open: () => (this.updater ??= this.open(channel as UpdateChannel)),
    });
  }

  /**
   * Quits, installs what was downloaded, and starts the app again. Call once nothing is lost by it. electron-updater
   * itself would start an AppImage while this one still holds the single instance.
   */
  installAndStartAgain(): void {
    const { updater } = this;
    if (updater === undefined) return;
    if (process.platform !== 'linux') return updater.installAndStartAgain();
    const args = this.parts.restartArguments();
    // The updater listens to the same event, since before.
    app.once('quit', () => app.relaunch({ execPath: updater.newExecutable ?? process.execPath, args }));
    app.quit();
  }

  private open(channel: UpdateChannel): Updater {
    const { log, get, allowHostNames } = this.parts;
    return Updater.open({
      feed: channel.feed,
      running: app.getVersion(),
      channelFile: channelPath(),
      fetchFeed: (name) => fetchFeed(name, channel, { get, stallMs: DOWNLOAD_TIMES.stallMs }),
      allowHostNames,
      log,
    });
  }
}

function channelPath(): string {
  return join(process.resourcesPath, CHANNEL_FILE);
}

/** The feed of this build, or why it has none that this copy can use. */
function findChannel(): { channel?: UpdateChannel; impossible: string | undefined } {
  try {
    const channel = app.isPackaged ? readChannel(channelPath()) : undefined;
    if (channel === undefined) return { impossible: NO_FEED };
    const canReplace = canReplaceItself(process.platform, process.env, packageType());
    return { channel, impossible: canReplace ? undefined : NOT_INSTALLED };
  } catch (error) {
    return { impossible: sentenceOf(toFailure(error)) };
  }
}

function packageType(): string | undefined {
  const file = join(process.resourcesPath, 'package-type');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
