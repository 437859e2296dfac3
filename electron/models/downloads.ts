import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SplatError } from '../../renderer/core/errors.ts';
import type { ModelTransfer } from '../../renderer/bridge/models.ts';
import { fileError } from '../../renderer/io/node-file-error.ts';
import { download } from './download.ts';
import type { DownloadTools } from './download.ts';
import { PartFile } from './part-file.ts';
import type { ModelRegistry } from './registry.ts';

/** Shortest time between two reports of progress: more would only make the page busy. */
const REPORT_INTERVAL_MS = 100;

/** The downloads under way, one a model. */
export class ModelDownloads {
  private readonly active = new Map<string, { readonly abort: AbortController; transfer: ModelTransfer }>();

  constructor(
    private readonly registry: ModelRegistry,
    private readonly tools: DownloadTools,
    /** Called whenever a transfer begins, moves or ends. */
    private readonly changed: (id: string) => void,
  ) {}

  transferOf(id: string): ModelTransfer | undefined {
    return this.active.get(id)?.transfer;
  }

  /**
   * Fetches a model; resolves once it is installed. @throws as `download` does, and `usage` where it is under way
   * already
   */
  async start(id: string): Promise<void> {
    const { name, source, file, sidecar } = this.registry.downloadOf(id);
    if (this.active.has(id)) throw new SplatError('usage', `${name} is being downloaded already.`);
    const job = {
      abort: new AbortController(),
      transfer: { stage: 'Connecting', bytes: 0, totalBytes: source.bytes } as ModelTransfer,
    };
    this.active.set(id, job);
    this.changed(id);
    let reportedAtMs = 0;
    try {
      // First, so that a checkpoint in place always has its description.
      if (sidecar !== undefined) await this.copy(sidecar);
      await download({ ...source, name, file }, this.tools, {
        signal: job.abort.signal,
        onProgress: (progress) => {
          const isNewStage = progress.stage !== job.transfer.stage;
          job.transfer = progress;
          if (!isNewStage && performance.now() - reportedAtMs < REPORT_INTERVAL_MS) return;
          reportedAtMs = performance.now();
          this.changed(id);
        },
      });
    } finally {
      this.active.delete(id);
      this.changed(id);
    }
  }

  cancel(id: string): void {
    this.active.get(id)?.abort.abort();
  }

  cancelAll(): void {
    for (const { abort } of this.active.values()) abort.abort();
  }

  /** Deletes a fetched model, or what is there of it. */
  async remove(id: string): Promise<void> {
    const { name, source, file, sidecar } = this.registry.downloadOf(id);
    if (this.active.has(id)) throw new SplatError('usage', `${name} is being downloaded.`, 'Cancel that first.');
    await (await PartFile.open(file, source, this.tools.files)).discard();
    for (const path of [file, ...(sidecar === undefined ? [] : [sidecar.to])]) {
      try {
        await rm(path, { force: true });
      } catch (error) {
        throw fileError(error, 'removed', basename(path));
      }
    }
    this.changed(id);
  }

  private async copy({ from, to }: { readonly from: string; readonly to: string }): Promise<void> {
    try {
      await mkdir(dirname(to), { recursive: true });
      await this.tools.files.writeText(to, await readFile(from, 'utf8'));
    } catch (error) {
      throw fileError(error, 'written', basename(to));
    }
  }
}
