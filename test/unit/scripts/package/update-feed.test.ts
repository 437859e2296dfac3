import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSignedFeed } from '../../../../electron/updates/signed-feed.ts';
import { readChannel } from '../../../../electron/updates/update-channel.ts';

interface Feed {
  readonly name: string;
  readonly text: string;
  readonly signature: string;
}

/** The script is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/package/update-feed.mjs')).href;
const { channelFromEnvironment, makeFeeds, publicKeyOf, signingKeyFromEnvironment } = (await import(
  /* @vite-ignore */ script
)) as {
  channelFromEnvironment: (env: object) => { channel?: object; sentence?: string };
  makeFeeds: (folder: string, parts: object) => Promise<Feed[]>;
  publicKeyOf: (key: object) => string;
  signingKeyFromEnvironment: (env: object) => object;
};

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const PRIVATE = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const PUBLIC = publicKeyOf(privateKey);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-feeds-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const put = (...names: string[]): void => names.forEach((name) => writeFileSync(join(folder, name), name));
const make = (): Promise<Feed[]> =>
  makeFeeds(folder, { version: '1.2.3', releaseDate: '2026-11-30T12:00:00.000Z', privateKey });

describe('signing', () => {
  it('makes a feed for each system that the app believes', async () => {
    put('app-1.2.3-x64.AppImage', 'app_1.2.3_amd64.deb', 'app_1.2.3_arm64.deb', 'app-1.2.3-x64.exe', 'notes.txt');
    put('app-1.2.3-universal.zip', 'app-1.2.3-universal.dmg');
    const feeds = await make();
    expect(feeds.map(({ name }) => name)).toEqual([
      'latest.yml',
      'latest-mac.yml',
      'latest-linux.yml',
      'latest-linux-arm64.yml',
    ]);
    for (const { name, text, signature } of feeds) {
      const feed = readSignedFeed(
        { name, host: 'example.com', bytes: Buffer.from(text), signature: Buffer.from(signature) },
        publicKey,
      );
      expect(feed.version).toBe('1.2.3');
    }
    const linux = JSON.parse(feeds[2].text) as { files: { url: string; size: number }[] };
    expect(linux.files.map(({ url, size }) => [url, size])).toEqual([
      ['app-1.2.3-x64.AppImage', 22],
      ['app_1.2.3_amd64.deb', 19],
    ]);
  });

  it('publishes neither a stand-in, nor another version, nor nothing', async () => {
    await expect(make()).rejects.toThrow('holds no installer');
    put('app_1.2.3~standin_amd64.deb');
    await expect(make()).rejects.toThrow('stand-in');
    rmSync(join(folder, 'app_1.2.3~standin_amd64.deb'));
    put('app_1.2.2_amd64.deb');
    await expect(make()).rejects.toThrow('is not of version 1.2.3');
  });

  it("takes the build's key alone", () => {
    expect(() => signingKeyFromEnvironment({})).toThrow('SPLATFORMER_UPDATE_PRIVATE_KEY must be an Ed25519 key');
    const env = { SPLATFORMER_UPDATE_PRIVATE_KEY: PRIVATE };
    expect(signingKeyFromEnvironment({ ...env, SPLATFORMER_UPDATE_PUBLIC_KEY: PUBLIC })).toBeDefined();
    const other = publicKeyOf(generateKeyPairSync('ed25519').privateKey);
    expect(() => signingKeyFromEnvironment({ ...env, SPLATFORMER_UPDATE_PUBLIC_KEY: other })).toThrow('is not the key');
  });
});

describe('a build', () => {
  const env = { SPLATFORMER_UPDATE_FEED: 'https://example.com/app', SPLATFORMER_UPDATE_PUBLIC_KEY: PUBLIC };

  it('is told of a feed by two variables, and the app reads what it was told', () => {
    const { channel } = channelFromEnvironment(env);
    writeFileSync(join(folder, 'update.json'), JSON.stringify(channel));
    const read = readChannel(join(folder, 'update.json'));
    expect(read?.feed).toBe('https://example.com/app/');
    expect(read?.publicKey.equals(publicKey)).toBe(true);
  });

  it('has none without both, and none by halves', () => {
    expect(channelFromEnvironment({})).toEqual({ sentence: expect.stringContaining('No update feed') as string });
    const wrong = [
      { ...env, SPLATFORMER_UPDATE_PUBLIC_KEY: '' },
      { ...env, SPLATFORMER_UPDATE_FEED: '' },
      { ...env, SPLATFORMER_UPDATE_FEED: 'http://example.com/' },
      { ...env, SPLATFORMER_UPDATE_PUBLIC_KEY: 'abc' },
      {
        ...env,
        SPLATFORMER_UPDATE_PUBLIC_KEY: generateKeyPairSync('ed448')
          .publicKey.export({ format: 'der', type: 'spki' })
          .toString('base64'),
      },
    ];
    for (const variables of wrong) expect(() => channelFromEnvironment(variables)).toThrow('SPLATFORMER_UPDATE_');
  });
});
