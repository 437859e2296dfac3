import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

/** The script is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/package/signing.mjs')).href;
const { signingFromEnvironment } = (await import(/* @vite-ignore */ script)) as {
  signingFromEnvironment: (
    platform: NodeJS.Platform,
    env: Readonly<Record<string, string>>,
  ) => { signs: boolean; notarises: boolean; sentence?: string };
};

it('nothing is signed without a certificate, and that is told', () => {
  for (const platform of ['win32', 'darwin'] as const) {
    const { signs, notarises, sentence } = signingFromEnvironment(platform, {});
    expect([signs, notarises]).toEqual([false, false]);
    expect(sentence).toContain('CSC_LINK');
  }
  expect(signingFromEnvironment('linux', {}).sentence).toBeUndefined();
});

it('macOS is notarised with either set of Apple variables', () => {
  const certificate = { CSC_LINK: 'cert.p12' };
  expect(signingFromEnvironment('darwin', certificate)).toMatchObject({ signs: true, notarises: false });
  const key = { APPLE_API_KEY: 'k.p8', APPLE_API_KEY_ID: 'id', APPLE_API_ISSUER: 'issuer' };
  expect(signingFromEnvironment('darwin', { ...certificate, ...key })).toEqual({ signs: true, notarises: true });
  const person = { APPLE_ID: 'a', APPLE_APP_SPECIFIC_PASSWORD: 'p', APPLE_TEAM_ID: 't' };
  expect(signingFromEnvironment('darwin', { ...certificate, ...person })).toEqual({ signs: true, notarises: true });
  expect(signingFromEnvironment('win32', { WIN_CSC_LINK: 'cert' })).toEqual({ signs: true, notarises: false });
});
