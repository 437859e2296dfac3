import { net, session } from 'electron';
import type { IncomingMessage, Session } from 'electron';
import type { HttpGet, HttpResponse } from './http.ts';

/** The one session of our own that may reach the network; in memory, so nothing is kept of it. */
const PARTITION = 'model-downloads';

/**
 * Electron's network (system proxy and certificates included) for downloads: a session of its own, without cookies,
 * credentials or cache, that lets through the addresses being asked for at this moment and nothing else.
 * @param allowHostNames is told with each request that names of hosts have to be asked for, and after it that no longer
 * @param failed hears of each connection that failed, by the network's own names, which are for the log alone
 */
export function electronGet(
  allowHostNames: (isAllowed: boolean) => void,
  failed: (host: string, error: Error) => void,
): HttpGet {
  const asked = new Map<string, number>();
  let own: Session | undefined;
  const openSession = (): Session => {
    if (own !== undefined) return own;
    own = session.fromPartition(PARTITION, { cache: false });
    own.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !asked.has(url) }));
    return own;
  };
  return async (url, headers, signal) => {
    const address = new URL(url).href;
    asked.set(address, (asked.get(address) ?? 0) + 1);
    allowHostNames(true);
    try {
      return await send(openSession(), address, headers, signal, (error) => failed(new URL(url).host, error));
    } finally {
      const left = (asked.get(address) ?? 1) - 1;
      if (left > 0) asked.set(address, left);
      else asked.delete(address);
      allowHostNames(false);
    }
  };
}

function send(
  own: Session,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  failed: (error: Error) => void,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const request = net.request({
      method: 'GET',
      url,
      session: own,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
    const abort = (): void => {
      request.abort();
      reject(new Error('aborted'));
    };
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    request.on('redirect', (status, _method, location) => {
      resolve({
        status,
        header: (name) => (name === 'location' ? location : undefined),
        body: (async function* () {})(),
      });
      request.abort();
    });
    request.on('response', (response) => resolve(wrap(response)));
    // Stays for the connection's life: an error that nobody listens to would end the app.
    request.on('error', (error) => {
      failed(error);
      reject(error);
    });
    request.end();
  });
}

function wrap(response: IncomingMessage): HttpResponse {
  return {
    status: response.statusCode,
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    // Electron's response is a Node stream, though its types only say emitter.
    body: response as unknown as AsyncIterable<Uint8Array>,
  };
}
