import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { GraphicsReport, SaveTarget, SceneFile } from '../../renderer/bridge/desktop.ts';
import type { RefineJobOutcome } from '../../renderer/bridge/refine-job.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import type { FileTable } from '../files/files.ts';
import type { RefineJob, RenderJob } from '../render-job-schema.ts';

const place = z.int().min(0);
const outcome = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), report: z.record(z.string().max(64), z.unknown()) }),
  z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: z.string().max(64), message: z.string().max(20_000) }),
  }),
]);

/** Arguments of the messages of a refine job. */
export const REFINE_JOB_CHANNEL_ARGUMENTS = {
  openRefineInput: z.tuple([place]),
  beginRefineOutput: z.tuple([place]),
  reportRefined: z.tuple([place, outcome]),
} as const;

/** A line of standard output by which a refine job tells its starter of itself, beside progress. */
export const refineJobLineSchema = z.union([
  z.object({ adapter: z.string(), isSoftware: z.boolean() }),
  z.object({ place, outcome }),
]);
type RefineJobLine = z.infer<typeof refineJobLineSchema>;

/**
 * The page's messages of a refine job. Files are opened scene by scene: a list may be long, and one bad file must not
 * stop it.
 * An earlier answer is replaced once the new one is whole; the input never is.
 */
export function refineJobHandlers(job: RenderJob | undefined, files: FileTable) {
  /** The input opened last. */
  let opened: { readonly place: number; readonly id: string } | undefined;
  const itemAt = (at: number): RefineJob['items'][number] => {
    const item = job?.kind === 'refine' ? job.items[at] : undefined;
    if (item === undefined) throw new SplatError('usage', `The job has no scene ${at}.`);
    return item;
  };
  return {
    openRefineInput: async (at: number): Promise<SceneFile> => {
      const file = await files.admitScene(itemAt(at).input);
      opened = { place: at, id: file.id };
      return file;
    },
    beginRefineOutput: async (at: number): Promise<SaveTarget> => {
      const { output } = itemAt(at);
      if (opened?.place !== at) throw new SplatError('usage', 'The page wrote an answer before it opened its scene.');
      await mkdir(dirname(output), { recursive: true });
      return files.beginSave(output, opened.id);
    },
    reportRefined: (at: number, how: RefineJobOutcome): undefined => {
      itemAt(at);
      tell({ place: at, outcome: how });
      return undefined;
    },
  };
}

/** Tells the starter of a refine job what computes. */
export function tellAdapter({ description, isSoftware }: GraphicsReport): void {
  tell({ adapter: description, isSoftware });
}

function tell(line: RefineJobLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
