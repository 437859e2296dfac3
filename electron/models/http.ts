import { SplatError } from '../../renderer/core/errors.ts';

/** An answer whose body has not been read yet. Redirects come back as they are, unfollowed. */
export interface HttpResponse {
  readonly status: number;
  /** A header's value by its lower-case name. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends one GET request without cookies or credentials, following nothing. Aborting `signal` ends the connection, the
 * body's too.
 * Electron's implementation is electron-http.ts; tests use Node's.
 */
export type HttpGet = (
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<HttpResponse>;

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Sends a request and follows redirects, each only to an address that `isAllowed`. */
export async function getFollowing(
  get: HttpGet,
  url: string,
  headers: Readonly<Record<string, string>>,
  isAllowed: (url: string) => boolean,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let address = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!isAllowed(address)) {
      throw new SplatError(
        'network',
        `The server sent the download on to ${hostOf(address)} over a connection that is not protected, ` +
          'so it was stopped.',
        'Try again later.',
      );
    }
    const response = await get(address, headers, signal);
    if (!REDIRECTS.includes(response.status)) return response;
    const location = response.header('location');
    if (location === undefined || !URL.canParse(location, address)) {
      throw new SplatError(
        'network',
        `${hostOf(address)} sent the download on without saying where to.`,
        'Try again later.',
      );
    }
    address = new URL(location, address).href;
  }
  throw new SplatError('network', `${hostOf(url)} sent the download on and on, in a circle.`, 'Try again later.');
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Why a connection failed, by the names that Node and Chromium give; other names tell people nothing. */
const REASONS: readonly [pattern: RegExp, sentence: (host: string) => string][] = [
  [/ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH/, (host) => `${host} can't be reached.`],
  [
    /ERR_(NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_CHANGED)/,
    (host) => `${host} can't be reached.`,
  ],
  [/ECONNREFUSED|ERR_CONNECTION_REFUSED/, (host) => `${host} refuses connections.`],
  [/ETIMEDOUT|TIMED_OUT|UND_ERR_\w*TIMEOUT/, (host) => `${host} did not answer in time.`],
  [
    /EACCES|EPERM|ERR_(NETWORK_ACCESS_DENIED|BLOCKED_BY)/,
    (host) => `Something on this computer or network, a firewall perhaps, does not let the app reach ${host}.`,
  ],
  [/CERT|SSL|TLS/, (host) => `${host} could not prove that it is the right server (its certificate is not valid).`],
  [/ERR_PROXY|ERR_TUNNEL/, () => "The network's proxy did not let the download through."],
  [
    new RegExp(
      'ECONNRESET|EPIPE|ERR_(CONNECTION_(RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|NETWORK_IO_SUSPENDED)|' +
        'socket hang up|other side closed|terminated|aborted',
    ),
    (host) => `${host} ended the connection.`,
  ],
];

/** A failed connection as an error for people. */
export function connectionError(error: unknown, url: string): SplatError {
  if (error instanceof SplatError) return error;
  const reason = reasonOf(error);
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  const message = known === undefined ? `The connection to ${hostOf(url)} failed.` : known[1](hostOf(url));
  return new SplatError('network', message, 'Check the internet connection, then start the download again.', {
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  // Node's fetch wraps what happened in a "fetch failed".
  return error.cause instanceof Error ? reasonOf(error.cause) : `${code}${error.message}`;
}
