import { mkdirSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';

/** The script runs before there are packages, so it is plain JavaScript, without types. */
const script = pathToFileURL(join(import.meta.dirname, '../../../../scripts/setup/display-clients.mjs')).href;
const { hasClients, whenUnused } = (await import(/* @vite-ignore */ script)) as {
  hasClients: (display: string) => boolean;
  whenUnused: (display: string) => Promise<void>;
};

// Displays of people and of other tests have small numbers; the process's own keeps runs apart.
const DISPLAY = `:${100_000 + process.pid}`;
let server: Server | undefined;

afterEach(() => new Promise((closed) => (server === undefined ? closed(undefined) : server.close(closed))));

async function program(): Promise<Socket> {
  mkdirSync('/tmp/.X11-unix', { recursive: true, mode: 0o1777 });
  const path = `/tmp/.X11-unix/X${DISPLAY.slice(1)}`;
  const accepted = new Promise<Socket>((resolve) => (server = createServer(resolve).listen(path)));
  const client = connect(path);
  await accepted;
  return client;
}

test.runIf(process.platform === 'linux')(
  'a display is unused once the last program on it is gone (needs Linux: reads /proc)',
  async () => {
    expect(hasClients(DISPLAY)).toBe(false);
    await whenUnused(DISPLAY);
    const client = await program();
    expect(hasClients(DISPLAY)).toBe(true);
    let isUnused = false;
    const unused = whenUnused(DISPLAY).then(() => (isUnused = true));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(isUnused).toBe(false);
    client.destroy();
    await unused;
    expect(hasClients(DISPLAY)).toBe(false);
  },
);
