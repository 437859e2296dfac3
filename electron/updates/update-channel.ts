import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { checkJson, parseJson } from '../../renderer/core/json.ts';

/** What is put into the package beside the archive where the build was given a feed; see docs/packaging.md. */
export const CHANNEL_FILE = 'update.json';

const channelSchema = z.object({
  /** Folder of the feeds and the files that they name. */
  feed: z.url({ protocol: /^https$/ }).endsWith('/'),
  /** Ed25519, SubjectPublicKeyInfo (DER) in base64. */
  publicKey: z
    .base64()
    .transform((text) => publicKeyOf(text))
    .refine((key) => key?.asymmetricKeyType === 'ed25519', 'is no Ed25519 key')
    .transform((key) => key as KeyObject),
});

/** Where this build gets new versions from, and whose signature they bear. */
export type UpdateChannel = Readonly<z.infer<typeof channelSchema>>;

/**
 * Reads what the build was given; undefined where it was given nothing.
 * @throws SplatError `invalid-file` where the file is not as it was made
 */
export function readChannel(file: string): UpdateChannel | undefined {
  if (!existsSync(file)) return undefined;
  const words = { name: CHANNEL_FILE, what: 'one', advice: 'Install the app again.' };
  return checkJson(words, parseJson(words, readFileSync(file, 'utf8')), channelSchema);
}

function publicKeyOf(text: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
