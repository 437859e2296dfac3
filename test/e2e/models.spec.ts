import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { userDataFolder } from '../../electron/models/user-data.ts';
import { FileServer } from '../models/file-server.ts';
import { TINY_ANCHOR_SIDECAR, tinyAnchor } from '../models/tiny-anchor.ts';
import { writeCheckpoint } from '../models/write-checkpoint.ts';
import { ROOT, SCREENSHOTS, answerOpenDialog, saveSceneAs, clickMenu, launchWith } from './app.ts';
import type { RunningApp } from './app.ts';

const COPIES = 20;
const CHECKPOINT = writeCheckpoint(tinyAnchor(COPIES));
const SHA256 = createHash('sha256').update(CHECKPOINT).digest('hex');

let scratch: string;
let server: FileServer;
test.beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'splatformer-models-'));
  server = await FileServer.start();
});
test.afterEach(async () => {
  await server.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** A catalogue of one good model and of bad ones, all on the local server. Returns its path. */
async function writeCatalogue(): Promise<string> {
  const tampered = Uint8Array.from(CHECKPOINT);
  tampered[CHECKPOINT.length >> 1] ^= 1;
  const offer = (id: string, name: string, url: string) => ({
    ...{
      id,
      name,
      kind: 'anchorsplat',
      copies: COPIES,
      license: 'MIT',
      summary: 'A model for tests.',
      figures: [{ label: 'PSNR', value: '31.03 → 36.57 dB' }],
      sidecar: 'tiny.json',
    },
    source: { kind: 'download', url, bytes: CHECKPOINT.length, bytesWithin: 0, sha256: SHA256 },
  });
  const slow = { bytes: 1 << 16, pauseMs: 250 };
  const models = [
    {
      id: 'shipped',
      name: 'Shipped',
      kind: 'splatformer',
      copies: 1,
      license: 'MIT',
      summary: 'Comes with the app.',
      figures: [],
      source: { kind: 'shipped', file: 'splatformer-desktop.pth' },
    },
    offer('tiny-20x', 'Tiny 20×', server.serve('/moved', { status: 302, location: '/tiny.pth' })),
    offer('tampered', 'Tampered', server.serve('/tampered.pth', { bytes: tampered })),
    offer('truncated', 'Truncated', server.serve('/truncated.pth', { bytes: CHECKPOINT.subarray(0, 100_000) })),
    offer('cut', 'Cut', server.serve('/cut.pth', { bytes: CHECKPOINT, ranges: false, cutAfter: 120_000 })),
    offer('gone', 'Gone', `${server.origin}/gone.pth`),
    {
      id: 'paper',
      name: 'Paper',
      kind: 'splatformer',
      copies: 1,
      license: 'none stated',
      summary: 'On a page.',
      figures: [],
      source: { kind: 'page', url: 'https://example.com/paper' },
    },
  ];
  server.serve('/tiny.pth', { bytes: CHECKPOINT, slow });
  for (const ending of ['pth', 'json'])
    await cp(join(ROOT, `models/splatformer-desktop.${ending}`), join(scratch, `splatformer-desktop.${ending}`));
  await writeFile(join(scratch, 'tiny.json'), JSON.stringify(TINY_ANCHOR_SIDECAR));
  const file = join(scratch, 'catalogue.json');
  await writeFile(file, JSON.stringify({ version: 1, models }));
  return file;
}

const details = (page: Page): Locator => page.locator('.model-details');
const item = (page: Page, id: string): Locator => page.locator(`[data-model="${id}"]`);
const action = (page: Page, name: string): Locator => details(page).getByRole('button', { name, exact: true });
const message = (page: Page): Locator => page.locator('#status .message');

async function openModels(running: RunningApp): Promise<void> {
  await clickMenu(running, 'model.manage');
  await expect(details(running.page)).toBeVisible();
}

async function closeModels({ page }: RunningApp): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(details(page)).toBeHidden();
}

test('nothing is sent before the click; bad files are refused, a good one is fetched, used and removed', async () => {
  const userData = join(scratch, 'user-data');
  const installed = join(userData, 'models');
  const running = await launchWith({ userData }, `--model-catalogue=${await writeCatalogue()}`);
  const { app, page } = running;
  try {
    await app.evaluate(({ session }) => {
      const seen: string[] = [];
      Object.assign(globalThis, { seenRequests: seen });
      session.defaultSession.webRequest.onSendHeaders(({ url }) => void seen.push(url));
    });
    await expect(message(page)).toContainText('Opened sample.ply');
    await openModels(running);
    await expect(page.locator('.model-list button')).toHaveCount(7);
    await expect(item(page, 'shipped')).toContainText('In use');
    await item(page, 'tiny-20x').click();
    await expect(details(page)).toContainText('20 splats of each one');
    await expect(details(page)).toContainText('MIT licence');
    await expect(details(page)).toContainText(new URL(server.origin).host);
    await page.screenshot({ path: join(SCREENSHOTS, 'models-available.png') });

    // Neither the page nor main's own session reaches the server, whatever asks.
    const fromMain = await app.evaluate(
      ({ net }, url) =>
        net.fetch(url).then(
          () => 'reached',
          (error: unknown) => String(error),
        ),
      `${server.origin}/tiny.pth`,
    );
    expect(fromMain).toContain('ERR_BLOCKED_BY_CLIENT');
    const fromPage = await page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'reached',
          () => 'blocked',
        ),
      `${server.origin}/tiny.pth`,
    );
    expect(fromPage).toBe('blocked');
    expect(server.requests).toEqual([]);
    const sent = await app.evaluate(() => (globalThis as unknown as { seenRequests: string[] }).seenRequests);
    expect(sent.filter((url) => !/^(app|blob|data|devtools):/.test(url))).toEqual([]);

    await item(page, 'tampered').click();
    await action(page, 'Download').click();
    await expect(details(page)).toContainText(
      'is not the published Tampered (its SHA-256 checksum differs), so it was deleted',
    );
    await page.screenshot({ path: join(SCREENSHOTS, 'models-tampered.png') });
    await item(page, 'truncated').click();
    await action(page, 'Download').click();
    await expect(details(page)).toContainText('it is not the published file');
    await item(page, 'gone').click();
    await action(page, 'Download').click();
    await expect(details(page)).toContainText('no longer at its address');
    expect((await readdir(installed)).filter((name) => !name.endsWith('.json'))).toEqual([]);
    await item(page, 'cut').click();
    await action(page, 'Download').click();
    await expect(details(page)).toContainText('ended after 120 kB');
    await action(page, 'Discard').click();
    await expect(action(page, 'Download')).toBeVisible();
    expect((await readdir(installed)).filter((name) => name.startsWith('cut.'))).toEqual([]);

    await item(page, 'tiny-20x').click();
    await action(page, 'Download').click();
    await expect(details(page).locator('.transfer .hint')).toHaveText(/^[\d.]+ [kM]B of/);
    await page.screenshot({ path: join(SCREENSHOTS, 'models-downloading.png') });
    await action(page, 'Cancel').click();
    await expect(item(page, 'tiny-20x')).toContainText('Paused at');
    await page.screenshot({ path: join(SCREENSHOTS, 'models-paused.png') });
    expect(await readdir(installed)).toEqual(expect.arrayContaining(['tiny-20x.pth.part', 'tiny-20x.pth.part.json']));
    await action(page, 'Resume').click();
    await expect(item(page, 'tiny-20x')).toContainText('Installed');
    expect(
      server.requests
        .filter(({ path }) => path === '/tiny.pth')
        .map(({ range }) => range?.startsWith('bytes=') ?? false),
    ).toEqual([false, true]);
    expect((await readFile(join(installed, 'tiny-20x.pth'))).equals(CHECKPOINT)).toBe(true);
    expect((await readdir(installed)).filter((name) => name.startsWith('tiny-20x')).sort()).toEqual([
      'tiny-20x.json',
      'tiny-20x.pth',
    ]);

    await action(page, 'Use for Refine').click();
    await expect(item(page, 'tiny-20x')).toContainText('In use');
    await page.screenshot({ path: join(SCREENSHOTS, 'models-in-use.png') });
    await closeModels(running);

    await page.keyboard.press('r');
    const question = page.locator('.growth');
    const answer = (name: string): Locator =>
      page.locator('wa-dialog').filter({ has: question }).getByRole('button', { name });
    await expect(question).toContainText('4,007 → 80,140');
    await expect(question).toContainText('19.9 MB');
    await page.screenshot({ path: join(SCREENSHOTS, 'models-growth.png') });
    await answer('Cancel').click();
    await expect(question).toHaveCount(0);
    await expect(page.locator('#status .splats')).toContainText('4,007 splats');
    await page.keyboard.press('r');
    await answer('Refine').click();
    await expect(message(page)).toContainText('Refined 4,007 splats');
    await expect(page.locator('#status .splats')).toContainText('80,140 splats');
    const saved = join(scratch, 'large.ply');
    await saveSceneAs(running, saved);
    await expect(message(page)).toContainText('Saved large.ply');
    const header = (await readFile(saved)).subarray(0, 200).toString('latin1');
    expect(header).toContain('element vertex 80140');

    await openModels(running);
    await action(page, 'Remove…').click();
    const removal = page.locator('wa-dialog').filter({ hasText: 'Its file is deleted and 1.97 MB become free' });
    await removal.getByRole('button', { name: 'Remove', exact: true }).last().click();
    await expect(item(page, 'tiny-20x')).toContainText('Not installed');
    await expect(item(page, 'shipped')).toContainText('In use');
    expect((await readdir(installed)).filter((name) => name.startsWith('tiny-20x'))).toEqual([]);

    // The page of a model is opened in the person's browser, at the catalogue's address.
    await app.evaluate(({ shell }) => {
      shell.openExternal = (url) => Promise.resolve(void Object.assign(globalThis, { openedPage: url }));
    });
    await item(page, 'paper').click();
    await page.screenshot({ path: join(SCREENSHOTS, 'models-page.png') });
    await action(page, "Open the authors' page").click();
    await expect
      .poll(() => app.evaluate(() => (globalThis as unknown as { openedPage?: string }).openedPage))
      .toBe('https://example.com/paper');
  } finally {
    await running.close();
  }
});

test("a checkpoint of one's own is looked into, kept over starts, missed when it is gone, and let go", async () => {
  const userData = join(scratch, 'user-data');
  const own = join(scratch, 'mine.pth');
  await writeFile(own, CHECKPOINT);
  await writeFile(join(scratch, 'mine.json'), JSON.stringify({ ...TINY_ANCHOR_SIDECAR, name: 'Mine' }));
  const broken = join(scratch, 'broken.pth');
  await writeFile(broken, CHECKPOINT.subarray(0, 50_000));

  let running = await launchWith({ userData });
  try {
    const { page } = running;
    await expect(message(page)).toContainText('Opened sample.ply');
    expect(await running.app.evaluate(({ app }) => `${app.getPath('appData')}/${app.getName()}`)).toBe(
      userDataFolder(process.platform, process.env, homedir()),
    );
    await openModels(running);
    await expect(page.locator('.model-list')).toContainText('AnchorSplat 20×');
    await page.screenshot({ path: join(SCREENSHOTS, 'models.png') });
    await answerOpenDialog(running, broken);
    // What the file describes is nobody's business but a worker's, which may be ended.
    const reader = page.waitForEvent('worker', (worker) => worker.url().includes('scene-worker'));
    await page.locator('.model-side').getByRole('button', { name: 'Add checkpoint…' }).click();
    await reader;
    await expect(page.locator('.model-side')).toContainText(
      "broken.pth was not added. The checkpoint can't be read: it is cut short",
    );
    await page.screenshot({ path: join(SCREENSHOTS, 'models-broken.png') });
    await answerOpenDialog(running, own);
    await page.locator('.model-side').getByRole('button', { name: 'Add checkpoint…' }).click();
    await expect(page.locator('.model-list [aria-current="true"]')).toContainText('Mine');
    await expect(page.locator('.model-side .error-text')).toBeHidden();
    await expect(details(page)).toContainText('mine.pth');
    // The list is walked with the arrow keys.
    await page.locator('.model-list [aria-current="true"]').focus();
    await page.keyboard.press('Home');
    await expect(details(page).locator('h3')).toHaveText('SplatFormer Desktop');
    await closeModels(running);
  } finally {
    await running.close();
  }

  running = await launchWith({ userData });
  try {
    await expect(message(running.page)).toContainText('Opened sample.ply');
    await openModels(running);
    await expect(running.page.locator('.model-list [aria-current="true"]')).toContainText('Mine');
    await expect(running.page.locator('.model-list [aria-current="true"]')).toContainText('In use');
  } finally {
    await running.close();
  }

  await rm(own);
  running = await launchWith({ userData });
  try {
    const { page } = running;
    await expect(message(page)).toContainText('mine.pth is no longer where it was');
    await openModels(running);
    await expect(item(page, 'splatformer-desktop')).toContainText('In use');
    await page.locator('.model-list button', { hasText: 'Mine' }).click();
    await expect(page.locator('.model-list [aria-current="true"]')).toContainText('File missing');
    await page.screenshot({ path: join(SCREENSHOTS, 'models-missing.png') });
    await action(page, 'Remove from the list').click();
    await expect(page.locator('.model-list')).not.toContainText('Mine');
    const settings = JSON.parse(await readFile(join(userData, 'settings.json'), 'utf8')) as {
      models: { own: unknown[]; chosen?: string };
    };
    expect(settings.models.own).toEqual([]);
    expect(settings.models.chosen).toBeUndefined();
  } finally {
    await running.close();
  }
});

test('WASM refines where the native process is missing', async () => {
  // The app as built, without the script of its inference process.
  const appFolder = join(scratch, 'app');
  await mkdir(join(appFolder, 'dist/electron'), { recursive: true });
  for (const name of ['package.json', 'node_modules', 'models', 'dist/page', 'dist/preload'])
    await symlink(join(ROOT, name), join(appFolder, name));
  for (const name of await readdir(join(ROOT, 'dist/electron'))) {
    if (!name.startsWith('inference-process'))
      await cp(join(ROOT, 'dist/electron', name), join(appFolder, 'dist/electron', name), { recursive: true });
  }
  const running = await launchWith({ appFolder });
  try {
    await expect(message(running.page)).toContainText('Opened sample.ply');
    await running.page.keyboard.press('r');
    await expect(message(running.page)).toContainText('Refined 4,007 splats');
    await expect(message(running.page)).toContainText('(WASM)');
  } finally {
    await running.close();
  }
});

test('another catalogue is refused where the user-data folder is the real one', async () => {
  const [executable, ...switches] = JSON.parse(process.env['SPLATFORMER_ELECTRON'] ?? '[]') as [string, ...string[]];
  const catalogue = await writeCatalogue();
  const { status, stderr } = spawnSync(executable, [...switches, ROOT, `--model-catalogue=${catalogue}`], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, XDG_CONFIG_HOME: scratch },
  });
  expect(stderr).toContain('--model-catalogue is for tests and needs --user-data-dir beside it.');
  expect(status).toBe(1);
});
