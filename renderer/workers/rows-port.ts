import type { SplatScene } from '../core/splat-scene.ts';
import { sceneTransferables } from '../core/splat-scene.ts';

interface Request {
  readonly id: number;
  readonly rows: Uint32Array;
}

interface Reply {
  readonly id: number;
  readonly scene: SplatScene;
}

/** Gives another thread the rows of a scene that it asks for by `rowsFromPort`; close `port1` when it is done. */
export function serveRows(pick: (rows: Uint32Array) => SplatScene): MessageChannel {
  const channel = new MessageChannel();
  channel.port1.onmessage = ({ data: { id, rows } }: MessageEvent<Request>) => {
    const scene = pick(rows);
    channel.port1.postMessage({ id, scene } satisfies Reply, sceneTransferables(scene));
  };
  return channel;
}

/** The rows that another thread gives. */
export function rowsFromPort(port: MessagePort): (rows: Uint32Array) => Promise<SplatScene> {
  const waiting = new Map<number, (scene: SplatScene) => void>();
  let asked = 0;
  port.onmessage = ({ data: { id, scene } }: MessageEvent<Reply>) => {
    waiting.get(id)?.(scene);
    waiting.delete(id);
  };
  return (rows) =>
    new Promise((resolve) => {
      const id = asked++;
      waiting.set(id, resolve);
      port.postMessage({ id, rows } satisfies Request);
    });
}
