import { z } from 'zod';
import type { SceneFile } from '../../bridge/files.ts';
import { toSplatError } from '../../core/errors.ts';
import type { SplatError } from '../../core/errors.ts';
import { UP_AXES, type UpAxis } from '../../core/up-axes.ts';
import { regionSchema } from '../../refine/region-choice.ts';
import { ask } from '../desktop.ts';
import type { DocumentState, SceneDocument } from './document.ts';

/** What a person chose for a scene, as it is kept between starts: one bad value does not cost the others. */
const memorySchema = z.object({
  region: regionSchema.catch('auto'),
  /** The axis that is up; what nobody chose is absent. */
  up: z.enum(UP_AXES).optional().catch(undefined),
});
type Memory = z.infer<typeof memorySchema>;

const NOTHING: Memory = { region: 'auto' };
/** Changes in quick succession (a handle being dragged) are written once. */
const KEEP_AFTER_MS = 300;

/** Reads what was chosen for a scene; what can't be read counts as nothing. */
function parseMemory(text: string): Memory {
  try {
    return memorySchema.parse(JSON.parse(text));
  } catch {
    return NOTHING;
  }
}

function memoryOf({ region, chosenUp }: Pick<DocumentState, 'region' | 'chosenUp'>): Memory {
  return { region, ...(chosenUp === undefined ? {} : { up: chosenUp }) };
}

/** Keeps what a person chose for the open scene in the user's data, and recalls it when the scene is opened again. */
export class SceneMemory {
  private file: SceneFile | undefined;
  private kept = JSON.stringify(NOTHING);
  /** False until what was kept has been read: nothing may overwrite it before. */
  private isRead = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What waits to be written for `file`. */
  private waiting: Memory | undefined;

  constructor(
    private readonly document: SceneDocument,
    private readonly chooseUp: (axis: UpAxis) => void,
    /** Called for an opened scene once it is known what was chosen for it. */
    private readonly onRecalled: () => void,
    private readonly report: (error: SplatError) => void,
  ) {
    document.watch((state, before) => {
      if (state.file !== this.file) void this.recall(state.file);
      else if (this.isRead && (state.region !== before.region || state.chosenUp !== before.chosenUp))
        this.keepSoon(memoryOf(state));
    });
    window.addEventListener('beforeunload', () => this.keep());
  }

  private async recall(file: SceneFile | undefined): Promise<void> {
    this.keep();
    this.file = file;
    this.kept = JSON.stringify(NOTHING);
    this.isRead = false;
    if (file === undefined) return;
    try {
      const text = await ask(window.desktop.readSceneMemory(file.id));
      if (this.file !== file) return;
      const memory = text === undefined ? NOTHING : parseMemory(text);
      this.kept = JSON.stringify(memory);
      if (memory.region !== 'auto') this.document.recallRegion(memory.region);
      // What a person chose meanwhile is newer.
      if (memory.up !== undefined && this.document.state.chosenUp === undefined) this.chooseUp(memory.up);
      this.isRead = true;
      this.keepSoon(memoryOf(this.document.state));
      this.onRecalled();
    } catch (error) {
      this.report(toSplatError(error, 'io', `What was chosen for ${file.name} could not be read`));
    }
  }

  private keepSoon(memory: Memory): void {
    this.waiting = memory;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), KEEP_AFTER_MS);
  }

  /** Writes what changed and waits to be written. */
  private keep(): void {
    clearTimeout(this.timer);
    const { file, waiting } = this;
    if (file === undefined || waiting === undefined) return;
    this.waiting = undefined;
    const text = JSON.stringify(waiting);
    if (text === this.kept) return;
    this.kept = text;
    void ask(window.desktop.writeSceneMemory(file.id, text === JSON.stringify(NOTHING) ? '' : text)).catch(
      (error: unknown) => this.report(toSplatError(error, 'io', `What was chosen for ${file.name} could not be kept`)),
    );
  }
}
