import { PORTS } from '../../../bridge/events.ts';
import { toSplatError } from '../../../core/errors.ts';
import type { RefineModel } from '../../../refine/model.ts';
import { RefineClient } from '../../../refine/refine-client.ts';
import type { FromPage, ToPage } from '../../../bridge/batch-messages.ts';

/**
 * Refines for the batch's process on this page's graphics card. The process comes as the port of a window message from
 * the preload script; it has a worker of its own here, apart from the one of Refine, which goes when the process does.
 */
export function serveBatchOnGpu(): void {
  window.addEventListener('message', (event) => {
    const port = event.ports[0];
    if (event.source === window && event.data === PORTS.batch && port !== undefined) serve(port);
  });
}

function serve(port: MessagePort): void {
  const client = new RefineClient();
  let model: RefineModel | undefined;
  const send = (message: FromPage): void => port.postMessage(message);
  port.addEventListener('close', () => client.stop());
  port.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
    if (data.kind === 'model') model = data.model;
    else if (model !== undefined) void refine(data, model);
  });
  port.start();

  async function refine(
    { job, scene, strength, up }: Extract<ToPage, { kind: 'refine' }>,
    chosen: RefineModel,
  ): Promise<void> {
    try {
      const result = await client.refine(scene, chosen, {
        device: 'webgpu',
        strength,
        up,
        onProgress: (progress) => send({ kind: 'progress', job, progress }),
      });
      send({ kind: 'done', job, scene: result.scene, report: result.report });
    } catch (error) {
      const failure = toSplatError(error, 'gpu-error', 'Refining on the GPU failed').toRecord();
      send({ kind: 'failed', job, failure });
    }
  }
}
