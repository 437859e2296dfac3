import { mkdir, readFile, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { strFromU8, unzipSync } from 'fflate';
import { cropPly } from '../crop-ply.ts';
import {
  EXECUTABLE,
  ROOT,
  UNPACKED,
  allowDebugger,
  copyUnpacked,
  giveAway,
  makeHome,
  removeHome,
  runInstalled,
  startInstalled,
} from './installed-app.ts';
import type { InstalledApp } from './installed-app.ts';
import { answerOpen, answerSave, clickItem } from './main-process.ts';

test.skip(process.platform !== 'linux', 'What is built here is for Linux');

/** Fuses are characters in the executable. */
const [OFF, ON] = [...Buffer.from('01')];

let home = '';
let app = '';
test.beforeEach(async () => {
  home = await makeHome();
  app = await copyUnpacked(home);
});
test.afterEach(() => removeHome(home));

const message = (page: Page) => page.locator('#status .message');

/** Files appear whole, so there is no more to wait for. */
const isThere = (path: string): Promise<boolean> => stat(path).then(Boolean, () => false);

const start = (...args: string[]): Promise<InstalledApp> => startInstalled(home, join(app, EXECUTABLE), ...args);

/** Scenes of a few splats in a folder of the home. */
async function makeScenes(name: string, ...splats: number[]): Promise<string> {
  const sample = await readFile(join(ROOT, 'test/data/scenes/sample.ply'));
  const folder = join(home, name);
  await mkdir(folder);
  await giveAway(folder);
  for (const count of splats) await writeFile(join(folder, `${count}.ply`), cropPly(sample, count));
  return folder;
}

test('the packed app opens, refines, saves, runs a batch, quits, and starts again', async () => {
  test.setTimeout(600_000);
  await allowDebugger(app);
  const scenes = await makeScenes('scenes', 300, 301);
  const first = await start(join(scenes, '300.ply'));
  try {
    await expect(message(first.page)).toContainText('Opened 300.ply');
    await first.page.keyboard.press('r');
    await expect(message(first.page)).toContainText('Refined 300 splats');
    const saved = join(home, 'saved.spz');
    await answerSave(first.main, saved);
    await clickItem(first.main, 'file.saveAs');
    await first.page.locator('.save-format input[value="spz"]').check();
    await first.page.getByRole('button', { name: 'Choose Place…' }).click();
    await expect.poll(() => isThere(saved)).toBe(true);
    const told = await runInstalled(home, join(app, 'resources/bin/splatformer'), 'info', saved, '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({ format: 'spz', splats: 300 });

    await clickItem(first.main, 'refine.batch');
    await answerOpen(first.main, scenes);
    await first.page.getByRole('button', { name: 'Add folder…' }).click();
    await expect(first.page.locator('.batch-table tbody tr')).toHaveCount(2);
    await first.page.locator('.batch-controls').getByRole('button', { name: 'Start', exact: true }).click();
    await expect(first.page.locator('.batch-summary')).toContainText('2 done');
    expect((await readdir(join(scenes, 'refined'))).filter((name) => name.endsWith('.ply'))).toHaveLength(2);

    expect(await first.quit()).toBe(0);
  } finally {
    await first.close();
  }

  const again = await start();
  try {
    await expect(message(again.page)).toContainText('Opened sample.ply');
    const second = await runInstalled(
      home,
      join(app, EXECUTABLE),
      '--graphics=software',
      `--user-data-dir=${join(home, 'user-data')}`,
      join(scenes, '301.ply'),
    );
    expect(second.code).toBe(0);
    await expect(message(again.page)).toContainText('Opened 301.ply');
    expect(await again.main.run(({ BrowserWindow }) => BrowserWindow.getAllWindows().length, undefined)).toBe(1);
  } finally {
    await again.close();
  }
});

test('a page that crashes leaves a report, which Help > Report a Problem packs', async () => {
  await allowDebugger(app);
  const running = await start();
  try {
    await expect(message(running.page)).toContainText('Opened sample.ply');
    await running.main.run(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].webContents.forcefullyCrashRenderer(),
      undefined,
    );
    const reports = async (): Promise<string[]> =>
      (await readdir(join(home, 'user-data/Crashpad'), { recursive: true })).filter((name) => name.endsWith('.dmp'));
    await expect.poll(reports).toHaveLength(1);
    // The system may write its report before the app hears that its page is gone.
    const log = join(home, 'user-data/splatformer.log');
    await expect.poll(() => readFile(log, 'utf8')).toContain("The page's process ended");
    const zip = join(home, 'report.zip');
    await answerSave(running.main, zip);
    await running.main.run(({ shell }) => {
      shell.showItemInFolder = () => undefined;
    }, undefined);
    await clickItem(running.main, 'Report a Problem…');
    await expect.poll(() => isThere(zip)).toBe(true);
    const entries = unzipSync(await readFile(zip));
    expect(Object.keys(entries)).toEqual(expect.arrayContaining(['README.txt', 'diagnostics.txt', 'splatformer.log']));
    expect(Object.keys(entries).filter((name) => name.endsWith('.dmp'))).toHaveLength(1);
    expect(strFromU8(entries['diagnostics.txt'])).toContain('SplatFormer Desktop');
    expect(strFromU8(entries['splatformer.log'])).toContain("The page's process ended");
  } finally {
    await running.close();
  }
});

test('the shipped executable passes its self-test in its sandbox, and fails it where a part is missing', async () => {
  const selfTest = () =>
    runInstalled(home, join(app, EXECUTABLE), '--self-test', `--user-data-dir=${join(home, 'user-data')}`);
  const whole = await selfTest();
  expect(whole.stdout).toContain('adapter, compute, worker, write: ok');
  expect(whole.stdout).toContain('model: ok');
  expect(whole.stdout).toContain('graphics: ok');
  expect(whole.code).toBe(0);
  await rename(join(app, 'resources/app.asar.unpacked'), join(app, 'resources/gone'));
  const broken = await selfTest();
  expect(broken.code).toBe(1);
  expect(broken.stdout).not.toContain('model: ok');
});

test('the shipped executable passes its self-test in each mode of a machine without a card', async () => {
  const selfTest = (mode: string, ...environment: string[]) =>
    runInstalled(
      home,
      'env',
      ...environment,
      join(app, EXECUTABLE),
      '--self-test',
      `--graphics=${mode}`,
      `--user-data-dir=${join(home, `user-data-${mode}`)}`,
    );
  // Electron brings a driver of Vulkan that computes: it stands for that of a card.
  const driver = `VK_ICD_FILENAMES=${join(app, 'vk_swiftshader_icd.json')}`;
  for (const { code, stdout } of [await selfTest('software'), await selfTest('x11-vulkan', driver)]) {
    expect(stdout).toMatch(/adapter, compute, worker, write: ok\nmodel: ok\n(software|x11-vulkan) graphics: ok/);
    expect(code).toBe(0);
  }
});

test('the package holds what it must, sealed as it must be', async () => {
  const resources = join(app, 'resources');
  expect((await readdir(join(resources, 'models'))).sort()).toEqual(
    expect.arrayContaining(['catalogue.json', 'sample.ply', 'splatformer-desktop.json', 'splatformer-desktop.pth']),
  );
  expect(await readdir(join(resources, 'models/sample/images'))).toHaveLength(32);
  const native = join(resources, 'app.asar.unpacked/node_modules/onnxruntime-node/bin/napi-v6/linux', process.arch);
  expect(await readdir(native)).toContain('onnxruntime_binding.node');
  const bill = JSON.parse(await readFile(join(resources, 'licenses/sbom.cdx.json'), 'utf8')) as {
    components: { name: string }[];
  };
  const licences = await readFile(join(resources, 'licenses/THIRD-PARTY.txt'), 'utf8');
  for (const name of ['onnxruntime-node', 'onnxruntime-web', 'three', 'zod', '@playcanvas/splat-transform']) {
    expect(bill.components.map((component) => component.name)).toContain(name);
    expect(licences).toContain(`\n${name} `);
  }
  expect(await readdir(app)).toContain('LICENSES.chromium.html');
  const fuses = await getCurrentFuseWire(join(UNPACKED, EXECUTABLE));
  const { RunAsNode, EnableNodeOptionsEnvironmentVariable, EnableNodeCliInspectArguments } = FuseV1Options;
  const { GrantFileProtocolExtraPrivileges, OnlyLoadAppFromAsar, EnableCookieEncryption } = FuseV1Options;
  for (const off of [RunAsNode, EnableNodeOptionsEnvironmentVariable, EnableNodeCliInspectArguments])
    expect(fuses[off]).toBe(OFF);
  expect(fuses[GrantFileProtocolExtraPrivileges]).toBe(OFF);
  for (const on of [OnlyLoadAppFromAsar, EnableCookieEncryption]) expect(fuses[on]).toBe(ON);
  const command = await readFile(join(resources, 'bin/splatformer'), 'utf8');
  expect(command).not.toContain('no-sandbox');
});
