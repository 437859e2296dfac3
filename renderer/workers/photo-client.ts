import { cancelled, SplatError } from '../core/errors.ts';
import type { MeasuredPicture } from '../core/metrics.ts';
import type { MeasureReply } from './photo-tasks.ts';

/** Measures pictures in a worker of its own, so that the page stays quick; one measurement at a time. */
export class PhotoMeter {
  private readonly worker = new Worker(new URL('./photo-worker.ts', import.meta.url), { type: 'module' });
  private fail: ((error: SplatError) => void) | undefined;

  /**
   * Figures of each of `pictures` against `photo`, all of one size. Their bytes are transferred: unusable afterwards.
   * @throws SplatError `out-of-memory` where the worker stops, `cancelled` after `end`
   */
  measure(photo: MeasuredPicture, pictures: readonly MeasuredPicture[]): Promise<MeasureReply> {
    const buffers = [photo, ...pictures].map(({ data }) => data.buffer as ArrayBuffer);
    return new Promise<MeasureReply>((resolve, reject) => {
      this.fail = reject;
      this.worker.onmessage = ({ data }: MessageEvent<MeasureReply>) => resolve(data);
      this.worker.onerror = ({ message }) =>
        reject(
          new SplatError('out-of-memory', `The pictures could not be measured: ${message || 'the worker stopped'}.`),
        );
      this.worker.postMessage({ photo, pictures }, buffers);
    });
  }

  /** Ends the worker at once; a measurement under way is cancelled. */
  end(): void {
    this.worker.terminate();
    this.fail?.(cancelled('Measuring'));
  }
}
