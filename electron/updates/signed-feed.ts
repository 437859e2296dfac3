import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { SplatError } from '../../renderer/core/errors.ts';
import { checkJson, parseJson } from '../../renderer/core/json.ts';
import { listOf } from '../../renderer/core/list-of.ts';

/** Largest feed that is read; one of four files has below 2 KB. */
export const MAX_FEED_BYTES = 64 * 1024;
/** A signature in base64 with a line's end; more is not read. */
export const MAX_SIGNATURE_BYTES = 256;
const SIGNATURE_BYTES = 64;
const ADVICE = 'Nothing was downloaded, and nothing changed. Try again later, or tell the makers of this build.';

const version = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}$/, 'is no version like 1.2.3');

const feedSchema = z.object({
  /** The feed's own file name: what is signed for one system is refused on another. */
  feed: z.string(),
  version,
  /** When it was made, as ISO 8601. */
  releaseDate: z.iso.datetime(),
  files: listOf(
    z.object({
      /** Lies beside the feed: a plain name leads nowhere else. */
      url: z.string().regex(/^\w[\w.-]*$/, 'is no plain file name'),
      /** SHA-512 in base64. */
      sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'is no SHA-512'),
      size: z.int().positive(),
    }),
    { min: 1, max: 16 },
  ),
});

/** A new version, as whoever holds the private key has announced it. */
export type SignedFeed = Readonly<z.infer<typeof feedSchema>>;

export interface FeedParts {
  /** Its file name, `latest-linux.yml`. */
  readonly name: string;
  readonly host: string;
  readonly bytes: Uint8Array;
  /** What lies beside it as NAME.sig: base64 of an Ed25519 signature of exactly these bytes. */
  readonly signature: Uint8Array;
}

/**
 * Believes a feed: its signature is checked before anything of it is read.
 * @throws SplatError `invalid-file`, saying what is wrong with it
 */
export function readSignedFeed({ name, host, bytes, signature }: FeedParts, publicKey: KeyObject): SignedFeed {
  const refuse = (message: string): never => {
    throw new SplatError('invalid-file', message, ADVICE);
  };
  const text = Buffer.from(signature).toString('latin1').trim();
  const raw = Buffer.from(text, 'base64');
  if (raw.length !== SIGNATURE_BYTES || raw.toString('base64') !== text)
    refuse(`The update feed of ${host} (${name}) carries no signature that can be read.`);
  if (!verify(null, bytes, publicKey, raw))
    refuse(`The update feed of ${host} (${name}) is not signed by the makers of this build, or was changed since.`);
  const words = { name: `The update feed of ${host} (${name})`, what: 'one', advice: ADVICE };
  const feed = checkJson(words, parseJson(words, new TextDecoder().decode(bytes)), feedSchema);
  if (feed.feed !== name) refuse(`The update feed of ${host} (${name}) is another one: it was signed as ${feed.feed}.`);
  return feed;
}

/**
 * Whether the feed offers something newer than the version that runs.
 * @throws SplatError `invalid-file` where it offers an older one: an old feed, signed once, is not to be played back
 */
export function isNewer(feed: SignedFeed, running: string, host: string): boolean {
  const order = compareVersions(feed.version, running);
  if (order < 0)
    throw new SplatError(
      'invalid-file',
      `The update feed of ${host} offers version ${feed.version}, which is older than this one (${running}).`,
      ADVICE,
    );
  return order > 0;
}

/** Compares two versions: below zero where `a` is older than `b`. What follows a dash is not seen. */
export function compareVersions(a: string, b: string): number {
  const numbersOf = (text: string): number[] => text.split('-')[0].split('.').map(Number);
  const [left, right] = [numbersOf(a), numbersOf(b)];
  return [0, 1, 2].map((index) => left[index] - right[index]).find((difference) => difference !== 0) ?? 0;
}
