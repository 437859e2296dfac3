import { expect, it, vi } from 'vitest';
import { FileTable } from '../../../../electron/files/files.ts';
import { jobHandlers } from '../../../../electron/jobs/handlers.ts';

it('a page that nobody gave a job neither ends the app, nor has its time limited, nor writes a video', async () => {
  const [reportProgress, end] = [vi.fn(), vi.fn()];
  const handlers = jobHandlers({ job: undefined, files: new FileTable(), reportProgress, end });
  await handlers.reportRenderJob({ stage: 'Refining', fraction: 0.5 });
  await handlers.finishRenderJob(new Uint8Array(4));
  await handlers.failRenderJob('It is over.');
  expect(() => handlers.beginVideoOutput()).toThrow('a video that nobody asked for');
  expect(reportProgress).not.toHaveBeenCalled();
  expect(end).not.toHaveBeenCalled();
});
