import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** How a path is served: whole and with ranges, or with the fault named. */
export interface Served {
  readonly bytes: Uint8Array;
  /** Entity tag; the hash of the bytes by default, null for none. */
  readonly etag?: string | null;
  /** Heeds Range headers; true by default. */
  readonly ranges?: boolean;
  /** Announces this Content-Length instead of the true one; null for none. */
  readonly announced?: number | null;
  /** Ends the connection after so many bytes of each answer. */
  readonly cutAfter?: number;
  /** Says nothing more after so many bytes of each answer. */
  readonly stallAfter?: number;
  /** Bytes a piece and the pause after each in milliseconds. */
  readonly slow?: { readonly bytes: number; readonly pauseMs: number };
}

type Answer = Served | { readonly status: number; readonly location?: string };

/** A real HTTP server on this machine that serves files as told and writes down every request. */
export class FileServer {
  readonly requests: ServedRequest[] = [];
  private readonly answers = new Map<string, (attempt: number) => Answer>();
  private readonly counts = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<FileServer> {
    const server = createServer();
    const files = new FileServer(server);
    server.on('request', (request, response) => files.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return files;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Serves `path`; a function is asked with the number of earlier requests for it. */
  serve(path: string, answer: Answer | ((attempt: number) => Answer)): string {
    this.answers.set(path, typeof answer === 'function' ? answer : () => answer);
    this.counts.set(path, 0);
    return `${this.origin}${path}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const { range } = request.headers;
    // Node keeps headers that it has no type for as strings or lists.
    const ifRange = request.headers['if-range']?.toString();
    this.requests.push({ path, range, ifRange });
    const attempt = this.counts.get(path) ?? 0;
    this.counts.set(path, attempt + 1);
    const answer = this.answers.get(path)?.(attempt) ?? { status: 404 };
    if ('status' in answer)
      response.writeHead(answer.status, answer.location === undefined ? {} : { Location: answer.location }).end();
    else void sendFile(answer, range, ifRange, response);
  }
}

async function sendFile(
  served: Served,
  range: string | undefined,
  ifRange: string | undefined,
  response: ServerResponse,
): Promise<void> {
  const { bytes } = served;
  const etag =
    served.etag === undefined ? `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"` : served.etag;
  const asked = /^bytes=(\d+)-$/.exec(range ?? '');
  const from =
    served.ranges !== false && asked !== null && (ifRange === undefined || ifRange === etag) ? Number(asked[1]) : 0;
  if (from >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
    return;
  }
  const rest = bytes.subarray(from);
  const announced = served.announced === undefined ? rest.length : served.announced;
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Type': 'application/octet-stream',
    ...(etag === null ? {} : { ETag: etag }),
    ...(announced === null ? {} : { 'Content-Length': announced }),
    ...(from > 0 ? { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  const end = Math.min(rest.length, served.cutAfter ?? Infinity, served.stallAfter ?? Infinity);
  const step = served.slow?.bytes ?? end;
  for (let at = 0; at < end && !response.destroyed; at += step) {
    response.write(rest.subarray(at, Math.min(end, at + step)));
    if (served.slow !== undefined) await new Promise((resolve) => setTimeout(resolve, served.slow?.pauseMs));
  }
  if (served.stallAfter !== undefined) return;
  // The bytes must be on their way before the connection is cut.
  if (served.cutAfter !== undefined) setTimeout(() => response.destroy(), 30);
  else response.end();
}
