import { dirname } from 'node:path';
import type { GraphicsReport } from '../../renderer/bridge/window.ts';
import type { SaveTarget, SceneFile } from '../../renderer/bridge/files.ts';
import { SplatError } from '../../renderer/core/errors.ts';
import { makeFolder } from '../../renderer/io/node-write.ts';
import { placeOfScene } from '../../renderer/io/node-write-scene.ts';
import type { FileTable } from '../files/files.ts';
import type { RefineJob, RefineJobLine, RefineJobOutcome, RenderJob } from '../../renderer/bridge/jobs.ts';

/**
 * The page's messages of a refine job. Files are opened scene by scene: a list may be long, and one bad file must not
 * stop it.
 * An earlier answer is replaced once the new one is whole; the input never is.
 */
export function refineJobHandlers(job: RenderJob | undefined, files: FileTable) {
  /** The input opened last. */
  let opened: { readonly index: number; readonly id: string } | undefined;
  const itemAt = (index: number): RefineJob['items'][number] => {
    const item = job?.kind === 'refine' ? job.items[index] : undefined;
    if (item === undefined) throw new SplatError('usage', `The job has no scene ${index}.`);
    return item;
  };
  return {
    openRefineInput: async (index: number): Promise<SceneFile> => {
      const file = await files.admitScene(itemAt(index).input);
      opened = { index, id: file.id };
      return file;
    },
    beginRefineOutput: async (index: number): Promise<SaveTarget> => {
      const { output } = itemAt(index);
      if (opened?.index !== index)
        throw new SplatError('usage', 'The page wrote an answer before it opened its scene.');
      await makeFolder(dirname(placeOfScene(output)));
      return files.beginSave(output, opened.id);
    },
    reportRefined: (index: number, outcome: RefineJobOutcome): void => {
      itemAt(index);
      writeLine({ place: index, outcome });
    },
  };
}

/** Reports to the starter of a refine job what computes. */
export function reportAdapter({ description, isSoftware }: GraphicsReport): void {
  writeLine({ adapter: description, isSoftware });
}

function writeLine(line: RefineJobLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
