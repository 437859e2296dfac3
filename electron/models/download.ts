import type { ModelTransfer } from '../../renderer/bridge/models.ts';
import { SplatError, cancelled, throwIfAborted } from '../../renderer/core/errors.ts';
import { formatBytes } from '../../renderer/core/units.ts';
import type { DownloadFiles, PartWriter } from './download-files.ts';
import { connectionError, getFollowing, hostOf } from './http.ts';
import type { HttpGet, HttpResponse } from './http.ts';
import { PartFile } from './part-file.ts';
import { StallWatch } from './stall-watch.ts';

/** One file to fetch. */
export interface Download {
  /** Its name in sentences. */
  readonly name: string;
  readonly url: string;
  /** Place of the finished file; unfinished it lies beside it as FILE.part. */
  readonly file: string;
  /** Size in bytes, known to within `bytesWithin`. */
  readonly bytes: number;
  readonly bytesWithin: number;
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ModelTransfer) => void) | undefined;
}

/** The world that a download acts on. */
export interface DownloadTools {
  readonly get: HttpGet;
  readonly files: DownloadFiles;
  readonly isAllowed: (url: string) => boolean;
  /** A connection that brings nothing for so long is given up, in milliseconds. */
  readonly stallMs: number;
  /** Pauses before each new attempt, in milliseconds; an attempt that brought bytes starts the row again. */
  readonly retryMs: readonly number[];
}

/** Times for a real network. */
export const DOWNLOAD_TIMES = { stallMs: 30_000, retryMs: [1000, 3000, 9000] } as const;

/** Attempts in all, also where each brings a few bytes. */
const MAX_ATTEMPTS = 50;
/** Disk space that is left to others. */
const SPARE_BYTES = 64 << 20;
/** Server answers that time may mend. */
const PASSING: readonly number[] = [408, 425, 429, 500, 502, 503, 504];

/** A failure after which another attempt may help. */
class Passing extends Error {
  constructor(readonly failure: SplatError) {
    super(failure.message);
  }
}

/**
 * Fetches a file: into FILE.part, continued where an earlier try ended (HTTP Range with If-Range, so never across two
 * versions of the file), checked against size and SHA-256, and only then put in its place. A cancelled or failed
 * download keeps its part.
 * @throws SplatError `network`, `io` (disk), `invalid-file` (not the expected file; its part is deleted), `cancelled`
 */
export async function download(wanted: Download, tools: DownloadTools, options: DownloadOptions = {}): Promise<void> {
  throwIfAborted(options.signal, `Downloading ${wanted.name}`);
  const part = await PartFile.open(wanted.file, wanted, tools.files);
  await fill(part, wanted, tools, options);
  await check(part, wanted, tools, options);
  await part.install();
}

/** Attempts until the part is complete. */
async function fill(part: PartFile, wanted: Download, tools: DownloadTools, options: DownloadOptions): Promise<void> {
  let idle = 0;
  let most = part.receivedBytes;
  for (let attempt = 1; !part.isComplete; attempt++) {
    try {
      await fetchRest(part, wanted, tools, options);
      return;
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      await part.reload();
      if (part.receivedBytes > most) idle = 0;
      most = Math.max(most, part.receivedBytes);
      const pauseMs = tools.retryMs[idle];
      if (pauseMs === undefined || attempt >= MAX_ATTEMPTS) throw error.failure;
      idle += 1;
      await pause(pauseMs, wanted, options.signal);
    }
  }
}

/** One request: fills the part, or throws `Passing` where another may go on. */
async function fetchRest(
  part: PartFile,
  wanted: Download,
  tools: DownloadTools,
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  const connection = new AbortController();
  const watch = new StallWatch(connection, tools.stallMs, signal);
  let hasAnswered = false;
  try {
    onProgress?.({ stage: 'Connecting', bytes: part.receivedBytes, totalBytes: part.totalBytes ?? wanted.bytes });
    const { etag } = part;
    const headers = {
      'Accept-Encoding': 'identity',
      ...(etag === undefined ? {} : { Range: `bytes=${part.receivedBytes}-`, 'If-Range': etag }),
    };
    const response = await watch.over(getFollowing(tools.get, wanted.url, headers, tools.isAllowed, connection.signal));
    const { writer, totalBytes } = await accept(response, part, wanted);
    hasAnswered = true;
    const limit = totalBytes ?? wanted.bytes + wanted.bytesWithin;
    try {
      const body = response.body[Symbol.asyncIterator]();
      for (let next = await watch.over(body.next()); next.done !== true; next = await watch.over(body.next())) {
        if (part.receivedBytes + next.value.length > limit)
          throw wrongLength(wanted, `sent more than ${formatBytes(limit)}`);
        await part.write(writer, next.value);
        onProgress?.({ stage: 'Downloading', bytes: part.receivedBytes, totalBytes: totalBytes ?? wanted.bytes });
      }
    } finally {
      await part.finish(writer);
    }
    if (part.receivedBytes < (totalBytes ?? wanted.bytes - wanted.bytesWithin))
      throw new Passing(endedEarly(part, wanted, totalBytes));
  } catch (error) {
    // The part of something else would only mislead the next try.
    if (error instanceof SplatError && error.code === 'invalid-file') await part.discard();
    if (signal?.aborted === true) throw cancelled(`Downloading ${wanted.name}`);
    if (watch.hasStalled) throw new Passing(stalled(wanted, tools));
    if (error instanceof SplatError || error instanceof Passing) throw error;
    throw new Passing(hasAnswered ? endedEarly(part, wanted, part.totalBytes) : connectionError(error, wanted.url));
  } finally {
    watch.stop();
    connection.abort();
  }
}

/** Judges the server's answer and opens the part for its body. */
async function accept(
  response: HttpResponse,
  part: PartFile,
  wanted: Download,
): Promise<{ writer: PartWriter; totalBytes: number | null }> {
  const host = hostOf(wanted.url);
  const { status } = response;
  if (PASSING.includes(status))
    throw new Passing(
      new SplatError(
        'network',
        `${host} can't serve the file just now (HTTP ${status}).`,
        'Start the download again later; what has arrived is kept.',
      ),
    );
  if (status === 404 || status === 410)
    throw new SplatError(
      'network',
      `${wanted.name} is no longer at its address on ${host} (HTTP ${status}).`,
      "See the authors' page, or update the app.",
    );
  if (status === 401 || status === 403)
    throw new SplatError('network', `${host} refuses to give the file out (HTTP ${status}).`, "See the authors' page.");
  const continues = status === 206 && part.etag !== undefined;
  if ((status === 206 || status === 416) && !(continues && startsAt(response, part))) {
    await part.discard();
    throw new Passing(new SplatError('network', `${host} could not continue the download.`, 'Start it again.'));
  }
  if (status !== 200 && status !== 206)
    throw new SplatError('network', `${host} answered in an unexpected way (HTTP ${status}).`, 'Try again later.');
  const encoding = response.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity')
    throw new SplatError(
      'network',
      `${host} sends the file compressed (${encoding}), which can't be checked.`,
      'Try again later.',
    );

  const announced = Number(response.header('content-length') ?? NaN);
  const totalBytes = continues ? part.totalBytes : Number.isSafeInteger(announced) ? announced : null;
  if (totalBytes !== null && Math.abs(totalBytes - wanted.bytes) > wanted.bytesWithin)
    throw wrongLength(wanted, `offers ${formatBytes(totalBytes)}`);
  const missing = (totalBytes ?? wanted.bytes) - (continues ? part.receivedBytes : 0);
  const free = await part.freeBytes();
  if (free < missing + SPARE_BYTES) {
    throw new SplatError(
      'io',
      `${wanted.name} needs ${formatBytes(missing)} more, and the disk has ${formatBytes(free)} left.`,
      'Free some space, then start the download again.',
    );
  }
  return { writer: continues ? await part.continue() : await part.begin(strongEtag(response), totalBytes), totalBytes };
}

/** Whether a 206 answer is exactly the rest that is missing. */
function startsAt(response: HttpResponse, part: PartFile): boolean {
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(response.header('content-range') ?? '') ?? [];
  const whole = part.totalBytes ?? Number(total);
  return Number(first) === part.receivedBytes && Number(total) === whole && Number(last) === whole - 1;
}

/** Weak validators don't promise equal bytes. */
function strongEtag(response: HttpResponse): string | null {
  const etag = response.header('etag');
  return etag === undefined || etag.startsWith('W/') ? null : etag;
}

async function check(
  part: PartFile,
  wanted: Download,
  tools: DownloadTools,
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  const totalBytes = part.receivedBytes;
  let bytes = 0;
  let found: string;
  try {
    found = await tools.files.sha256(
      part.path,
      (more) => {
        bytes += more;
        onProgress?.({ stage: 'Checking', bytes, totalBytes });
      },
      signal,
    );
  } catch (error) {
    throwIfAborted(signal, `Downloading ${wanted.name}`);
    throw new SplatError(
      'io',
      `What arrived of ${wanted.name} could not be read back from the disk.`,
      'Start the download again.',
      { cause: error },
    );
  }
  if (found === wanted.sha256) return;
  await part.discard();
  throw new SplatError(
    'invalid-file',
    `What ${hostOf(wanted.url)} sent is not the published ${wanted.name} (its SHA-256 checksum differs), ` +
      'so it was deleted.',
    'Try again later; if it stays so, the file was changed or the connection is not to be trusted.',
  );
}

function wrongLength(wanted: Download, what: string): SplatError {
  return new SplatError(
    'invalid-file',
    `${hostOf(wanted.url)} ${what} where ${wanted.name} has ${formatBytes(wanted.bytes)}: ` +
      'it is not the published file.',
    "See the authors' page, or update the app.",
  );
}

function endedEarly(part: PartFile, wanted: Download, totalBytes: number | null): SplatError {
  const [received, total] = [part.receivedBytes, totalBytes ?? wanted.bytes].map(formatBytes);
  return new SplatError(
    'network',
    `The connection to ${hostOf(wanted.url)} ended after ${received} of ${total}.`,
    'What arrived is kept: start the download again to go on.',
  );
}

function stalled(wanted: Download, { stallMs }: DownloadTools): SplatError {
  return new SplatError(
    'network',
    `${hostOf(wanted.url)} sent nothing for ${Math.max(1, Math.round(stallMs / 1000))} s.`,
    'What arrived is kept: start the download again to go on.',
  );
}

async function pause(milliseconds: number, wanted: Download, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
  throwIfAborted(signal, `Downloading ${wanted.name}`);
}
