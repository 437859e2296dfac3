import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readChannel } from '../../../../electron/updates/update-channel.ts';

it('a build without a feed has none, and a damaged one is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'splatformer-channel-'));
  const file = join(folder, 'update.json');
  try {
    expect(readChannel(file)).toBeUndefined();
    const spki = (type: 'ed25519' | 'x25519'): string =>
      (type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')).publicKey
        .export({ format: 'der', type: 'spki' })
        .toString('base64');
    const publicKey = spki('ed25519');
    const wrong = [
      '',
      '[]',
      JSON.stringify({ feed: 'https://example.com/' }),
      JSON.stringify({ feed: 'http://example.com/', publicKey }),
      JSON.stringify({ feed: 'https://example.com/app', publicKey }),
      JSON.stringify({ feed: 'https://example.com/', publicKey: 'AAAA' }),
      JSON.stringify({ feed: 'https://example.com/', publicKey: spki('x25519') }),
    ];
    for (const text of wrong) {
      writeFileSync(file, text);
      expect(() => readChannel(file), text).toThrow(expect.objectContaining({ code: 'invalid-file' }));
    }
    writeFileSync(file, JSON.stringify({ feed: 'https://example.com/', publicKey, updaterCacheDirName: 'x' }));
    expect(readChannel(file)?.publicKey.asymmetricKeyType).toBe('ed25519');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
