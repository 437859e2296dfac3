import { join } from 'node:path';
import { MessageChannelMain, Notification, powerSaveBlocker, utilityProcess } from 'electron';
import type { BrowserWindow, UtilityProcess } from 'electron';
import type { StateCounts } from '../../renderer/batch/queue.ts';
import type { GraphicsReport } from '../../renderer/bridge/window.ts';
import type { BatchChange } from '../../renderer/batch/view.ts';
import { countsText } from '../../renderer/batch/words.ts';
import { PORTS } from '../../renderer/bridge/events.ts';
import type { ErrorRecord } from '../../renderer/core/errors.ts';
import { sendEvent } from '../window/ipc.ts';
import type { LogFile } from '../log.ts';
import type { BatchModel } from './host.ts';
import { BatchHost } from './host.ts';
import type { FromWorker } from './messages.ts';
import { QueueStore } from './store.ts';
import type { StartWorker } from './worker-slot.ts';

export interface BatchDesktopParts {
  readonly userDataFolder: string;
  readonly script: string;
  readonly shippedModel: BatchModel;
  readonly log: LogFile;
  /** The app's window while there is one. */
  readonly window: () => BrowserWindow | undefined;
}

/** The batch on the desktop: its process, the page's news of it, the taskbar, and a notification at the end. */
export class BatchDesktop {
  readonly host: BatchHost;
  private blocker: number | undefined;
  /** The page has a graphics card that is worth using. */
  private hasCard = false;

  constructor(private readonly parts: BatchDesktopParts) {
    this.host = new BatchHost({
      store: new QueueStore(join(parts.userDataFolder, 'batch', 'queue.json')),
      startWorker: startWorker(parts.script, parts.log, (child) => this.connectPage(child)),
      shippedModel: parts.shippedModel,
      onChange: (change) => this.sendChange(change),
      onEnd: (counts, problem) => this.notify(counts, problem),
      warn: (message) => parts.log.write('warning', message),
    });
  }

  /**
   * A software adapter is slower than the processor that it runs on; a real one refines for the batch, by way of the
   * page.
   */
  graphicsFound({ usable, isSoftware }: GraphicsReport): void {
    this.hasCard = usable && !isSoftware;
  }

  private connectPage(child: UtilityProcess): void {
    const window = this.parts.window();
    if (!this.hasCard || window === undefined) return;
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage('page', [port1]);
    window.webContents.postMessage(PORTS.batch, null, [port2]);
  }

  private sendChange(change: BatchChange): void {
    const window = this.parts.window();
    this.keepAwake(this.host.run === 'running');
    if (window === undefined) return;
    sendEvent(window.webContents, 'batchChange', change);
    if (this.host.run === 'idle') window.setProgressBar(-1);
    else window.setProgressBar(this.host.fraction, { mode: this.host.run === 'paused' ? 'paused' : 'normal' });
  }

  /** A machine must not fall asleep over a batch that runs. */
  private keepAwake(isNeeded: boolean): void {
    if (isNeeded === (this.blocker !== undefined)) return;
    if (this.blocker !== undefined) powerSaveBlocker.stop(this.blocker);
    this.blocker = isNeeded ? powerSaveBlocker.start('prevent-app-suspension') : undefined;
  }

  private notify(counts: StateCounts, problem: ErrorRecord | undefined): void {
    if (!Notification.isSupported()) return;
    const title =
      problem !== undefined
        ? 'The batch stopped'
        : counts.failed > 0
          ? 'The batch is finished, with failures'
          : 'The batch is finished';
    const notification = new Notification({
      title,
      body: problem === undefined ? countsText(counts) : problem.message,
    });
    notification.on('click', () => {
      const window = this.parts.window();
      if (window?.isMinimized() === true) window.restore();
      window?.focus();
    });
    notification.show();
  }
}

function startWorker(script: string, log: LogFile, started: (child: UtilityProcess) => void): StartWorker {
  return (listener) => {
    const child = utilityProcess.fork(script, [], {
      serviceName: 'SplatFormer batch',
      stdio: 'pipe',
      // Waiting threads must not spin: the page renders at the same time.
      env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    });
    child.stderr?.on('data', (chunk: Buffer) => log.write('warning', `batch: ${chunk.toString('utf8').trimEnd()}`));
    child.on('message', (message) => listener.message(message as FromWorker));
    child.on('exit', (code) => {
      log.write('info', `The batch's process ended with code ${code}.`);
      listener.ended(code);
    });
    started(child);
    return { send: (message) => child.postMessage(message), end: () => void child.kill() };
  };
}
