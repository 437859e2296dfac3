import { generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpGet } from '../../../../electron/models/http.ts';
import { fetchFeed } from '../../../../electron/updates/fetch-feed.ts';
import type { SignedFeed } from '../../../../electron/updates/signed-feed.ts';
import { FileServer } from '../../../models/file-server.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const NAME = 'latest-linux.yml';
const FEED = {
  feed: NAME,
  version: '1.2.3',
  releaseDate: '2026-11-30T12:00:00.000Z',
  files: [{ url: 'app-1.2.3.AppImage', sha512: `${'A'.repeat(86)}==`, size: 5 }],
};
const BYTES = Buffer.from(JSON.stringify(FEED));
const SIGNATURE = Buffer.from(sign(null, BYTES, privateKey).toString('base64'));

let server: FileServer;
beforeEach(async () => {
  server = await FileServer.start();
});
afterEach(() => server.stop());

/** Node's own fetch in the place of Electron's network. */
const get: HttpGet = async (url, headers, signal) => {
  const response = await fetch(url, { headers, signal, redirect: 'manual', credentials: 'omit' });
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: response.body ?? (async function* () {})(),
  };
};
const fetched = (feed = `${server.origin}/app/`, isForTests = true): Promise<SignedFeed> =>
  fetchFeed(NAME, { feed, publicKey }, { get, stallMs: 400, isForTests });
const asked = (): string[] => server.requests.map(({ path }) => path);

describe('fetching a feed', () => {
  it('asks for the feed and its signature, and for nothing else', async () => {
    server.serve(`/app/${NAME}`, { bytes: BYTES });
    server.serve(`/app/${NAME}.sig`, { bytes: SIGNATURE });
    expect(await fetched()).toEqual(FEED);
    expect(asked()).toEqual([`/app/${NAME}`, `/app/${NAME}.sig`]);
  });

  it('names what is missing', async () => {
    await expect(fetched()).rejects.toThrow(`has no update feed for this system (${NAME})`);
    server.serve(`/app/${NAME}`, { bytes: BYTES });
    await expect(fetched()).rejects.toThrow('is not signed');
    server.serve(`/app/${NAME}`, { status: 503 });
    await expect(fetched()).rejects.toThrow('answered with an error (503)');
    const { origin } = server;
    await server.stop();
    const closed = fetched(`${origin}/app/`);
    await expect(closed).rejects.toMatchObject({
      code: 'network',
      advice: expect.stringContaining('try again') as string,
    });
    server = await FileServer.start();
  });

  it('reads no more than a feed can be', async () => {
    const huge = Buffer.alloc(1 << 20, 32);
    server.serve(`/app/${NAME}`, { bytes: huge, announced: null });
    await expect(fetched()).rejects.toThrow('sent more than');
    server.serve(`/app/${NAME}`, { bytes: BYTES });
    server.serve(`/app/${NAME}.sig`, { bytes: huge });
    await expect(fetched()).rejects.toThrow('sent more than');
  });

  it('follows no redirect to a connection that is not protected, and gives up one that says nothing', async () => {
    server.serve(`/app/${NAME}`, { status: 302, location: 'http://example.com/feed' });
    await expect(fetched()).rejects.toThrow('not protected');
    server.serve(`/app/${NAME}`, { bytes: BYTES, stallAfter: 3 });
    await expect(fetched()).rejects.toThrow('stopped answering');
    await expect(fetched(`${server.origin}/app/`, false)).rejects.toThrow('not protected');
  });
});
