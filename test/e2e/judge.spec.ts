import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { finiteMean, psnr } from '../../renderer/core/metrics.ts';
import type { SplatScene } from '../../renderer/core/splat-scene.ts';
import { renderReference } from '../../renderer/core/reference-render.ts';
import { openFileSource } from '../../renderer/io/node-source.ts';
import { readScene } from '../../renderer/io/read-scene.ts';
import { readInriaCameras } from '../../renderer/judge/read-inria-cameras.ts';
import { viewFrom } from '../../renderer/refine/captured-views.ts';
import { cropPly } from '../crop-ply.ts';
import { encodedBytes } from '../encoded-bytes.ts';
import type { ScanView } from '../scan.ts';
import { readScan, writeCapture } from '../scan.ts';
import { madeScene, onSphere } from '../unit/refine/made-scenes.ts';
import { dataPath } from '../test-data.ts';
import { answerOpenDialog, answerSaveDialog, clickMenu, launch, ROOT, SCREENSHOTS } from './app.ts';
import type { RunningApp } from './app.ts';

const SCAN = dataPath('scan');
const SCENE = join(SCAN, 'scene.ply');

let folder = '';
let running: RunningApp;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'splatformer-judge-'));
  await mkdir(SCREENSHOTS, { recursive: true });
});
test.afterEach(async () => {
  await running.close();
  await rm(folder, { recursive: true });
});

const message = (page: Page) => page.locator('#status .message');
const filmstrip = (page: Page) => page.getByRole('listbox', { name: 'Cameras of the capture' });
const bar = (page: Page) => page.getByRole('group', { name: 'Photo', exact: true });
const gauge = (page: Page) => page.locator('.gauge');
const shot = (page: Page, name: string) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });

/** Starts the app with the scan's scene and opens its cameras by the menu. */
async function openCapture(cameras: string): Promise<Page> {
  running = await launch(SCENE);
  const { page } = running;
  await expect(message(page)).toContainText('Opened scene.ply');
  await answerOpenDialog(running, cameras);
  await clickMenu(running, 'judge.openCameras');
  return page;
}

/** The screen's pixels within an element, as RGBA bytes. */
async function pixelsOf(page: Page, selector: string): Promise<{ width: number; height: number; data: Uint8Array }> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not shown.`);
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip: box }));
  return { width, height, data };
}

/** `picture` moved to the right by some pixels. */
function moved<T extends { width: number; height: number; data: Uint8Array }>(picture: T, by: number): T {
  const data = new Uint8Array(picture.data.length);
  for (let row = 0; row < picture.height; row++) {
    const start = row * picture.width * 4;
    data.set(picture.data.subarray(start, start + (picture.width - by) * 4), start + by * 4);
  }
  return { ...picture, data };
}

test('cameras beside a scene are offered, and opened by a click', async () => {
  await writeCapture(folder, readScan(SCAN));
  const scene = join(folder, 'point_cloud', 'iteration_7', 'point_cloud.ply');
  await mkdir(dirname(scene), { recursive: true });
  await copyFile(SCENE, scene);
  running = await launch(scene);
  const { page } = running;
  await expect(message(page)).toContainText('Opened point_cloud.ply');
  const offer = page.getByRole('button', { name: 'Open cameras', exact: true });
  await expect(offer).toHaveAttribute('title', /^cameras\.json lies beside the scene/);
  await shot(page, 'judge-offer');
  await offer.click();
  await expect(message(page)).toContainText('Read 15 cameras from cameras.json.');
  await expect(page.locator('#dock')).toContainText('all photos found.');
  await expect(offer).toBeHidden();
  // They stay at hand.
  await clickMenu(running, 'judge.closeCameras');
  await expect(offer).toBeVisible();
});

test('cameras and photos are shown, flown into and left; the gauge tells how far they are', async () => {
  const { cameras } = await writeCapture(folder, readScan(SCAN));
  running = await launch(SCENE);
  const { page } = running;
  await expect(message(page)).toContainText('Opened scene.ply');
  await expect(gauge(page)).toContainText('Likely seen');
  await clickMenu(running, 'view.elevation80');
  await expect(gauge(page)).toContainText('Likely far from the capture · 60°');

  await answerOpenDialog(running, cameras);
  await clickMenu(running, 'judge.openCameras');
  await expect(message(page)).toContainText('Read 15 cameras from cameras.json.');
  // The file says nothing of up; the splats told of +Z before, as the photos do now, so the view did not turn.
  await expect(filmstrip(page).getByRole('option').first()).toHaveText(/view_005°$/);
  await expect(page.locator('#dock')).toContainText('15 cameras from cameras.json (INRIA); all photos found.');
  await expect(filmstrip(page).getByRole('option')).toHaveCount(15);
  await expect(filmstrip(page).locator('canvas').first()).toBeVisible();
  await expect(gauge(page)).toContainText(/Seen by the capture|Beside the capture/);
  await shot(page, 'judge-cameras');
  await clickMenu(running, 'view.elevation45');
  await expect(gauge(page)).toHaveAttribute('data-level', /edge|outside/);

  // A thumbnail flies into its camera; photo and picture line up there.
  await filmstrip(page).getByRole('option').nth(1).click();
  await expect(bar(page)).toContainText('view_01');
  await expect(page.locator('.photo-frame')).toBeVisible();
  await expect(gauge(page)).toContainText('Seen by the capture · 0°');
  const elevation = await filmstrip(page).getByRole('option').nth(1).locator('.facts').innerText();
  await expect(page.locator('#status .elevation')).toHaveText(`Elevation ${elevation}`);
  // The first steps would lie over the photo's bar.
  await expect(page.locator('.first-run')).toBeHidden();
  await shot(page, 'judge-photo');
  const line = page.getByRole('separator', { name: 'Line between photo and scene' });
  await line.focus();
  await page.keyboard.press('End');
  const overlaid = page.locator('.photo-frame > :not(canvas)');
  const showOverlaid = (isShown: boolean): Promise<void> =>
    overlaid.evaluateAll(
      (elements, visibility) => {
        for (const element of elements) (element as HTMLElement).style.visibility = visibility;
      },
      isShown ? '' : 'hidden',
    );
  await showOverlaid(false);
  const photo = await pixelsOf(page, '.photo-frame');
  await showOverlaid(true);
  await line.focus();
  await page.keyboard.press('Home');
  await showOverlaid(false);
  // Slow adapters draw fewer pixels until the view has come to rest.
  await expect.poll(async () => psnr(await pixelsOf(page, '.photo-frame'), photo)).toBeGreaterThan(22);
  const drawn = await pixelsOf(page, '.photo-frame');
  expect(psnr(drawn, photo)).toBeGreaterThan(psnr(moved(drawn, 8), photo) + 1);
  await showOverlaid(true);
  await line.dblclick({ force: true });
  await expect(line).toHaveAttribute('aria-valuenow', '50');

  // Keys go through the photos; moving the camera leaves them.
  await page.locator('#viewport').focus();
  await page.keyboard.press('.');
  await expect(bar(page)).toContainText('view_02');
  await page.keyboard.press(',');
  await page.keyboard.press(',');
  await expect(bar(page)).toContainText('view_00');
  await expect(filmstrip(page).getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowLeft');
  await expect(bar(page)).toBeHidden();
  await expect(page.locator('.photo-frame')).toBeHidden();

  // A frustum in the scene is found by the pointer and flown into by a click.
  await clickMenu(running, 'view.frame');
  const canvas = page.locator('#viewport');
  const box = (await canvas.boundingBox()) as { x: number; y: number; width: number; height: number };
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let notch = 0; notch < 9; notch++) await page.mouse.wheel(0, 400);
  await expect.poll(() => findPointer(page, box), { timeout: 60_000 }).toBe(true);
  await shot(page, 'judge-frusta');
  await page.mouse.down();
  await page.mouse.up();
  await expect(bar(page)).toBeVisible();

  await clickMenu(running, 'judge.leave');
  await expect(bar(page)).toBeHidden();
  await clickMenu(running, 'judge.gauge');
  await expect(gauge(page)).toBeHidden();
});

/** Moves the pointer over the canvas until it is over a frustum. */
async function findPointer(page: Page, box: { x: number; y: number; width: number; height: number }): Promise<boolean> {
  for (let row = 0.1; row < 0.9; row += 0.04) {
    for (let column = 0.05; column < 0.95; column += 0.02) {
      await page.mouse.move(box.x + box.width * column, box.y + box.height * row);
      if (await page.locator('#viewport').evaluate((canvas) => canvas.style.cursor === 'pointer')) return true;
    }
  }
  return false;
}

/** Presses Escape as soon as a job says that it is at this stage: from outside a short job can't be caught. */
async function escapeAt(page: Page, wanted: string): Promise<void> {
  await page.evaluate((text) => {
    const stage = document.querySelector('#job .stage');
    if (stage === null) throw new Error('The page has no stage of a job.');
    const watcher = new MutationObserver(() => {
      if (!stage.textContent.includes(text)) return;
      watcher.disconnect();
      document
        .getElementById('viewport')
        ?.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true }),
        );
    });
    watcher.observe(stage, { childList: true, characterData: true, subtree: true });
  }, wanted);
}

test('cameras are closed by their command, and with the scene that they belong to', async () => {
  const { cameras } = await writeCapture(folder, readScan(SCAN));
  const page = await openCapture(cameras);
  await expect(message(page)).toContainText('Read 15 cameras');
  await filmstrip(page).getByRole('option').nth(1).click();
  await expect(bar(page)).toBeVisible();
  await clickMenu(running, 'judge.closeCameras');
  await expect(bar(page)).toBeHidden();
  await expect(filmstrip(page)).toBeHidden();
  await expect(page.locator('#dock')).toContainText('Open the cameras of the capture');
  await expect(gauge(page)).toContainText('Likely');
  await expect.poll(() => isOnOffer('judge.closeCameras')).toBe(false);

  await clickMenu(running, 'judge.openCameras');
  await expect(filmstrip(page).getByRole('option')).toHaveCount(15);
  const other = join(folder, 'chair.ply');
  await writeFile(other, cropPly(await readFile(join(ROOT, 'test/data/scenes/sample.ply')), 500));
  await answerOpenDialog(running, other);
  await clickMenu(running, 'file.open');
  await expect(message(page)).toContainText('Opened chair.ply');
  await expect(filmstrip(page)).toBeHidden();
  await expect(gauge(page)).toContainText('Likely');
});

/** Whether a menu item can be clicked. */
function isOnOffer(id: string): Promise<boolean | undefined> {
  return running.app.evaluate(({ Menu }, itemId) => Menu.getApplicationMenu()?.getMenuItemById(itemId)?.enabled, id);
}

/** The names of photo and scene are seen beside what is said of the measurement. */
async function namesStandAboveBanner(page: Page): Promise<void> {
  const banner = page.locator('#banner');
  await banner.hover();
  await filmstrip(page)
    .getByRole('option')
    .nth(1)
    .evaluate((option) => (option as HTMLElement).click());
  await expect(page.locator('.photo-frame')).toBeVisible();
  await shot(page, 'judge-measured-photo');
  const top = (await banner.boundingBox())?.y;
  for (const tag of await page.locator('.photo-tag').all()) {
    const box = await tag.boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThan(top ?? -Infinity);
  }
}

test('before and after are measured against the photos as the CPU twin does, and the table is saved', async () => {
  const views = readScan(SCAN).filter((_, i) => i % 3 === 0);
  const { cameras, images } = await writeCapture(folder, views);
  const page = await openCapture(cameras);
  await expect(message(page)).toContainText('Read 5 cameras');
  await clickMenu(running, 'refine.run');
  await expect(message(page)).toContainText('Refined', { timeout: 200_000 });
  // The photos told what is up.
  await expect(message(page)).not.toContainText('for up');
  await page.getByRole('button', { name: 'Measure', exact: true }).click();
  await expect(message(page)).toContainText('Measured against 5 photos');
  const rows = page.locator('.measurements tbody tr');
  await expect(rows).toHaveCount(6);
  await expect(page.locator('.measurements thead')).toHaveText('PhotoElev.BeforeAfterGain');
  // The gain is in sight at once.
  await expect(page.locator('.measured-gain')).toBeInViewport({ ratio: 1 });
  await expect(page.locator('.measured-gain')).toContainText('of 5 photos');
  await expect(page.locator('.elevation-chart')).toBeInViewport();
  await shot(page, 'judge-measured');
  await namesStandAboveBanner(page);

  const source = await openFileSource(SCENE);
  const scene = await readScene(source);
  await source.close();
  const capture = readInriaCameras('cameras.json', JSON.parse(await readFile(cameras, 'utf8')));
  const expected = await Promise.all(
    capture.cameras.map(async ({ image, parameters }) => {
      const { width, height, data } = PNG.sync.read(await readFile(join(images, `${image}.png`)));
      return psnr(
        { width, height, data },
        {
          width,
          height,
          data: Uint8ClampedArray.from(renderReference(scene, parameters, [0, 0, 0]), (value) => value * 255),
        },
      );
    }),
  );
  const target = join(folder, 'table.csv');
  await answerSaveDialog(running, target);
  await clickMenu(running, 'judge.save');
  await expect(message(page)).toContainText('Saved table.csv.');
  const [header, ...lines] = (await readFile(target, 'utf8'))
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(header).toEqual([
    'image',
    'elevation_degrees',
    'psnr_before',
    'ssim_before',
    'psnr_after',
    'ssim_after',
    'psnr_gain',
    'ssim_gain',
  ]);
  expect(lines.map(([image]) => image)).toEqual(views.map(({ name }) => name));
  lines.forEach((line, i) => {
    expect(Math.abs(Number(line[2]) - expected[i])).toBeLessThan(0.05);
    expect(Number(line[4]) - Number(line[2])).toBeCloseTo(Number(line[6]), 3);
  });
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  // The table on screen has the same mean.
  await expect(rows.first()).toContainText((finiteMean(lines.map((line) => Number(line[2]))) as number).toFixed(2));

  // A row flies into its view; the other figure and the light theme.
  await rows.nth(1).getByRole('button').click();
  await expect(bar(page)).toContainText(views[0].name);
  await page.getByRole('button', { name: 'SSIM' }).click();
  await clickMenu(running, 'view.themeLight');
  await expect(page.locator('html')).toHaveClass(/wa-light/);
  await page.locator('.elevation-chart').scrollIntoViewIfNeeded();
  await shot(page, 'judge-light');
  await clickMenu(running, 'view.themeDark');

  // A changed scene makes the figures old; measuring may be cancelled.
  await clickMenu(running, 'edit.undo');
  await expect(page.getByText('The scene has changed since it was measured.')).toBeVisible();
  await escapeAt(page, 'view_00.png (1 of 5)');
  await clickMenu(running, 'judge.measure');
  await expect(message(page)).toContainText('Measuring was cancelled.');
  await expect(rows).toHaveCount(6);
});

test('photos are chosen from a folder; bad files are named and cost nothing', async () => {
  const [view, other] = readScan(SCAN);
  const { cameras, images } = await writeCapture(join(folder, 'capture'), [view, other]);
  await mkdir(join(folder, 'elsewhere'));
  const lonely = join(folder, 'elsewhere/cameras.json');
  await writeFile(lonely, await readFile(cameras));
  const page = await openCapture(lonely);
  await expect(page.locator('#dock')).toContainText('2 cameras from cameras.json (INRIA); no photos yet.');
  await expect(page.getByRole('button', { name: 'Measure', exact: true })).toBeDisabled();
  await shot(page, 'judge-no-photos');

  await answerOpenDialog(running, SCAN);
  await clickMenu(running, 'judge.openPhotos');
  await expect(message(page)).toContainText(
    "None of the 0 pictures in the folder belongs to a camera: the first camera's photo is called view_00.",
  );
  await writeFile(join(images, 'view_01.png'), 'damaged');
  await answerOpenDialog(running, join(folder, 'capture'));
  await clickMenu(running, 'judge.openPhotos');
  await expect(message(page)).toContainText('Found 2 of 2 photos.');
  await expect(filmstrip(page)).toContainText('Damaged');
  await clickMenu(running, 'judge.measure');
  await expect(message(page)).toContainText('Measured against 1 photo');
  await expect(message(page)).toContainText('1 could not be measured.');
  await expect(page.locator('#dock')).toContainText('view_01.png is no picture that can be decoded');

  const broken = join(folder, 'broken.json');
  await writeFile(broken, (await readFile(cameras, 'utf8')).slice(0, 90));
  await answerOpenDialog(running, broken);
  await clickMenu(running, 'judge.openCameras');
  await expect(message(page)).toContainText('broken.json is damaged: it is not JSON, or it is cut short.');
  await expect(filmstrip(page).getByRole('option')).toHaveCount(2);
});

test('what hides the subject from where no camera stood is found, shown, taken out and brought back', async () => {
  const scene = join(folder, 'veiled.ply');
  await writeFile(scene, await encodedBytes(veiledBall(), 'inria-ply'));
  const { cameras } = await writeCapture(folder, ringOfViews());
  running = await launch(scene);
  const { page } = running;
  await expect(page.locator('#status .splats')).toContainText('4,100 splats');
  await clickMenu(running, 'panel.edit');
  await page.getByRole('tab', { name: 'Clean up' }).click();
  await page.getByRole('button', { name: 'In the way' }).click();
  const preview = page.getByRole('button', { name: 'Preview' });
  await expect(preview).toBeDisabled();
  await expect(page.locator('#dock')).toContainText('Open the capture’s cameras first');
  await answerOpenDialog(running, cameras);
  await clickMenu(running, 'judge.openCameras');
  await expect(message(page)).toContainText('Read 12 cameras');
  await clickMenu(running, 'panel.edit');
  await preview.click();
  await expect(page.locator('.outcome')).toContainText('of 4,100 splats would go.', { timeout: 60_000 });
  await page.waitForTimeout(500);
  await shot(page, 'clean-up-veil');
  const found = Number(/^(\d+) of/.exec((await page.locator('.outcome').textContent()) ?? '')?.[1]);
  expect(found).toBeGreaterThan(60);
  expect(found).toBeLessThan(140);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(message(page)).toContainText(`${found} splats deleted`);
  await page.locator('#viewport').focus();
  await page.keyboard.press('Control+z');
  await expect(page.locator('#status .splats')).toContainText('4,100 splats');
});

/** A ball on a ground, and 100 splats above it. */
function veiledBall(): SplatScene {
  return madeScene([
    { count: 2000, place: onSphere([0, 0, 0], 0.5), size: 0.02 },
    { count: 2000, place: (u, v) => [4 * u - 2, 4 * v - 2, -0.55], size: 0.1 },
    { count: 100, place: (u, v, w) => [0.3 * u - 0.15, 0.3 * v - 0.15, 1.55 + 0.3 * w], size: 0.1, opacityLogit: -1 },
  ]);
}

/** Photos from around the ball, a little above it. */
function ringOfViews(): ScanView[] {
  return Array.from({ length: 12 }, (_, i) => {
    const azimuth = (2 * Math.PI * i) / 12;
    const camera = viewFrom({ centre: [0, 0, 0], radius: 1 }, [Math.cos(azimuth), Math.sin(azimuth), 0.1], 64);
    const m = [...camera.worldToView];
    return {
      name: `view_${i}`,
      elevationDegrees: 6,
      rotation: [0, 1, 2].flatMap((row) => m.slice(4 * row, 4 * row + 3)),
      translation: [m[3], m[7], m[11]],
      focal: camera.fx,
      size: 64,
      rgb: new Uint8Array(64 * 64 * 3),
    };
  });
}
