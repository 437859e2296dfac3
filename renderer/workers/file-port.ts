import type { ErrorRecord } from '../core/errors.ts';
import { SplatError, toSplatError } from '../core/errors.ts';
import type { SceneSource } from '../io/source.ts';

/** A file that is read a part at a time by whoever opened it: it is in memory nowhere as a whole. */
export interface PartedFile {
  /** Bytes. */
  readonly size: number;
  /** Bytes of a buffer of their own, which is handed on; fewer than asked for only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The other end of a `PartedFile`. */
export interface PortedFile {
  readonly size: number;
  readonly port: MessagePort;
}

interface Request {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
}

type Reply = { readonly id: number } & (
  { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly failure: ErrorRecord }
);

/** Serves a file to another thread, which `sourceFromPort` reads it in; close `port` when it is done. */
export function portOf(file: PartedFile): { readonly served: PortedFile; close(): void } {
  const { port1, port2 } = new MessageChannel();
  const answer = async ({ id, offset, length }: Request): Promise<void> => {
    try {
      const bytes = await file.read(offset, length);
      port1.postMessage({ id, bytes } satisfies Reply, [bytes.buffer]);
    } catch (error) {
      const failure = toSplatError(error, 'io', 'The file could not be read').toRecord();
      port1.postMessage({ id, failure } satisfies Reply);
    }
  };
  port1.onmessage = ({ data }: MessageEvent<Request>) => void answer(data);
  return { served: { size: file.size, port: port2 }, close: () => port1.close() };
}

/** The file that another thread serves. */
export function sourceFromPort(name: string, { size, port }: PortedFile): SceneSource {
  const waiting = new Map<number, (reply: Reply) => void>();
  let asked = 0;
  port.onmessage = ({ data }: MessageEvent<Reply>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  const read = (offset: number, length: number): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      const id = asked++;
      waiting.set(id, (reply) => {
        if ('bytes' in reply) resolve(reply.bytes);
        else reject(SplatError.fromRecord(reply.failure));
      });
      port.postMessage({ id, offset, length: Math.max(0, Math.min(length, size - offset)) } satisfies Request);
    });
  return { name, size, read };
}
