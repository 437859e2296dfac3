import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { parseShowFile } from '../../renderer/show/show-file.ts';
import { psnr } from '../gpu/psnr.ts';
import { ROOT, SCREENSHOTS, answerOpenDialog, answerSaveDialog, clickMenu, launch, launchWith } from './app.ts';
import type { RunningApp } from './app.ts';
import { decodeFrame, readVideo } from './read-video.ts';

const SAMPLE = join(ROOT, 'test/data/scenes/sample.ply');

function messageOf(page: Page) {
  return page.locator('#status .message');
}

function elevationOf(page: Page) {
  return page.locator('#status .elevation');
}

/** Types a number into a field of a dialog or table, as a person does: the change counts when the field is left. */
async function type(page: Page, within: string, label: string, value: string): Promise<void> {
  const field = page.locator(within).getByRole('textbox', { name: label, exact: true });
  await field.fill(value);
  await field.press('Tab');
}

async function saveInto(running: RunningApp, command: string, path: string, name: string): Promise<string> {
  await answerSaveDialog(running, path);
  await clickMenu(running, command);
  await expect(messageOf(running.page)).toContainText(`Saved ${name}`);
  return readFile(path, 'utf8');
}

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'splatformer-show-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** (pixels, 4) bytes as 0..1, and without their alpha. */
function rgba(bytes: Uint8Array): Float32Array {
  return Float32Array.from(bytes, (value) => value / 255);
}

function rgb(bytes: Uint8Array): Float32Array {
  return rgba(bytes.filter((_, index) => index % 4 !== 3));
}

test('bookmarks and a camera path survive a restart and come back from their files', () =>
  withFolder(async (folder) => {
    const userData = join(folder, 'user-data');
    const files = {
      bookmarks: join(folder, 'bookmarks.json'),
      path: join(folder, 'path.json'),
      again: join(folder, 'again.json'),
      bad: join(folder, 'bad.json'),
    };
    const first = await launchWith({ userData });
    let savedPath = '';
    try {
      const { page } = first;
      await expect(messageOf(page)).toContainText('Opened sample.ply');
      await clickMenu(first, 'panel.show');
      await page.screenshot({ path: join(SCREENSHOTS, 'show-empty.png') });
      await page.keyboard.press('3');
      await expect(elevationOf(page)).toHaveText('Elevation 70°');
      await page.keyboard.press('m');
      await page.keyboard.press('1');
      await expect(elevationOf(page)).toHaveText('Elevation 0°');
      await page.keyboard.press('m');
      await page.keyboard.press('m');
      await expect(page.locator('.show-list li')).toHaveCount(3);
      await page.getByRole('button', { name: 'Rename View 1' }).click();
      const field = page.getByRole('textbox', { name: 'Name of View 1' });
      await field.fill('From above');
      await field.press('Enter');
      await page.getByRole('button', { name: 'Remove View 3' }).click();
      await expect(page.locator('.show-name span')).toHaveText(['From above', 'View 2']);
      await page.locator('#viewport').focus();
      await page.keyboard.press('Shift+Digit1');
      await expect(elevationOf(page)).toHaveText('Elevation 70°');
      const kept = parseShowFile(
        await saveInto(first, 'show.saveBookmarks', files.bookmarks, 'bookmarks.json'),
        'bookmarks.json',
      );
      expect(
        kept.kind === 'bookmarks'
          ? kept.bookmarks.map(({ name, rollDegrees }) => [name, Math.round(rollDegrees)])
          : kept.kind,
      ).toEqual([
        ['From above', 0],
        ['View 2', 0],
      ]);

      await page.keyboard.press('n');
      await page.keyboard.press('1');
      await page.keyboard.press('n');
      await page.keyboard.press('2');
      await page.keyboard.press('n');
      await expect(page.locator('.show-keys tbody tr')).toHaveCount(3);
      await expect(page.locator('.show-timeline')).toBeVisible();
      await type(page, '.show-keys', 'Roll in degrees of key 2', '30');
      await type(page, '.show-keys', 'Time in seconds of key 3', '3');
      await type(page, '.show-keys', 'Field of view in degrees of key 3', '35');
      await page.locator('#viewport').focus();
      await page.keyboard.press('f');
      await page.screenshot({ path: join(SCREENSHOTS, 'show-path.png') });
      savedPath = await saveInto(first, 'show.saveCamera', files.path, 'path.json');
      const path = parseShowFile(savedPath, 'path.json');
      expect(
        path.kind === 'path'
          ? path.path.keys.map((key) => [key.timeSeconds, Math.round(key.rollDegrees), key.fovYDegrees])
          : path.kind,
      ).toEqual([
        [0, 0, 50],
        [2, 30, 50],
        [3, 0, 35],
      ]);

      // Plays to the end: the last key is seen then, roll and field of view with it.
      await page.keyboard.press('p');
      await expect(page.getByRole('button', { name: 'Pause (P)' })).toBeVisible();
      await expect(page.getByRole('button', { name: 'Play (P)' })).toBeVisible();
      await expect(page.locator('.show-time')).toHaveText('3.0 of 3.0 s');
      await expect(elevationOf(page)).toHaveText('Elevation 45°');
      await page.getByRole('button', { name: 'Show key 2' }).click();
      await expect(elevationOf(page)).toHaveText('Elevation 0°');
      await page.screenshot({ path: join(SCREENSHOTS, 'show-rolled.png') });
      await expect.poll(() => readdir(join(userData, 'scenes')).catch(() => [])).toHaveLength(1);
      await page.waitForTimeout(1000);
    } finally {
      await first.close();
    }

    const second = await launchWith({ userData });
    try {
      const { page } = second;
      await expect(messageOf(page)).toContainText('Opened sample.ply');
      await expect(page.locator('.show-name span')).toHaveText(['From above', 'View 2']);
      await expect(page.locator('.show-keys tbody tr')).toHaveCount(3);
      await page.keyboard.press('Shift+Digit1');
      await expect(elevationOf(page)).toHaveText('Elevation 70°');

      for (let left = 3; left > 0; left--) await page.getByRole('button', { name: `Remove key ${left}` }).click();
      await answerOpenDialog(second, files.path);
      await clickMenu(second, 'show.open');
      await expect(messageOf(page)).toContainText('Loaded the camera path from path.json');
      expect(await saveInto(second, 'show.saveCamera', files.again, 'again.json')).toBe(savedPath);

      await writeFile(files.bad, savedPath.replace('"timeSeconds": 2', '"timeSeconds": 0'));
      await answerOpenDialog(second, files.bad);
      await clickMenu(second, 'show.open');
      await expect(page.locator('#status .message.error')).toContainText(
        'bad.json is not a camera path that can be used: ' +
          'keys.1.timeSeconds must be at least 0.05 s after the key before',
      );
      await expect(page.locator('.show-keys tbody tr')).toHaveCount(3);

      await page.getByRole('button', { name: 'Turntable', exact: true }).click();
      await type(page, '.show-grid', 'Seconds', '1');
      await page.screenshot({ path: join(SCREENSHOTS, 'show-turntable.png') });
      await page.locator('#viewport').focus();
      await page.keyboard.press('t');
      await expect(page.locator('.show-time')).toHaveText('1.0 of 1.0 s');
      await expect(elevationOf(page)).toHaveText('Elevation 89°');
    } finally {
      await second.close();
    }
  }));

test('a still of odd size is the picture that the command line renders', () =>
  withFolder(async (folder) => {
    const running = await launch();
    const { page } = running;
    try {
      await expect(messageOf(page)).toContainText('Opened sample.ply');
      await page.keyboard.press('2');
      await expect(elevationOf(page)).toHaveText('Elevation 45°');
      await page.keyboard.press('m');
      const kept = parseShowFile(
        await saveInto(running, 'show.saveBookmarks', join(folder, 'bookmarks.json'), 'bookmarks.json'),
        'bookmarks.json',
      );
      if (kept.kind !== 'bookmarks') throw new Error('These are no bookmarks.');
      await writeFile(join(folder, 'camera.json'), JSON.stringify(kept.bookmarks[0]));

      const still = async (name: string, width: string, height: string): Promise<void> => {
        await answerSaveDialog(running, join(folder, name));
        await clickMenu(running, 'show.picture');
        await type(page, '.show-save-picture', 'Width', width);
        await type(page, '.show-save-picture', 'Height', height);
      };
      const save = page.locator('.show-save-picture').getByRole('button', { name: 'Save…' });
      await still('still.png', '201', '153');
      await page.locator('.show-save-picture').getByLabel('Background colour').fill('#336699');
      await page.screenshot({ path: join(SCREENSHOTS, 'show-save-picture.png') });
      await save.click();
      await expect(messageOf(page)).toContainText('Saved still.png, 201 × 153 pixels');

      const rendered = join(folder, 'rendered.png');
      const args = [
        'render',
        SAMPLE,
        '--camera',
        join(folder, 'camera.json'),
        '--size',
        '201x153',
        '--background',
        '0.2,0.4,0.6',
        '--out',
        rendered,
      ];
      const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'dist/cli/cli.js'), ...args], {
        encoding: 'utf8',
        timeout: 120_000,
      });
      expect(`${status} ${stderr}`).toBe('0 ');
      const [ours, theirs] = await Promise.all(
        [join(folder, 'still.png'), rendered].map(async (file) => PNG.sync.read(await readFile(file))),
      );
      if (ours === undefined || theirs === undefined) throw new Error('A picture is missing.');
      expect([ours.width, ours.height]).toEqual([201, 153]);
      expect(psnr(rgba(ours.data), rgb(theirs.data))).toBeGreaterThan(45);

      // The transparent one gives the same picture once it is laid over the same background.
      await still('clear.png', '201', '153');
      await page.locator('.show-save-picture').getByText('Transparent background').click();
      await save.click();
      await expect(messageOf(page)).toContainText('Saved clear.png');
      const clear = PNG.sync.read(await readFile(join(folder, 'clear.png')));
      expect(clear.data[3]).toBe(0);
      const laid = rgba(clear.data).map((value, index, all) => {
        const alpha = all[index - (index % 4) + 3];
        return index % 4 === 3 ? 1 : value * alpha + [0.2, 0.4, 0.6][index % 4] * (1 - alpha);
      });
      expect(psnr(laid, rgb(theirs.data))).toBeGreaterThan(40);

      // Wider than any texture of the device: drawn in parts.
      await still('wide.png', '12001', '40');
      await save.click();
      await expect(messageOf(page)).toContainText('Saved wide.png, 12001 × 40 pixels');
      const wide = PNG.sync.read(await readFile(join(folder, 'wide.png')));
      expect([wide.width, wide.height]).toEqual([12001, 40]);

      await still('huge.png', '32000', '32000');
      await save.click();
      await expect(page.locator('#status .message.error')).toContainText(
        'A picture of 32000 x 32000 pixels cannot be made',
      );
      expect((await readdir(folder)).sort()).toEqual([
        'bookmarks.json',
        'camera.json',
        'clear.png',
        'rendered.png',
        'still.png',
        'wide.png',
      ]);
    } finally {
      await running.close();
    }
  }));

test('videos of after and of a split are whole, and a cancelled one leaves nothing', () =>
  withFolder(async (folder) => {
    const videos = join(folder, 'videos');
    await mkdir(videos);
    const running = await launch();
    const { page } = running;
    const dialog = page.locator('.show-save-video');
    try {
      await expect(messageOf(page)).toContainText('Opened sample.ply');
      await page.keyboard.press('r');
      await expect(messageOf(page)).toContainText('Refined 4,007 splats');
      await clickMenu(running, 'panel.show');
      await page.locator('.show-panel').getByRole('button', { name: 'Turntable', exact: true }).click();
      await type(page, '.show-grid', 'Seconds', '1');

      const film = async (name: string, width: string, height: string, framesPerSecond: string): Promise<void> => {
        await answerSaveDialog(running, join(videos, name));
        await clickMenu(running, 'show.video');
        await type(page, '.show-save-video', 'Width', width);
        await type(page, '.show-save-video', 'Height', height);
        await type(page, '.show-save-video', 'Frames per second', framesPerSecond);
      };
      await film('turn.mp4', '161', '120', '12');
      await expect(dialog.locator('.error-text')).toContainText('both must be even');
      await type(page, '.show-save-video', 'Width', '160');
      await dialog.getByRole('button', { name: 'After' }).click();
      await expect(dialog.locator('.show-facts')).toContainText('Turntable, 1.0 s, 12 frames,');
      const facts = await dialog.locator('.show-facts').textContent();
      await page.screenshot({ path: join(SCREENSHOTS, 'show-save-video.png') });
      await dialog.getByRole('button', { name: 'Save…' }).click();
      await expect(messageOf(page)).toContainText('Saved turn.mp4: 12 frames, 1.0 s');
      const video = await readVideo(join(videos, 'turn.mp4'));
      expect([video.width, video.height, video.packets.length]).toEqual([160, 120, 12]);
      expect(video.durationSeconds).toBeCloseTo(1, 3);
      expect(facts).toContain(
        video.codec.startsWith('avc') ? 'H.264 in MP4' : video.codec.startsWith('vp09') ? 'VP9 in MP4' : 'AV1 in MP4',
      );

      // The last frame looks from 89 degrees, as the still of that moment does.
      await page.locator('.show-timeline').getByRole('slider').fill('1000');
      await expect(elevationOf(page)).toHaveText('Elevation 89°');
      await answerSaveDialog(running, join(folder, 'last.png'));
      await clickMenu(running, 'show.picture');
      await type(page, '.show-save-picture', 'Width', '160');
      await type(page, '.show-save-picture', 'Height', '120');
      await page.locator('.show-save-picture').getByRole('button', { name: 'Save…' }).click();
      await expect(messageOf(page)).toContainText('Saved last.png');
      const decoded = await decodeFrame(page, video, 11);
      const last = PNG.sync.read(await readFile(join(folder, 'last.png')));
      await writeFile(
        join(SCREENSHOTS, 'show-last-frame.png'),
        PNG.sync.write(Object.assign(new PNG({ width: 160, height: 120 }), { data: Buffer.from(decoded) })),
      );
      await writeFile(join(SCREENSHOTS, 'show-last-still.png'), await readFile(join(folder, 'last.png')));
      expect(psnr(rgba(decoded), rgb(last.data))).toBeGreaterThan(28);

      await film('split.webm', '320', '240', '4');
      await dialog.getByRole('button', { name: 'Split' }).click();
      await dialog.getByRole('button', { name: 'WebM' }).click();
      await expect(dialog.locator('.show-facts')).toContainText('in WebM');
      await dialog.getByRole('button', { name: 'Save…' }).click();
      await expect(messageOf(page)).toContainText('Saved split.webm');
      const split = await readVideo(join(videos, 'split.webm'));
      expect([split.width, split.height, split.packets.length]).toEqual([320, 240, 4]);
      const middle = await decodeFrame(page, split, 1);
      await writeFile(
        join(SCREENSHOTS, 'show-split-frame.png'),
        PNG.sync.write(Object.assign(new PNG({ width: 320, height: 240 }), { data: Buffer.from(middle) })),
      );
      // The line between before and after is white, all the way down the middle.
      for (const row of [5, 120, 234])
        expect(Math.max(...[158, 159, 160, 161].map((column) => middle[(row * 320 + column) * 4]))).toBeGreaterThan(
          130,
        );

      // Long enough that it is still under way when Cancel is pressed.
      await type(page, '.show-grid', 'Seconds', '60');
      await film('long', '640', '480', '60');
      await dialog.getByRole('button', { name: 'MP4' }).click();
      await dialog.getByRole('button', { name: 'Save…' }).click();
      await expect(page.locator('#job')).toContainText('left');
      await page.screenshot({ path: join(SCREENSHOTS, 'show-filming.png') });
      expect((await readdir(videos)).some((name) => name.startsWith('.splatformer-'))).toBe(true);
      await page.locator('#job').getByRole('button', { name: 'Cancel' }).click();
      await expect(messageOf(page)).toContainText('Filming was cancelled');
      expect((await readdir(videos)).sort()).toEqual(['split.webm', 'turn.mp4']);
    } finally {
      await running.close();
    }
  }));
