import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compareVersions, isNewer, readSignedFeed } from '../../../../electron/updates/signed-feed.ts';
import type { SignedFeed } from '../../../../electron/updates/signed-feed.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const FEED = {
  feed: 'latest-linux.yml',
  version: '1.2.3',
  releaseDate: '2026-11-30T12:00:00.000Z',
  files: [{ url: 'app-1.2.3.AppImage', sha512: `${'A'.repeat(86)}==`, size: 5 }],
};
const bytesOf = (feed: object): Buffer => Buffer.from(JSON.stringify(feed));
const signed = (bytes: Buffer, key = privateKey): Buffer =>
  Buffer.from(`${sign(null, bytes, key).toString('base64')}\n`);

function read(bytes: Buffer, signature: Buffer): SignedFeed {
  return readSignedFeed({ name: 'latest-linux.yml', host: 'example.com', bytes, signature }, publicKey);
}
const problem = (bytes: Buffer, signature: Buffer): string => {
  try {
    read(bytes, signature);
    return '';
  } catch (error) {
    expect(error).toMatchObject({
      code: 'invalid-file',
      advice: expect.stringContaining('Nothing was downloaded') as string,
    });
    return (error as Error).message;
  }
};

describe('a feed', () => {
  it('is believed with its signature', () => {
    expect(read(bytesOf(FEED), signed(bytesOf(FEED)))).toEqual(FEED);
  });

  it('is refused without one that fits, whatever it says', () => {
    const bytes = bytesOf(FEED);
    expect(problem(bytes, Buffer.alloc(0))).toContain('carries no signature');
    expect(problem(bytes, Buffer.from('<html>'))).toContain('carries no signature');
    expect(problem(bytes, Buffer.from(signed(bytes).subarray(0, 60)))).toContain('carries no signature');
    const other = generateKeyPairSync('ed25519').privateKey;
    expect(problem(bytes, signed(bytes, other))).toContain('is not signed by the makers');
    const signature = signed(bytes);
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] ^= 1;
      expect(problem(changed, signature)).toContain('was changed since');
    }
    expect(problem(Buffer.concat([bytes, Buffer.from(' ')]), signature)).toContain('was changed since');
  });

  it('is refused where it is another one, or says what no feed may, though it is signed', () => {
    const refused = (patch: object): string =>
      problem(bytesOf({ ...FEED, ...patch }), signed(bytesOf({ ...FEED, ...patch })));
    expect(refused({ feed: 'latest.yml' })).toContain('was signed as latest.yml');
    expect(refused({ version: '1.2' })).toContain('is no version');
    expect(refused({ files: [] })).toContain('files');
    for (const url of ['../app', 'https://other.com/app', 'a/b', '.hidden', ''])
      expect(refused({ files: [{ ...FEED.files[0], url }] }), url).toContain('is no plain file name');
    expect(refused({ files: [{ ...FEED.files[0], sha512: 'abc' }] })).toContain('is no SHA-512');
    expect(refused({ files: [{ ...FEED.files[0], size: 0 }] })).toContain('size');
    const text = Buffer.from('version: 1.2.3\n');
    expect(problem(text, signed(text))).toContain('is not JSON');
  });

  it('is no news with the same version, and refused with an older one', () => {
    const feed = read(bytesOf(FEED), signed(bytesOf(FEED)));
    expect(isNewer(feed, '1.2.2', 'example.com')).toBe(true);
    expect(isNewer(feed, '1.2.3', 'example.com')).toBe(false);
    expect(() => isNewer(feed, '1.10.0', 'example.com')).toThrow('offers version 1.2.3, which is older than this one');
  });

  it('has versions in the order of their numbers', () => {
    expect(compareVersions('1.10.0', '1.9.9')).toBeGreaterThan(0);
    expect(compareVersions('0.9.9', '1.0.0')).toBeLessThan(0);
    expect(compareVersions('1.0.0', '1.0.0')).toBe(0);
  });
});
