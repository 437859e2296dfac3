import { toSplatError } from '../../core/errors.ts';
import type { SplatError } from '../../core/errors.ts';
import type { Part } from '../../project/parts.ts';
import { ask, writeChunks } from '../desktop.ts';
import type { DocumentState, SceneDocument } from './document.ts';
import type { ProjectActions, Workplace } from './project-actions.ts';

/** Most bytes of arrays that are kept; beyond it the oldest steps of the history are left out. */
export const SESSION_BYTES = 2 ** 30;
/** How often it is looked for changes: what was done in the last of these may be lost. */
const LOOK_EVERY_MS = 1000;

/** What of the document is kept. */
type KeptState = readonly (DocumentState[keyof DocumentState] | string)[];

/**
 * Keeps what is open in the user's data while the app runs, so that it comes back after a crash, a kill or a restart.
 * Arrays are written once; a look that finds nothing new writes nothing.
 */
export class SessionKeeper {
  private kept: KeptState = [];
  /** Parts that are on disk. */
  private written = new Set<string>();
  private keeping: Promise<void> | undefined;
  /** Whether the last look left everything on disk that is needed to have it again. */
  private isWhole = true;

  constructor(
    private readonly document: SceneDocument,
    private readonly projects: Pick<ProjectActions, 'snapshot'>,
    private readonly workplace: Workplace,
    /** Called after each time that something was kept. */
    private readonly onKept: () => void,
    private readonly report: (error: SplatError) => void,
  ) {}

  start(): void {
    setInterval(() => void this.keep(), LOOK_EVERY_MS);
  }

  /** Keeps what changed since the last time. */
  async keep(): Promise<void> {
    if (this.keeping !== undefined || this.document.state.file === undefined) return;
    const state = this.keptState();
    if (state.length === this.kept.length && state.every((value, i) => value === this.kept[i])) return;
    // What can't be kept is not tried again until it changes.
    this.kept = state;
    this.keeping = this.write();
    await this.keeping;
    this.keeping = undefined;
  }

  /** Keeps what is open at this moment. Resolves with whether all of it is on disk. */
  async keepNow(): Promise<boolean> {
    await this.keeping;
    await this.keep();
    return this.isWhole;
  }

  private async write(): Promise<void> {
    this.isWhole = false;
    try {
      const snapshot = await this.projects.snapshot(SESSION_BYTES);
      if (snapshot === undefined) return;
      for (const part of snapshot.parts) if (!this.written.has(part.id)) await this.writePart(part);
      const ids = snapshot.parts.map(({ id }) => id);
      await ask(window.desktop.keepSession(snapshot.files, snapshot.state, ids));
      this.written = new Set(ids);
      this.isWhole = snapshot.state.history !== undefined;
      this.onKept();
    } catch (error) {
      this.report(toSplatError(error, 'io', 'What is open could not be kept for after a crash'));
    }
  }

  private async writePart({ id, byteLength, bytes }: Part): Promise<void> {
    const target = await ask(window.desktop.beginSessionPart(id, byteLength));
    try {
      await writeChunks(target, bytes());
      await ask(window.desktop.finishSessionPart(target.id));
    } catch (error) {
      await window.desktop.abandonSave(target.id);
      throw error;
    }
    this.written.add(id);
  }

  private keptState(): KeptState {
    const { file, history, shown, chosenUp, savedTo, project, onDisk } = this.document.state;
    const { workplace } = this;
    return [
      file,
      history,
      shown,
      chosenUp,
      savedTo,
      project,
      onDisk,
      JSON.stringify([workplace.read(), workplace.files()]),
    ];
  }
}
