import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { clickMenu, launch } from './app.ts';
import type { RunningApp } from './app.ts';

/** What Chromium's own record of the network holds; see chrome://net-export. */
interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: Readonly<Record<string, unknown>> }[];
}

/** Starts the app, does `body` in it, ends it, and reads the record of all of its network use, whoever caused it. */
async function recorded(body: (running: RunningApp) => Promise<void>): Promise<NetLog> {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-network-'));
  try {
    const file = join(folder, 'net.json');
    const running = await launch(`--log-net-log=${file}`);
    try {
      await expect(running.page.locator('#status .message')).toContainText('Opened sample.ply');
      await body(running);
    } finally {
      await running.close();
    }
    return JSON.parse(await readFile(file, 'utf8')) as NetLog;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whatever leaves Chromium: connections, packets, and names that the system was asked for; also what was asked for. */
const KINDS = ['URL_REQUEST_START_JOB', 'HOST_RESOLVER_SYSTEM_TASK', 'TCP_CONNECT_ATTEMPT', 'UDP_BYTES_SENT'] as const;

/** What was asked for or left, in words. A name that is only asked of a server that nobody runs leaves nothing. */
function uses({ constants, events }: NetLog): string[] {
  const kinds = new Map(KINDS.map((kind) => [constants.logEventTypes[kind], kind]));
  expect([...kinds.keys()]).not.toContain(undefined);
  return events.flatMap(({ type, params }) => {
    const kind = kinds.get(type);
    const values = [params?.['url'], params?.['address'], params?.['address_list']];
    const what = values.find((value) => typeof value === 'string') ?? '';
    return kind === undefined || what.startsWith('app:') || (kind.endsWith('JOB') && what === '')
      ? []
      : [`${kind} ${what}`];
  });
}

test('a start touches no network, and a page that is taken over gets nothing out', async () => {
  const asked = await recorded(async (running) => {
    await clickMenu(running, 'help.updates');
    await expect(running.page.locator('.updates')).toContainText('has no update feed');
  });
  expect(uses(asked)).toEqual([]);

  const log = await recorded(async ({ page }) => {
    await page.evaluate(async () => {
      for (const rel of ['dns-prefetch', 'preconnect', 'prefetch']) {
        const hint = document.createElement('link');
        Object.assign(hint, { rel, href: `https://${rel}.example.com/secret` });
        document.head.append(hint);
      }
      const connection = new RTCPeerConnection({
        iceServers: [{ urls: 'stun:203.0.113.7:3478' }, { urls: 'stun:stun.example.com:3478' }],
      });
      connection.createDataChannel('secret');
      await connection.setLocalDescription(await connection.createOffer());
      await fetch('https://fetch.example.com/').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 3000));
    });
  });
  // The one address is of a port of this machine where nobody listens.
  expect(uses(log).filter((use) => !/ (https:..)?127\.0\.0\.1:9\b/.test(use))).toEqual([]);
});
