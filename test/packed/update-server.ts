import { X509Certificate, createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dataPath } from '../test-data.ts';

/** A certificate of this machine's own address, made for these tests alone. */
const CERTIFICATE = readFileSync(dataPath('updates/certificate.pem'));
const SPKI = new X509Certificate(CERTIFICATE).publicKey.export({ format: 'der', type: 'spki' });

/** Lets Chromium take that certificate, and no other that it would refuse. */
export const TRUST = `--ignore-certificate-errors-spki-list=${createHash('sha256').update(SPKI).digest('base64')}`;

/** An answer: bytes, or the head of one. */
export interface Served {
  readonly bytes?: Uint8Array;
  readonly status?: number;
  readonly location?: string;
  /** Sends half of the bytes and then nothing. */
  readonly halts?: boolean;
}

/** What a release would publish, by HTTPS on this machine, and a note of every request. */
export class UpdateServer {
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  private readonly files = new Map<string, Served>();
  private readonly keys = generateKeyPairSync('ed25519');

  private constructor(private readonly server: Server) {}

  static async start(): Promise<UpdateServer> {
    const server = createServer({ cert: CERTIFICATE, key: readFileSync(dataPath('updates/key.pem')) });
    const updates = new UpdateServer(server);
    server.on('request', ({ url = '', headers }, response) => {
      const path = url.replace('/app/', '');
      updates.requests.push({ path, headers });
      const { bytes, status = 200, location, halts } = updates.files.get(path) ?? { status: 404 };
      const length = bytes === undefined ? {} : { 'Content-Length': bytes.length };
      response.writeHead(status, location === undefined ? length : { Location: location });
      if (halts === true && bytes !== undefined) response.write(bytes.subarray(0, bytes.length / 2));
      else response.end(bytes);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return updates;
  }

  /** What a build is told of this feed; see scripts/package/update-feed.mjs. */
  get channel(): object {
    const publicKey = this.keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const { port } = this.server.address() as AddressInfo;
    return { feed: `https://127.0.0.1:${port}/app/`, publicKey, updaterCacheDirName: 'splatformer-updates' };
  }

  get paths(): string[] {
    return this.requests.map(({ path }) => path);
  }

  /** Serves only these from now on. */
  publish(files: Readonly<Record<string, Served>>): void {
    this.files.clear();
    for (const [path, served] of Object.entries(files)) this.files.set(path, served);
  }

  /** A signature of bytes, by the key of the build or by any other. */
  sign(bytes: Uint8Array, by: 'build' | 'stranger' = 'build'): Buffer {
    const { privateKey } = by === 'build' ? this.keys : generateKeyPairSync('ed25519');
    return Buffer.from(`${sign(null, bytes, privateKey).toString('base64')}\n`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((done) => this.server.close(() => done()));
  }
}
