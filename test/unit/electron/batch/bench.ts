import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { BatchHost } from '../../../../electron/batch/host.ts';
import { QueueStore } from '../../../../electron/batch/store.ts';
import type { StartWorker } from '../../../../electron/batch/worker-slot.ts';
import { queueSchema } from '../../../../renderer/batch/queue.ts';
import type { BatchQueue, ItemState, StateCounts } from '../../../../renderer/batch/queue.ts';
import type { BatchChange, BatchProgressView, BatchRow, BatchStatus } from '../../../../renderer/batch/view.ts';
import type { ErrorRecord } from '../../../../renderer/core/errors.ts';
import { openFileSource } from '../../../../renderer/io/node-source.ts';
import { readScene } from '../../../../renderer/io/read-scene.ts';
import { cropPly } from '../../../crop-ply.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
export const SAMPLE = readFileSync(join(ROOT, 'test/data/scenes/sample.ply'));
const MODEL = { path: join(ROOT, 'models/splatformer-desktop.pth'), name: 'splatformer-desktop' };
/** Inside the project, where the bundle finds its packages. */
const BUNDLE = join(ROOT, `.cache/test-batch-${process.pid}`);

/** Of the test that runs. */
export let folder: string;

/** Gives every test of the file a folder of its own with an empty `in`, and its hosts an end. */
export function provideBatchFolder(): void {
  beforeAll(async () => {
    await build({
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      build: {
        ssr: 'test/unit/electron/batch/child.ts',
        outDir: BUNDLE,
        rollupOptions: { output: { entryFileNames: 'child.js' } },
      },
    });
  });
  afterAll(() => rmSync(BUNDLE, { recursive: true, force: true }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'splatformer-batch-'));
    mkdirSync(join(folder, 'in'));
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bench) => bench.host.close()));
    rmSync(folder, { recursive: true, force: true });
  });
}

export const put = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
export const good = (name: string, splats = 60): string => put(`in/${name}`, cropPly(SAMPLE, splats));

/** The environment of people's machines: the tests' own would silence the inference library's telemetry by itself. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !['CI', 'ORT_DISABLE_TELEMETRY', 'XDG_CACHE_HOME'].includes(name)),
);

const open: Bench[] = [];

/** A host with a real process behind it, and what a page would know of it. */
export class Bench {
  readonly rows = new Map<string, BatchRow>();
  readonly ends: { counts: StateCounts; problem: ErrorRecord | undefined }[] = [];
  readonly warnings: string[] = [];
  readonly host: BatchHost;
  status: BatchStatus;
  progress: BatchProgressView | undefined;
  child: ChildProcess | undefined;
  started = 0;
  /** Called with each row that changed. */
  onRow: (row: BatchRow) => void = () => undefined;

  private constructor({ uid, entry }: { uid?: number; entry?: string }) {
    const startWorker: StartWorker = (listener) => {
      const child = fork(entry ?? join(BUNDLE, 'child.js'), {
        ...(uid === undefined ? {} : { uid, gid: uid }),
        env: { ...environment, HOME: join(folder, 'home'), OMP_WAIT_POLICY: 'passive' },
      });
      child.on('message', (message) => listener.message(message as Parameters<typeof listener.message>[0]));
      child.on('exit', (code) => listener.ended(code ?? 1));
      this.child = child;
      this.started += 1;
      return { send: (message) => child.send(message), end: () => child.kill('SIGKILL') };
    };
    this.host = new BatchHost({
      store: new QueueStore(join(folder, 'data/batch.json')),
      startWorker,
      shippedModel: MODEL,
      onChange: (change) => this.take(change),
      onEnd: (counts, problem) => this.ends.push({ counts, problem }),
      warn: (message) => this.warnings.push(message),
    });
    this.status = this.host.view.status;
  }

  static async open(options: { uid?: number; entry?: string } = {}): Promise<Bench> {
    const bench = new Bench(options);
    open.push(bench);
    await bench.host.load();
    for (const row of bench.host.view.rows) bench.rows.set(row.id, row);
    bench.status = bench.host.view.status;
    return bench;
  }

  private take({ rows, removed, status, progress }: BatchChange): void {
    for (const row of rows ?? []) {
      this.rows.set(row.id, row);
      this.onRow(row);
    }
    for (const id of removed ?? []) this.rows.delete(id);
    if (status !== undefined) this.status = status;
    if (progress !== undefined) this.progress = progress;
  }

  row(name: string): BatchRow {
    const found = [...this.rows.values()].find((row) => row.name === name);
    if (found === undefined) throw new Error(`There is no row ${name}.`);
    return found;
  }

  get states(): Record<string, ItemState> {
    return Object.fromEntries([...this.rows.values()].map(({ name, state }) => [name, state]));
  }

  async until(condition: () => boolean, timeout = 50_000): Promise<void> {
    await vi.waitUntil(condition, { timeout, interval: 5 });
  }

  async finish(): Promise<void> {
    await this.until(() => this.ends.length > 0);
  }

  /** Leaves things as a crash of the app would: the process is dead, the host says nothing more. */
  crash(): void {
    open.splice(open.indexOf(this), 1);
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
  }
}

export const onDisk = (): BatchQueue =>
  queueSchema.parse(JSON.parse(readFileSync(join(folder, 'data/batch.json'), 'utf8')));
export const results = (): string[] => readdirSync(join(folder, 'in/refined')).sort();

export async function countOf(name: string): Promise<number> {
  const source = await openFileSource(join(folder, 'in/refined', name));
  try {
    return (await readScene(source)).count;
  } finally {
    await source.close();
  }
}
