import { SplatError } from '../../renderer/core/errors.ts';
import { formatBytes } from '../../renderer/core/units.ts';
import { connectionError, getFollowing, hostOf } from '../models/http.ts';
import type { HttpGet } from '../models/http.ts';
import { isAllowedAddress } from '../models/catalogue.ts';
import { StallWatch } from '../models/stall-watch.ts';
import { MAX_FEED_BYTES, MAX_SIGNATURE_BYTES, readSignedFeed } from './signed-feed.ts';
import type { SignedFeed } from './signed-feed.ts';
import type { UpdateChannel } from './update-channel.ts';

export interface FeedTools {
  readonly get: HttpGet;
  /** A connection that brings nothing for so long is given up, in milliseconds. */
  readonly stallMs: number;
  /** Lets plain HTTP of this very machine through; tests alone. */
  readonly isForTests?: boolean;
}

const AGAIN = 'Check the internet connection, then try again.';

/**
 * Fetches a feed and its signature, and believes them only together.
 * @throws SplatError `network` where they can't be had, `invalid-file` where they are not to be believed
 */
export async function fetchFeed(name: string, channel: UpdateChannel, tools: FeedTools): Promise<SignedFeed> {
  const url = new URL(name, channel.feed).href;
  const host = hostOf(url);
  const bytes = await fetchSmall(url, MAX_FEED_BYTES, `${host} has no update feed for this system (${name}).`, tools);
  const unsigned = `The update feed of ${host} (${name}) is not signed.`;
  const signature = await fetchSmall(`${url}.sig`, MAX_SIGNATURE_BYTES, unsigned, tools);
  return readSignedFeed({ name, host, bytes, signature }, channel.publicKey);
}

/** Fetches what is known to be small. */
async function fetchSmall(url: string, limit: number, missing: string, tools: FeedTools): Promise<Uint8Array> {
  const connection = new AbortController();
  const watch = new StallWatch(connection, tools.stallMs, undefined);
  const isAllowed = (address: string): boolean => isAllowedAddress(address, tools.isForTests === true);
  try {
    const response = await watch.over(
      getFollowing(tools.get, url, { 'Accept-Encoding': 'identity' }, isAllowed, connection.signal),
    );
    if (response.status === 404) throw new SplatError('network', missing, 'Try again later.');
    if (response.status !== 200)
      throw new SplatError(
        'network',
        `${hostOf(url)} answered with an error (${response.status}).`,
        'Try again later.',
      );
    const pieces: Uint8Array[] = [];
    let length = 0;
    const body = response.body[Symbol.asyncIterator]();
    for (let next = await watch.over(body.next()); next.done !== true; next = await watch.over(body.next())) {
      length += next.value.length;
      if (length > limit)
        throw new SplatError(
          'invalid-file',
          `${hostOf(url)} sent more than ${formatBytes(limit)} where an update feed or its signature was expected.`,
          'Nothing was downloaded. Tell the makers of this build.',
        );
      pieces.push(next.value);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (watch.hasStalled) throw new SplatError('network', `${hostOf(url)} stopped answering.`, AGAIN);
    if (error instanceof SplatError) throw error;
    throw new SplatError('network', connectionError(error, url).message, AGAIN, { cause: error });
  } finally {
    watch.stop();
    connection.abort();
  }
}
