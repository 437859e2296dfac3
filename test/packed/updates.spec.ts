import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { dataPath } from '../test-data.ts';
import {
  EXECUTABLE,
  ROOT,
  allowDebugger,
  copyUnpacked,
  giveAway,
  makeHome,
  removeHome,
  startInstalled,
} from './installed-app.ts';
import type { InstalledApp } from './installed-app.ts';
import { clickItem } from './main-process.ts';
import { TRUST, UpdateServer } from './update-server.ts';
import type { Served } from './update-server.ts';

test.skip(process.platform !== 'linux' || process.arch !== 'x64', 'What is built here is for Linux');

const FEED = 'latest-linux.yml';
const FILE = 'splatformer-9.9.9-x64.AppImage';
/** Stands for the new AppImage: it notes that it was started, how, and with what. */
const NEW_APP = Buffer.from('#!/bin/sh\necho "${APPIMAGE_EXIT_AFTER_INSTALL:-start} $*" >> "$HOME/started"\n');
const OLD_APP = '#!/bin/sh\nexit 0\n';

let home = '';
let command = '';
let image = '';
let server: UpdateServer;
test.beforeEach(async () => {
  server = await UpdateServer.start();
  home = await makeHome();
  const app = await copyUnpacked(home);
  await allowDebugger(app);
  await writeFile(join(app, 'resources', 'update.json'), JSON.stringify(server.channel));
  await mkdir(join(home, 'bin'));
  await giveAway(join(home, 'bin'));
  image = join(home, 'bin', 'SplatFormer.AppImage');
  await writeFile(image, OLD_APP, { mode: 0o755 });
  await giveAway(image);
  command = join(home, 'start');
  await writeFile(command, `#!/bin/sh\nAPPIMAGE='${image}' exec '${join(app, EXECUTABLE)}' "$@"\n`, { mode: 0o755 });
});
test.afterEach(async () => {
  await removeHome(home);
  await server.stop();
});

async function start(): Promise<InstalledApp> {
  const running = await startInstalled(home, command, TRUST, dataPath('scenes/sample.ply'));
  await expect(running.page.locator('#status .message')).toContainText('Opened sample.ply');
  return running;
}

/** A feed as a release signs it, but for what is put in the place of its fields. */
function feedOf(patch: object = {}): Buffer {
  const sha512 = createHash('sha512').update(NEW_APP).digest('base64');
  const files = [{ url: FILE, sha512, size: NEW_APP.length }];
  const releaseDate = '2026-11-30T12:00:00.000Z';
  return Buffer.from(JSON.stringify({ feed: FEED, version: '9.9.9', releaseDate, files, ...patch }));
}

/** The release as it should be, but for what is put in the place of its files. */
function publish(patch: Readonly<Record<string, Served>> = {}, feed = feedOf()): void {
  const release = {
    [FEED]: { bytes: feed },
    [`${FEED}.sig`]: { bytes: server.sign(feed) },
    [FILE]: { bytes: NEW_APP },
  };
  server.publish({ ...release, ...patch });
}

const dialog = (page: Page) => page.locator('.updates');
const press = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();
const started = () => readFile(join(home, 'started'), 'utf8').catch(() => '');

test('a signed version is looked for only once a person says so, fetched, and put in place by quitting', async () => {
  test.setTimeout(240_000);
  publish();
  const { page, main, quit, close } = await start();
  try {
    await clickItem(main, 'help.updates');
    await expect(dialog(page)).toContainText('sees your network address');
    await page.screenshot({ path: join(ROOT, 'test-results/screenshots/updates-question.png') });
    expect(server.requests).toEqual([]);
    await press(page, 'Look Now');
    await expect(dialog(page)).toContainText('Version 9.9.9 of 30 November 2026');
    expect(server.paths).toEqual([FEED, `${FEED}.sig`]);
    await press(page, 'Download');
    await expect(dialog(page)).toContainText('makers of this build signed');
    await page.screenshot({ path: join(ROOT, 'test-results/screenshots/updates-ready.png') });
    expect(server.paths).toEqual([FEED, `${FEED}.sig`, FILE]);
    for (const { headers } of server.requests)
      expect(Object.keys(headers).filter((name) => /cookie|staging|auth|referer|etag/.test(name))).toEqual([]);
    expect(await readFile(image, 'utf8')).toBe(OLD_APP);
    expect(await quit()).toBe(0);
  } finally {
    await close();
  }
  expect(await readFile(image)).toEqual(NEW_APP);
  expect(await started()).toBe('true \n');
  const settings = JSON.parse(await readFile(join(home, 'user-data/settings.json'), 'utf8')) as object;
  expect(settings).toMatchObject({ updates: { atStart: false } });
});

test('every start looks where a person wants that, and Restart and Install starts the new version', async () => {
  test.setTimeout(240_000);
  publish();
  await mkdir(join(home, 'user-data'));
  await writeFile(join(home, 'user-data/settings.json'), JSON.stringify({ updates: { atStart: true } }));
  await giveAway(join(home, 'user-data'));
  await giveAway(join(home, 'user-data/settings.json'));
  const { page, main, close } = await start();
  try {
    await expect(page.locator('#banner')).toContainText('Version 9.9.9 of the app is there.');
    await clickItem(main, 'help.updates');
    await press(page, 'Download');
    await press(page, 'Restart and Install');
    await expect.poll(started).toBe('true \n');
    // Node waits with its end until the debugger is gone.
    main.close();
    // The one that is started again has the arguments of the first.
    await expect.poll(started, { timeout: 60_000 }).toMatch(/^true \nstart .*sample\.ply\n$/);
  } finally {
    await close();
  }
  expect(await readFile(image)).toEqual(NEW_APP);
});

test('a feed or a file that is not what the makers signed is refused by name, and changes nothing', async () => {
  test.setTimeout(240_000);
  const older = feedOf({ version: '0.0.9' });
  const windows = feedOf({ feed: 'latest.yml' });
  const noImage = feedOf({ files: [{ url: 'a.exe', sha512: `${'A'.repeat(86)}==`, size: 9 }] });
  const elsewhere = { status: 302, location: 'http://127.0.0.1:9/' };
  const feeds: readonly (readonly [string, Readonly<Record<string, Served>>, Buffer?])[] = [
    ['is not signed.', { [`${FEED}.sig`]: { status: 404 } }],
    ['is not signed by the makers', { [`${FEED}.sig`]: { bytes: server.sign(feedOf(), 'stranger') } }],
    ['or was changed since', { [FEED]: { bytes: feedOf({ version: '9.9.10' }) } }],
    ['is older than this one', {}, older],
    ['was signed as latest.yml', {}, windows],
    ['names no file of the kind', {}, noImage],
    ['sent more than', { [FEED]: { bytes: Buffer.alloc(200_000, 32) } }],
    ['not protected', { [FEED]: elsewhere }],
    ['has no update feed', { [FEED]: { status: 404 } }],
  ];
  const other = Buffer.from(NEW_APP);
  other[other.length - 2] ^= 1;
  const files: readonly (readonly [string, Served])[] = [
    ['its SHA-512 differs', { bytes: other }],
    ['is not of the size', { bytes: Buffer.concat([NEW_APP, other]) }],
    ['not protected', elsewhere],
    ['answered with an error (503)', { status: 503 }],
  ];
  const { page, main, quit, close } = await start();
  try {
    await clickItem(main, 'help.updates');
    let button = 'Look Now';
    for (const [words, patch, feed] of feeds) {
      publish(patch, feed);
      await press(page, button);
      await expect(dialog(page).locator('.error-text')).toContainText(words);
      button = 'Try Again';
    }
    await page.screenshot({ path: join(ROOT, 'test-results/screenshots/updates-refused.png') });
    for (const [words, served] of files) {
      publish({ [FILE]: served });
      await press(page, 'Try Again');
      await press(page, 'Download');
      await expect(dialog(page).locator('.error-text')).toContainText(words);
    }
    publish({ [FILE]: { bytes: NEW_APP, halts: true } });
    await press(page, 'Try Again');
    await press(page, 'Download');
    await press(page, 'Cancel');
    await expect(dialog(page)).toContainText('Version 9.9.9 of 30 November 2026');
    expect(await quit()).toBe(0);
  } finally {
    await close();
  }
  expect(await readFile(image, 'utf8')).toBe(OLD_APP);
  expect(await started()).toBe('');
});
