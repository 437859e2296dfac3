import type { JOB_MESSAGES, RenderJob } from '../../renderer/bridge/jobs.ts';
import type { HandlersOf } from '../../renderer/bridge/message.ts';
import { SplatError, sentenceOf } from '../../renderer/core/errors.ts';
import type { Progress } from '../../renderer/core/progress.ts';
import { answerOf } from '../failure.ts';
import type { FileTable } from '../files/files.ts';
import { refineJobHandlers } from './refine-job.ts';
import { writeAnswer } from './render-job.ts';

export interface JobHandlerParts {
  readonly job: RenderJob | undefined;
  readonly files: FileTable;
  /** Reports to whoever started the job how far it is. */
  readonly reportProgress: (progress: Progress) => void;
  /** Ends the process with an exit code, and a sentence where the job failed. */
  readonly end: (code: number, sentence?: string) => void;
}

/** Answers to the page's messages about the job that it does without a visible window. */
export function jobHandlers({ job, files, reportProgress, end }: JobHandlerParts): HandlersOf<typeof JOB_MESSAGES> {
  return {
    reportRenderJob: (progress) => {
      // Without a job nobody waits for progress, and the app that people see has no time limit.
      if (job !== undefined) reportProgress(progress);
    },
    finishRenderJob: async (answer) => {
      if (job === undefined) return;
      const written = await answerOf(() => writeAnswer(job, answer, files));
      if (written.ok) return end(0);
      end(1, sentenceOf(written.failure));
    },
    failRenderJob: (sentence) => {
      if (job !== undefined) end(1, sentence);
    },
    ...refineJobHandlers(job, files),
    beginVideoOutput: () => {
      if (job?.kind !== 'video') throw new SplatError('usage', 'The page wrote a video that nobody asked for.');
      return files.beginSave(job.out, undefined);
    },
  };
}
