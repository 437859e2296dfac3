import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAllowedAddress } from '../../../../electron/models/catalogue.ts';
import { download } from '../../../../electron/models/download.ts';
import type { ModelTransfer } from '../../../../renderer/bridge/models.ts';
import type { Download, DownloadTools } from '../../../../electron/models/download.ts';
import { nodeDownloadFiles } from '../../../../electron/models/download-files.ts';
import type { HttpGet } from '../../../../electron/models/http.ts';
import { FileServer } from '../../../models/file-server.ts';

const BYTES = randomBytes(300_000);
const OTHER = randomBytes(300_000);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let server: FileServer;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'splatformer-download-'));
  file = join(folder, 'models/model.pth');
  server = await FileServer.start();
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Node's own fetch in the place of Electron's network. */
const nodeGet: HttpGet = async (url, headers, signal) => {
  const response = await fetch(url, { headers, signal, redirect: 'manual', credentials: 'omit' });
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: response.body ?? (async function* () {})(),
  };
};

const tools: DownloadTools = {
  get: nodeGet,
  files: nodeDownloadFiles,
  isAllowed: (url) => isAllowedAddress(url, true),
  stallMs: 400,
  retryMs: [10, 20],
};

function wanted(url: string, patch: Partial<Download> = {}): Download {
  return { name: 'Model', url, file, bytes: BYTES.length, bytesWithin: 0, sha256: sha256(BYTES), ...patch };
}

const installed = () => existsSync(file);
const partSize = () => statSync(`${file}.part`, { throwIfNoEntry: false })?.size;

/** Starts a download and cancels it once `bytes` have arrived. */
async function cancelAfter(bytes: number, what: Download): Promise<void> {
  const abort = new AbortController();
  const cancelledAt = download(what, tools, {
    signal: abort.signal,
    onProgress: (progress) => progress.bytes >= bytes && abort.abort(),
  });
  await expect(cancelledAt).rejects.toMatchObject({ code: 'cancelled', message: 'Downloading Model was cancelled.' });
}

describe('a good server', () => {
  test('the whole file, checked, and nothing else left', async () => {
    const seen: ModelTransfer[] = [];
    await download(wanted(server.serve('/m', { bytes: BYTES })), tools, {
      onProgress: (progress) => seen.push(progress),
    });
    expect(readFileSync(file).equals(BYTES)).toBe(true);
    expect(readdirSync(join(folder, 'models'))).toEqual(['model.pth']);
    expect(seen[0]).toEqual({ stage: 'Connecting', bytes: 0, totalBytes: BYTES.length });
    expect(seen.findLast(({ stage }) => stage === 'Downloading')?.bytes).toBe(BYTES.length);
    expect(seen.at(-1)).toEqual({ stage: 'Checking', bytes: BYTES.length, totalBytes: BYTES.length });
    expect(server.requests).toEqual([{ path: '/m', range: undefined, ifRange: undefined }]);
  });

  test('a size known only to the megabyte, and none announced', async () => {
    await download(
      wanted(server.serve('/m', { bytes: BYTES, announced: null }), { bytes: 301_000, bytesWithin: 5000 }),
      tools,
    );
    expect(readFileSync(file).equals(BYTES)).toBe(true);
  });

  test('a redirect', async () => {
    server.serve('/real', { bytes: BYTES });
    await download(wanted(server.serve('/m', { status: 302, location: '/real' })), tools);
    expect(readFileSync(file).equals(BYTES)).toBe(true);
  });

  test('a slow one, for as long as something comes', async () => {
    await download(wanted(server.serve('/m', { bytes: BYTES, slow: { bytes: 50_000, pauseMs: 150 } })), tools);
    expect(installed()).toBe(true);
  });
});

describe('cancel and resume', () => {
  test('goes on where it was, and only with the same file', async () => {
    const what = wanted(server.serve('/m', { bytes: BYTES, slow: { bytes: 30_000, pauseMs: 20 } }));
    await cancelAfter(100_000, what);
    expect(installed()).toBe(false);
    const kept = partSize() as number;
    expect(kept).toBeGreaterThanOrEqual(100_000);
    expect(kept).toBeLessThan(BYTES.length);
    await download(what, tools);
    expect(readFileSync(file).equals(BYTES)).toBe(true);
    expect(server.requests[1]).toEqual({ path: '/m', range: `bytes=${kept}-`, ifRange: expect.stringMatching(/^"/) });
  });

  test('a server without ranges sends it all again', async () => {
    const what = wanted(server.serve('/m', { bytes: BYTES, ranges: false, slow: { bytes: 30_000, pauseMs: 20 } }));
    await cancelAfter(100_000, what);
    await download(what, tools);
    expect(readFileSync(file).equals(BYTES)).toBe(true);
  });

  test('without an entity tag nothing is put together', async () => {
    const what = wanted(server.serve('/m', { bytes: BYTES, etag: null, slow: { bytes: 30_000, pauseMs: 20 } }));
    await cancelAfter(100_000, what);
    await download(what, tools);
    expect(server.requests[1]?.range).toBeUndefined();
    expect(readFileSync(file).equals(BYTES)).toBe(true);
  });

  test('a file that changed in between starts over', async () => {
    const what = wanted(
      server.serve('/m', (attempt) => ({ bytes: attempt === 0 ? OTHER : BYTES, slow: { bytes: 30_000, pauseMs: 20 } })),
    );
    await cancelAfter(100_000, what);
    await download(what, tools);
    expect(server.requests[1]?.range).toBeDefined();
    expect(readFileSync(file).equals(BYTES)).toBe(true);
  });

  test('a server that answers a range with another range starts over', async () => {
    const what = wanted(
      server.serve('/m', (attempt) =>
        attempt === 1 ? { status: 416 } : { bytes: BYTES, slow: { bytes: 30_000, pauseMs: 20 } },
      ),
    );
    await cancelAfter(100_000, what);
    await download(what, tools);
    expect(server.requests.map(({ range }) => range !== undefined)).toEqual([false, true, false]);
    expect(installed()).toBe(true);
  });

  test('a part of another address, or with a damaged note, counts for nothing', async () => {
    const what = wanted(server.serve('/m', { bytes: BYTES, slow: { bytes: 30_000, pauseMs: 20 } }));
    await cancelAfter(100_000, what);
    await download({ ...what, url: server.serve('/elsewhere', { bytes: BYTES }) }, tools);
    expect(server.requests[1]).toEqual({ path: '/elsewhere', range: undefined, ifRange: undefined });
    rmSync(file);
    await cancelAfter(100_000, what);
    writeFileSync(`${file}.part.json`, '{"url":');
    await download(what, tools);
    expect(server.requests[3]?.range).toBeUndefined();
  });

  test('cancelling before it starts sends nothing', async () => {
    await expect(
      download(wanted(server.serve('/m', { bytes: BYTES })), tools, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.requests).toEqual([]);
  });
});

describe('a bad server', () => {
  test('a body cut short is continued, and told where it stays so', async () => {
    await download(
      wanted(server.serve('/m', (attempt) => (attempt === 0 ? { bytes: BYTES, cutAfter: 120_000 } : { bytes: BYTES }))),
      tools,
    );
    expect(server.requests[1]?.range).toBe('bytes=120000-');
    expect(readFileSync(file).equals(BYTES)).toBe(true);

    rmSync(file);
    const url = server.serve('/cut', { bytes: BYTES, ranges: false, cutAfter: 120_000 });
    await expect(download(wanted(url), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/ended after 120 kB of 300 kB/),
    });
    expect(installed()).toBe(false);
    expect(partSize()).toBe(120_000);
  });

  test('bytes that differ are refused and deleted', async () => {
    const tampered = Buffer.from(BYTES);
    tampered[150_000] ^= 1;
    await expect(download(wanted(server.serve('/m', { bytes: tampered })), tools)).rejects.toMatchObject({
      code: 'invalid-file',
      message: expect.stringMatching(/not the published Model.*deleted/),
    });
    expect(readdirSync(join(folder, 'models'))).toEqual([]);
  });

  test('a wrong length is refused before a byte is taken', async () => {
    await expect(download(wanted(server.serve('/m', { bytes: BYTES.subarray(0, 1000) })), tools)).rejects.toMatchObject(
      { code: 'invalid-file', message: expect.stringMatching(/offers 1 kB where Model has 300 kB/) },
    );
    const unannounced = server.serve('/long', { bytes: Buffer.concat([BYTES, BYTES]), announced: null });
    await expect(download(wanted(unannounced), tools)).rejects.toMatchObject({
      code: 'invalid-file',
      message: expect.stringMatching(/sent more than 300 kB/),
    });
    expect(installed()).toBe(false);
    expect(partSize()).toBeUndefined();
  });

  test('404 and 403 are told at once, 500 after new tries', async () => {
    await expect(download(wanted(server.serve('/m', { status: 404 })), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/no longer at its address/),
    });
    await expect(download(wanted(server.serve('/m', { status: 403 })), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/refuses/),
    });
    expect(server.requests).toHaveLength(2);
    await expect(download(wanted(server.serve('/broken', { status: 500 })), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/HTTP 500/),
    });
    expect(server.requests).toHaveLength(5);
    await download(
      wanted(server.serve('/mended', (attempt) => (attempt < 2 ? { status: 503 } : { bytes: BYTES }))),
      tools,
    );
    expect(installed()).toBe(true);
  });

  test('one that falls silent is given up, before and within the body', async () => {
    await expect(
      download(wanted(server.serve('/m', { bytes: BYTES, stallAfter: 90_000 })), { ...tools, retryMs: [] }),
    ).rejects.toMatchObject({ code: 'network', message: expect.stringMatching(/sent nothing for 1 s/) });
    expect(partSize()).toBe(90_000);
    const deaf: HttpGet = () => new Promise(() => undefined);
    await expect(download(wanted(`${server.origin}/deaf`), { ...tools, get: deaf, retryMs: [] })).rejects.toMatchObject(
      { code: 'network' },
    );
  });

  test('redirects in a circle, to an unprotected place, and to nowhere', async () => {
    await expect(download(wanted(server.serve('/m', { status: 302, location: '/m' })), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/circle/),
    });
    for (const location of ['http://example.com/m', 'https://me:secret@example.com/m', 'file:///etc/passwd']) {
      await expect(download(wanted(server.serve('/m', { status: 301, location })), tools)).rejects.toMatchObject({
        code: 'network',
        message: expect.stringMatching(/not protected/),
      });
    }
    await expect(download(wanted(server.serve('/m', { status: 307 })), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/without saying where/),
    });
  });

  test('a compressed answer, which could not be measured', async () => {
    const zipped: HttpGet = async (url, headers, signal) => {
      const answer = await nodeGet(url, headers, signal);
      return { ...answer, header: (name) => (name === 'content-encoding' ? 'br' : answer.header(name)) };
    };
    await expect(
      download(wanted(server.serve('/m', { bytes: BYTES })), { ...tools, get: zipped }),
    ).rejects.toMatchObject({ code: 'network', message: expect.stringMatching(/compressed \(br\)/) });
  });
});

describe('no network, no disk', () => {
  test('a server that is not there', async () => {
    const url = `${server.origin}/m`;
    await server.stop();
    await expect(download(wanted(url), tools)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ refuses connections\.$/),
      advice: expect.stringMatching(/internet connection/),
    });
    server = await FileServer.start();
  });

  test('names that mean no network, as Chromium tells them', async () => {
    for (const [reason, sentence] of [
      ['net::ERR_INTERNET_DISCONNECTED', /can't be reached/],
      ['net::ERR_CERT_DATE_INVALID', /certificate/],
      ['net::ERR_TUNNEL_CONNECTION_FAILED', /proxy/],
      ['net::ERR_TIMED_OUT', /did not answer in time/],
      ['net::ERR_NETWORK_ACCESS_DENIED', /firewall/],
      ['net::ERR_SOMETHING_NEW', /^The connection to [^ ]+ failed\.$/],
    ] as const) {
      const get: HttpGet = () => Promise.reject(new Error(reason));
      await expect(download(wanted(`${server.origin}/m`), { ...tools, get })).rejects.toMatchObject({
        code: 'network',
        message: expect.stringMatching(sentence),
      });
    }
  });

  test('a disk that is too small is told before, one that fills up keeps what it has', async () => {
    const url = server.serve('/m', { bytes: BYTES, slow: { bytes: 50_000, pauseMs: 5 } });
    await expect(
      download(wanted(url), { ...tools, files: { ...nodeDownloadFiles, freeBytes: async () => 1000 } }),
    ).rejects.toMatchObject({ code: 'io', message: 'Model needs 300 kB more, and the disk has 1 kB left.' });
    expect(partSize()).toBeUndefined();

    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const filling: DownloadTools['files'] = {
      ...nodeDownloadFiles,
      openAt: async (path, length) => {
        const writer = await nodeDownloadFiles.openAt(path, length);
        let room = 150_000;
        return {
          ...writer,
          write: (bytes) => ((room -= bytes.length) < 0 ? Promise.reject(full) : writer.write(bytes)),
        };
      },
    };
    await expect(download(wanted(url), { ...tools, files: filling })).rejects.toMatchObject({
      code: 'io',
      message: 'model.pth could not be written: the disk is full.',
    });
    expect(partSize()).toBeGreaterThan(0);
    await download(wanted(url), tools);
    expect(readFileSync(file).equals(BYTES)).toBe(true);
  });

  test('a part that was complete when the app ended is only checked', async () => {
    const what = wanted(server.serve('/m', { bytes: BYTES }));
    const failing = { ...nodeDownloadFiles, sha256: () => Promise.reject(new Error('ended')) };
    await expect(download(what, { ...tools, files: failing })).rejects.toMatchObject({ code: 'io' });
    await download(what, tools);
    expect(server.requests).toHaveLength(1);
    expect(installed()).toBe(true);
  });
});
