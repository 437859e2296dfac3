import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { ownModelSchema } from '../renderer/bridge/models.ts';
import { graphicsModeSchema, storedViewSchema } from '../renderer/bridge/settings.ts';
import type { SplatError } from '../renderer/core/errors.ts';
import { listOf } from '../renderer/core/list-of.ts';
import { fileError } from '../renderer/io/node-file-error.ts';
import { replaceFileSync } from '../renderer/io/node-write.ts';

/** Scenes in the menu File > Open Recent. */
const MAX_RECENT_SCENES = 10;

/** Every field falls back on its own, so one bad value does not cost the others. */
const settingsSchema = z.object({
  recentScenes: listOf(z.string(), { max: MAX_RECENT_SCENES }).catch([]),
  lastFolder: z.string().optional().catch(undefined),
  graphics: z
    .object({
      /** Mode that gave an adapter the last time. */
      mode: graphicsModeSchema,
      /** Mode that a restart is trying; still set at the next start when that one never showed a window. */
      trying: graphicsModeSchema.optional(),
    })
    .catch({ mode: 'default' }),
  window: z
    .object({ width: z.int().min(400), height: z.int().min(300), maximized: z.boolean() })
    .optional()
    .catch(undefined),
  view: storedViewSchema.catch(() => storedViewSchema.parse({})),
  models: z
    .object({
      /** ID of the model that Refine uses; the shipped one without it. */
      chosen: z.string().optional().catch(undefined),
      /** Checkpoints of the person's own; a damaged one does not cost the others. */
      own: listOf(ownModelSchema.optional().catch(undefined))
        .transform((list) => list.filter((model) => model !== undefined))
        .catch([]),
    })
    .catch({ own: [] }),
  updates: z
    .object({
      /** Whether every start looks for a new version; nobody was asked without it. */
      atStart: z.boolean().optional().catch(undefined),
    })
    .catch({}),
});

export type Settings = z.infer<typeof settingsSchema>;

/** The app's remembered choices, in one JSON file that is replaced whole. */
export class SettingsStore {
  private current: Settings;
  /** The file is no JSON of ours: it is backed up before it is written over. */
  private isDamaged = false;
  /** Why a file that is there could not be read: it may be whole, so nothing is written over it. */
  private unread: SplatError | undefined;

  /** @param warn is called with what is wrong with the file, and why `remember` could not write */
  constructor(
    private readonly file: string,
    private readonly warn: (message: string) => void = () => undefined,
  ) {
    this.current = settingsSchema.parse(this.read());
  }

  get(): Settings {
    return this.current;
  }

  /**
   * Keeps a choice that a person made; it holds for this run where it can't be written. @throws what the file system
   * says, now or when the file was read
   */
  update(patch: Partial<Settings>): void {
    this.current = { ...this.current, ...patch };
    if (this.unread !== undefined) throw this.unread;
    if (this.isDamaged) this.backUp();
    mkdirSync(dirname(this.file), { recursive: true });
    replaceFileSync(this.file, `${JSON.stringify(this.current, null, 2)}\n`);
  }

  /**
   * Keeps what nobody asked to be kept: on a full or read-only disk it holds for this run, and nothing fails for it.
   */
  remember(patch: Partial<Settings>): void {
    try {
      this.update(patch);
    } catch (error) {
      // The start has warned of a file that could not be read.
      if (error !== this.unread) this.warn(fileError(error, 'written', basename(this.file)).message);
    }
  }

  rememberScene(path: string): void {
    const others = this.current.recentScenes.filter((known) => known !== path);
    this.remember({ recentScenes: [path, ...others].slice(0, MAX_RECENT_SCENES), lastFolder: dirname(path) });
  }

  /** The file's content; a first start has none, and neither damage nor a refusal keeps the app from starting. */
  private read(): object {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
      this.unread = fileError(error, 'read', basename(this.file));
      this.warn(`${this.unread.message} The app starts with its own settings, and changes hold until it ends.`);
      return {};
    }
    const value = parsed(text);
    this.isDamaged = value === undefined;
    return value ?? {};
  }

  private backUp(): void {
    const damaged = `${this.file}.damaged`;
    renameSync(this.file, damaged);
    this.isDamaged = false;
    this.warn(`${basename(this.file)} was damaged and is backed up as ${damaged}.`);
  }
}

/** The object that a text of JSON holds, if it does. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
