import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ROOT, clickMenu, launch } from './app.ts';
import type { RunningApp } from './app.ts';
import { FileServer } from '../models/file-server.ts';

/** What Chromium's own record of the network holds; see chrome://net-export. */
interface NetLog {
  readonly constants: Readonly<Record<'logEventTypes' | 'logEventPhase', Readonly<Record<string, number>>>>;
  readonly events: readonly {
    readonly type: number;
    readonly phase: number;
    readonly params?: Readonly<Record<string, unknown>>;
  }[];
}

/** Starts the app, does `body` in it, ends it, and reads the record of all of its network use, whoever caused it. */
async function recorded(body: (running: RunningApp) => Promise<void>, ...args: string[]): Promise<NetLog> {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-network-'));
  try {
    const file = join(folder, 'net.json');
    const running = await launch(`--log-net-log=${file}`, ...args);
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
  // What begins names its address, and its end does not.
  const beginnings = events.filter(({ phase }) => phase !== constants.logEventPhase['PHASE_END']);
  return beginnings.flatMap(({ type, params }) => {
    const kind = kinds.get(type);
    const values = [params?.['url'], params?.['address'], params?.['address_list']];
    const what = values.find((value) => typeof value === 'string') ?? '';
    return kind === undefined || what.startsWith('app:') || (kind.endsWith('JOB') && what === '')
      ? []
      : [`${kind} ${what}`];
  });
}

/** What a page can ask of a browser without asking for anything. */
async function hint(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const rel of ['dns-prefetch', 'preconnect', 'prefetch']) {
      const element = document.createElement('link');
      Object.assign(element, { rel, href: `https://${rel}.example.com/secret` });
      document.head.append(element);
    }
  });
}

test('a start touches no network, and a page that is taken over gets nothing out', async () => {
  const asked = await recorded(async (running) => {
    await clickMenu(running, 'help.updates');
    await expect(running.page.locator('.updates')).toContainText('has no update feed');
  });
  expect(uses(asked)).toEqual([]);

  const log = await recorded(async ({ page }) => {
    await hint(page);
    await page.evaluate(async () => {
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

test('while a download runs, a page that is taken over asks for no name either', async () => {
  const server = await FileServer.start();
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-network-'));
  try {
    const bytes = Buffer.alloc(1 << 20);
    const url = server.serve('/slow.pth', { bytes, slow: { bytes: 1 << 12, pauseMs: 500 } });
    const catalogue = JSON.parse(await readFile(join(ROOT, 'models/catalogue.json'), 'utf8')) as { models: object[] };
    const source = { kind: 'download', url, bytes: bytes.length, bytesWithin: 0, sha256: '0'.repeat(64) };
    const common = { kind: 'splatformer', copies: 1, license: 'MIT', summary: 'For tests.', figures: [] };
    const file = join(folder, 'catalogue.json');
    await writeFile(
      file,
      JSON.stringify({ ...catalogue, models: [...catalogue.models, { ...common, id: 'slow', name: 'Slow', source }] }),
    );
    for (const ending of ['pth', 'json'])
      await cp(join(ROOT, `models/splatformer-desktop.${ending}`), join(folder, `splatformer-desktop.${ending}`));
    const log = await recorded(
      async (running) => {
        const { page } = running;
        await clickMenu(running, 'model.manage');
        await page.locator('[data-model="slow"]').click();
        await page.locator('.model-details').getByRole('button', { name: 'Download', exact: true }).click();
        // The server has answered, and its body takes minutes.
        await expect(page.locator('.model-details .transfer')).toContainText(' of ');
        await hint(page);
        await page.waitForTimeout(3000);
      },
      '--model-catalogue',
      file,
    );
    const others = uses(log).filter(
      (use) => !/ (http:..)?127\.0\.0\.1:/.test(use) && !/ (https:..)?127\.0\.0\.1:9\b/.test(use),
    );
    expect(uses(log).some((use) => use.includes(url))).toBe(true);
    expect(others).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await server.stop();
  }
});
