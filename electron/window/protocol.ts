import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

const SCHEME = 'app';
export const ORIGIN = `${SCHEME}://splatformer`;
export const PAGE_URL = `${ORIGIN}/index.html`;

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json; charset=utf-8',
};

/**
 * Nothing but the app's own files, WebAssembly included: no script or worker is made of what a page holds. Icons are
 * fetched from `data:` addresses, which lead nowhere.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that make the page cross-origin isolated (threads in WebAssembly) and keep it to itself. */
const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Serves the files below `folder`, and nothing else, as app://splatformer/. */
export function serveFolder(folder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const file = resolveInside(folder, request.url);
    const info = file === undefined ? undefined : await stat(file).catch(() => undefined);
    if (file === undefined || info === undefined || !info.isFile())
      return new Response('Not found', { status: 404, headers: HEADERS });
    const body = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
    const type = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
    return new Response(body, { headers: { ...HEADERS, 'Content-Type': type, 'Content-Length': String(info.size) } });
  });
}

/** The file that a URL of this origin names, or undefined when it lies outside the folder. */
export function resolveInside(folder: string, url: string): string | undefined {
  const { host, pathname } = new URL(url);
  if (`${SCHEME}://${host}` !== ORIGIN) return undefined;
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0')) return undefined;
  const file = normalize(join(folder, decoded));
  return file.startsWith(folder.endsWith(sep) ? folder : folder + sep) ? file : undefined;
}
