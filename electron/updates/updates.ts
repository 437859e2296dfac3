import { SplatError, sentenceOf } from '../../renderer/core/errors.ts';
import type { UpdateStep, UpdateView } from '../../renderer/bridge/updates.ts';
import { toFailure } from '../failure.ts';
import type { UpdateOffer, UpdateTransfer } from './updater.ts';

/** What an update is looked for, fetched and installed with; `Updater` is the real one. */
export interface UpdateTool {
  check(): Promise<UpdateOffer | undefined>;
  download(offer: UpdateOffer, transfer: UpdateTransfer): Promise<void>;
  installsAtQuit: boolean;
}

export interface UpdateParts {
  /** Version that runs. */
  readonly version: string;
  /** Host of the feed, '' without one. */
  readonly host: string;
  /** Why there are no updates, as a sentence; undefined where there are. */
  readonly impossible: string | undefined;
  /** Opens the tool, once. */
  readonly open: () => UpdateTool;
  readonly atStart: () => boolean | undefined;
  readonly rememberAtStart: (isWanted: boolean) => void;
  readonly changed: (view: UpdateView) => void;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
}

/** Shortest time between two reports of progress: more would only make the page busy. */
const REPORT_INTERVAL_MS = 100;

/** New versions of the app: nothing of it happens but by a click, or at a start where a person has said so. */
export class Updates {
  private step: UpdateStep;
  private tool: UpdateTool | undefined;
  private offer: UpdateOffer | undefined;
  private abort: AbortController | undefined;

  constructor(private readonly parts: UpdateParts) {
    const { impossible } = parts;
    this.step = impossible === undefined ? { kind: 'idle' } : { kind: 'impossible', sentence: impossible };
  }

  get view(): UpdateView {
    const { version, host } = this.parts;
    return { version, host, atStart: this.parts.atStart(), step: this.step };
  }

  /** Whether what is downloaded is to be installed as the app ends. */
  get isToInstall(): boolean {
    return this.step.kind === 'ready' && this.step.atQuit;
  }

  lookAtStart(isWanted: boolean): void {
    this.parts.rememberAtStart(isWanted);
    this.become(this.step);
  }

  /** Looks where a person wants every start to; what goes wrong is for the log, as nobody asked. */
  async started(): Promise<void> {
    if (this.parts.atStart() !== true || this.step.kind !== 'idle') return;
    await this.check();
    this.forgetFailure();
  }

  /** Asks the feed. */
  async check(): Promise<void> {
    if (['impossible', 'checking', 'downloading', 'ready'].includes(this.step.kind)) return;
    this.become({ kind: 'checking' });
    await this.attempt(async () => {
      this.tool ??= this.parts.open();
      this.offer = await this.tool.check();
      this.become(this.offer === undefined ? { kind: 'newest' } : { kind: 'offered', ...this.offer });
    });
  }

  /** Fetches what the last check offered. */
  async download(): Promise<void> {
    const { tool, offer } = this;
    if (tool === undefined || offer === undefined || this.step.kind !== 'offered') return;
    const { version, bytes } = offer;
    this.abort = new AbortController();
    this.become({ kind: 'downloading', version, bytes: 0, totalBytes: bytes });
    let reportedAtMs = 0;
    await this.attempt(async () => {
      await tool.download(offer, {
        signal: this.abort?.signal ?? AbortSignal.abort(),
        onProgress: (received, totalBytes) => {
          if (performance.now() - reportedAtMs < REPORT_INTERVAL_MS) return;
          reportedAtMs = performance.now();
          this.become({ kind: 'downloading', version, bytes: received, totalBytes });
        },
      });
      tool.installsAtQuit = true;
      this.become({ kind: 'ready', version, atQuit: true });
    });
  }

  cancel(): void {
    this.abort?.abort();
  }

  /** Says whether quitting installs what is downloaded. */
  installAtQuit(isWanted: boolean): void {
    if (this.step.kind !== 'ready' || this.tool === undefined) return;
    this.tool.installsAtQuit = isWanted;
    this.become({ ...this.step, atQuit: isWanted });
  }

  private forgetFailure(): void {
    if (this.step.kind !== 'failed') return;
    this.parts.log('warning', this.step.sentence);
    this.become({ kind: 'idle' });
  }

  private async attempt(body: () => Promise<void>): Promise<void> {
    try {
      await body();
    } catch (error) {
      const isCancelled = error instanceof SplatError && error.code === 'cancelled';
      if (isCancelled && this.offer !== undefined) this.become({ kind: 'offered', ...this.offer });
      else this.become({ kind: 'failed', sentence: sentenceOf(toFailure(error)) });
    }
  }

  private become(step: UpdateStep): void {
    this.step = step;
    this.parts.changed(this.view);
  }
}
